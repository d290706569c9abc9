"""Pure functions: values and `now` in, decisions and values out. No database, settings or clock."""
