"""Thin pages of planning: the workspace and the public."""
