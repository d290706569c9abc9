"""Reads for the public pages: across rooms, only what is public."""
