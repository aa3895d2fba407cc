"""Learning: enrolments, progress and completions as projections of records, reviews that are due.

Owns the words *enrolment*, *progress*, *completion*, *review*. What was done is recorded in `records`; this room
follows.
"""
