"""Verbs on persons, by subject: sign-in, identifiers, roles, guardians, privacy, second factor, upkeep."""
