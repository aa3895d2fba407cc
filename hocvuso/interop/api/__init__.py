"""The documented JSON API for machine clients, one module a subject; `common` is what they share."""

from . import (  # noqa: F401  they register their operations
    communes,
    consultations,
    documents,
    figures,
    hooks,
    inspections,
    plans,
    public,
    reminders,
    reports,
    requests,
    resources,
    schemes,
    strict,
    tasks,
    values,
)
from .common import api
from .public import OPEN

__all__ = ["OPEN", "api"]
