"""Shape of what is entered about people, bodies, findings, calendars and rule values; rules are elsewhere."""
