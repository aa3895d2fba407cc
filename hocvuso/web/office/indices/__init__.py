"""Indices: definitions, live ranking, history, what would raise a unit most."""
