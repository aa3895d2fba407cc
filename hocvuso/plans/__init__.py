"""Steering: plans and tasks from ministry to commune, reports, urging, inspections, consultations, documents.

Owns the words *plan*, *task*, *report*, *regime*, *urging*, *inspection*, *consultation*, *scheme*.
Not here: figures (indicators).
"""
