"""News goes up: a room announces what happened, rooms above listen. After commit, at least once.

Listeners must be idempotent. News is a frozen dataclass of plain values; it is written in the transaction of the
change, delivered after commit, and kept until every listener has heard it (`deliver_pending` tries again).
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

from .models import PendingNews

log = logging.getLogger(__name__)
_kinds: dict[str, type] = {}
_listeners: dict[str, list[Callable[[Any], None]]] = defaultdict(list)


def hear[N](kind: type[N]) -> Callable[[Callable[[N], None]], Callable[[N], None]]:
    """Decorator: call the function with each news of `kind`."""

    def register(listener: Callable[[N], None]) -> Callable[[N], None]:
        _kinds[_name(kind)] = kind
        _listeners[_name(kind)].append(listener)
        return listener

    return register


def announce(news: Any) -> None:
    """Write `news` with the current transaction and deliver it after commit. Nobody listening: nothing is written."""
    kind = _name(type(news))
    if not _listeners.get(kind):
        return
    row = PendingNews.objects.create(kind=kind, data=json.loads(json.dumps(asdict(news), default=str)))
    transaction.on_commit(lambda: _deliver(row))


def deliver_pending(limit: int = 1000) -> int:
    """Deliver what was left over by a crash or a fault; returns how many were delivered."""
    return sum(_deliver(row) for row in PendingNews.objects.order_by("id")[:limit])


def _deliver(row: PendingNews) -> bool:
    kind = _kinds.get(row.kind)
    try:
        if kind is not None:
            news = kind(**row.data)
            for listener in _listeners[row.kind]:
                with transaction.atomic():
                    listener(news)
    except Exception as error:  # a listener's fault must not undo or block the change it hears of
        log.exception("news not delivered", extra={"kind": row.kind})
        PendingNews.objects.filter(pk=row.pk).update(tries=F("tries") + 1, last_error=repr(error)[:500])
        return False
    PendingNews.objects.filter(pk=row.pk).delete()
    return True


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
