"""Pure rules of venture calls."""
