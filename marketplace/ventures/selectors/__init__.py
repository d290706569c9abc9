"""Reads that cross models."""
