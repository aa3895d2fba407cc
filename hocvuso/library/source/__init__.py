"""Lessons as plain text: the schema of source folders, and the reader that turns them into typed objects.

Owns the words *source*, *block*, *practice*, *item source*. Knows neither the database nor HTML.
"""
