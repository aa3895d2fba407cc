"""Nouns of documents."""
