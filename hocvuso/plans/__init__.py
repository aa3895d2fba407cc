"""Plans and tasks from ministry to commune, requests for change, schemes to which tasks count.

Owns the words *plan*, *task*, *product*, *change request*, *scheme*. Not here: reports, inspections, consultations,
documents, reminders, figures: each is a room of its own.
"""
