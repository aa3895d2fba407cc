"""Urging: rules, by hand, messages kept, preferences."""
