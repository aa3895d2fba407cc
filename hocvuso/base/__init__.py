"""The floor slab: ids, errors, secrets, signing, text, numbers, sheets, states, journal, events, throttles, settings.

Knows no word of the domain. Every room may import any module of it.
"""
