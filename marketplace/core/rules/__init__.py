"""Rules that every room shares. Pure: values and `now` in, values out; no database, no machine's clock."""
