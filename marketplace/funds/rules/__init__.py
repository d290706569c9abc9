"""Pure rules on fund money."""
