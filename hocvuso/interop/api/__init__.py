"""The documented JSON API for machine clients, one module a subject; `common` is what they share."""

from . import (  # noqa: F401  they register their operations
    consultations,
    documents,
    figures,
    hooks,
    inspections,
    movement,
    plans,
    reminders,
    reports,
    schemes,
    tasks,
    values,
)
from .common import api

__all__ = ["api"]
