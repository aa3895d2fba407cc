"""Verbs of helpdesk."""
