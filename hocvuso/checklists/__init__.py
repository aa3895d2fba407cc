"""Checklists: questions as XLSForm writes them, their conditions and expressions, and what a filled sheet holds.

Owns the words *checklist*, *question*, *relevance*. Pure: no table, no database. Not here: who fills in a sheet and
what follows from it (inspections).
"""
