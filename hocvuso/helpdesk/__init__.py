"""Residents' requests: what people ask their commune for, who helps them, and how it went.

Owns the words *resident request*, *term*, *reply*. Not here: lessons that answer (library).
"""
