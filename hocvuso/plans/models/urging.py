"""Nouns of urging."""
