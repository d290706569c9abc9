"""What the tests stand on: databases that are built once, a real PostgreSQL, a real browser."""
