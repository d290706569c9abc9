"""Rules about bodies and their people: pure functions of values."""
