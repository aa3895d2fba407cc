"""Reminders: who is reminded of what is owed, when, by which way; rules, inbox, digests, preferences.

Owns the words *reminder*, *reminder rule*, *digest*. Not here: what is owed. Each room above registers in its own
`reminders.py` what may be reminded of (`sources.register`).
"""
