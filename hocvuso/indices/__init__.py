"""Indices: units ranked by several indicators together, each year by its own definition.

Owns the words *index*, *criterion*, *band*, *score*. A definition is data; what a score is made of is kept with it.
"""
