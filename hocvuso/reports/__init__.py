"""Reports: reporting regimes, reports with figures and narrative, questions about a figure, reviews of plans.

Owns the words *regime*, *report*, *figure*, *review*. Not here: how a figure is counted (indicators), or who is
reminded of what is owed (reminders).
"""
