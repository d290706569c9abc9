"""Shape of what people type, one file per noun."""
