"""Who: persons, how they sign in, roles at a unit, consent, privacy requests, messages to them.

Owns the words *person*, *identifier*, *role*, *consent*, *guardian*. Not here: what people learn (learning).
"""
