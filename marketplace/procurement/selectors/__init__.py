"""Reads that cross models, one file per noun."""
