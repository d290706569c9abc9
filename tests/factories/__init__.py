"""Plain functions that bring the world into a state a test starts from, through the services where they exist."""
