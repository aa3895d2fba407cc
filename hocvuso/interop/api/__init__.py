"""The documented JSON API for machine clients, one module a subject; `asking` is what they share."""

from . import (  # noqa: F401  they register their operations
    consultations,
    documents,
    figures,
    hooks,
    inspections,
    movement,
    plans,
    reports,
    schemes,
    tasks,
    urging,
    values,
)
from .asking import api

__all__ = ["api"]
