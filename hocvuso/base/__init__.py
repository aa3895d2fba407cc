"""The floor slab: ids, errors, secrets, text, clock, states, journal, events, throttles.

Knows no word of the domain. Every room may import any module of it.
"""
