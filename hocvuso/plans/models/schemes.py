"""Nouns of schemes."""
