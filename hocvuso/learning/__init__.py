"""Doing: enrolments, statements (append-only), progress as their projection, reviews that are due.

Owns the words *enrolment*, *statement*, *progress*, *review*. A tap, an offline batch and an outside system all end in
`services.record`.
"""
