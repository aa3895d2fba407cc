"""Verbs of the movement."""
