"""Thin pages, one file per noun."""
