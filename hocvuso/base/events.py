"""Events go up: a room says what happened, rooms above listen. After commit, at least once.

Listeners must be idempotent. An event is a frozen dataclass of plain values; it is written in the transaction of the
change, delivered after commit, and kept until every listener has taken it (`deliver_pending` tries again).
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F

from .models import PendingEvent

log = logging.getLogger(__name__)
_kinds: dict[str, type] = {}
_listeners: dict[str, list[Callable[[Any], None]]] = defaultdict(list)


def on[E](kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call the function with each event of `kind`."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        _kinds[_name(kind)] = kind
        _listeners[_name(kind)].append(listener)
        return listener

    return register


def emit(event: Any) -> None:
    """Write `event` with the current transaction and deliver it after commit. Nobody listening: nothing is written."""
    kind = _name(type(event))
    if not _listeners.get(kind):
        return
    row = PendingEvent.objects.create(kind=kind, data=json.loads(json.dumps(asdict(event), default=str)))
    transaction.on_commit(lambda: _deliver(row))


def deliver_pending(limit: int = 1000) -> int:
    """Deliver what was left over by a crash or a fault; returns how many were delivered."""
    return sum(_deliver(row) for row in PendingEvent.objects.order_by("id")[:limit])


def _deliver(row: PendingEvent) -> bool:
    kind = _kinds.get(row.kind)
    try:
        if kind is not None:
            event = kind(**row.data)
            for listener in _listeners[row.kind]:
                with transaction.atomic():
                    listener(event)
    except Exception as error:  # a listener's fault must not undo or block the change it hears of
        log.exception("event not delivered", extra={"kind": row.kind})
        PendingEvent.objects.filter(pk=row.pk).update(tries=F("tries") + 1, last_error=repr(error)[:500])
        return False
    PendingEvent.objects.filter(pk=row.pk).delete()
    return True


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
