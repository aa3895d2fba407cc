"""Verbs of reminders."""
