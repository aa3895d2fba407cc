"""Figures: what × where × when. Rooms above register their measures here; this room knows none of them.

Owns the word *measure*. Targets, values and indices come with the steering pages.
"""
