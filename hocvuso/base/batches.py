"""Work over many rows in which one row's fault holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Model

log = logging.getLogger(__name__)


def each[M: Model](rows: Iterable[M], do: Callable[[M], int], *, what: str) -> int:
    """Do something for each row, all or nothing a row. Returns the sum of what was done.

    What could not be done is told in the log with the row's key, and is tried again the next time.
    """
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += do(row)
        except Exception:  # whatever is wrong with one row must not keep the others from their turn
            log.exception("a row was left out", extra={"task": what, "row": str(row.pk)})
    return done
