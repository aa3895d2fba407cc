"""Verbs: progress that follows records, the week's goal, reminders that call people back."""

from .following import LATELY, correct, count_learners, count_nearby, erase, follow, rebuild

__all__ = ["LATELY", "correct", "count_learners", "count_nearby", "erase", "follow", "rebuild"]
