"""Verbs of steering, by subject."""
