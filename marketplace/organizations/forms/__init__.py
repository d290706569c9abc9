"""Shape of what is entered about organizations."""
