"""The movement around the lessons: what residents ask their commune, and what institutions give.

Owns the words *resident request*, *term*, *pledge*, *need*, *allocation*. Not here: lessons that answer
(library), figures (indicators).
"""
