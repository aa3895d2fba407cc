"""Inspections: checklists, visits that work offline, findings, remedies."""
