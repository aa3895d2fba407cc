"""The floor slab: ids, errors, secrets, text, clock, states, journal, news, throttles.

Knows no word of the domain. Every room may import any module of it.
"""
