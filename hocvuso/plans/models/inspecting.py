"""Nouns of inspecting."""
