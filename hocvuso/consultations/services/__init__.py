"""Verbs of consultations."""
