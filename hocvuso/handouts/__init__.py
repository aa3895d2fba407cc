"""Lessons and programmes to take home: books, packages for other systems, papers, slides. No database, no pages.

Each format is a pure function from a published bundle to bytes; `taking` keeps what was made.
"""
