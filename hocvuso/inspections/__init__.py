"""Inspections: scope and team, visits with filled checklists, findings, remedies.

Owns the words *inspection*, *visit*, *finding*, *remedy*. A remedy is carried out as a task (plans). Not here: how a
checklist is read and asked (checklists).
"""
