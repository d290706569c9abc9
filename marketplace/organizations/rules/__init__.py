"""Pure rules on organizations."""
