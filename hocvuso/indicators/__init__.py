"""Figures: what × where × when. Rooms above register their measures here; this room knows none of them.

Owns the words *measure*, *cell*, *indicator*, *value*, *target*, *population*, *flag*. A figure is asked for
with `queries.figures`, opened with `queries.breakdown` and `queries.records`; `services.roll_up` counts.
"""
