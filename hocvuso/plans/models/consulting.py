"""Nouns of consulting."""
