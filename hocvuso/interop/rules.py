"""Events that machines may be told of."""

from __future__ import annotations

EVENTS = (
    "edition.published",
    "credential.issued",
    "plan.moved",
    "report.moved",
    "request.moved",
    "pledge.moved",
    "need.moved",
    "allocation.moved",
    "values.imported",
)
