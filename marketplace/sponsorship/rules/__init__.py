"""Pure rules on sponsors' money."""
