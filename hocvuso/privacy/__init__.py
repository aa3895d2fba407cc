"""The law on personal data: register of processing, the notice, how long what is kept, breaches.

Owns the words *processing*, *keeping*, *breach*. Not here: what a person agreed to (people). Rooms above say in their
`keeping.py` what of theirs ends by time; this room knows none of them but by the names in the register.
"""
