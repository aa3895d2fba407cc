"""Nouns of reporting."""
