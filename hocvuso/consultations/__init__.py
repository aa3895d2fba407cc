"""Consultations: a draft by clauses, units invited, their comments, the answer to each, the summary.

Owns the words *consultation*, *clause*, *invitation*, *comment*. Not here: the document that the summary becomes
(documents).
"""
