"""The floor slab: ids, errors, secrets, signing, text, numbers, periods, sheets, states, journal, events, settings.

Knows no word of the domain. Every room may import any module of it.
"""
