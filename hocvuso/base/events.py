"""Events go up: a room says what happened, rooms above listen. After commit, at least once.

An event is a frozen dataclass of plain values with a stable word of its kind (`kind = "plan.moved"`). It is written in
the transaction of the change, delivered after commit, and kept until every listener has taken it: what fails is tried
again by `deliver_pending`, with pauses that grow, each event and each listener by itself. An event of a kind that
nobody knows is kept as well: a room that comes back still hears it. Listeners must be idempotent; each also has a
stable word, so that one that has taken an event does not run again because another one failed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import batches
from .models import PendingEvent
from .pauses import pause_after
from .words import name_of

type Listener = Callable[[Any], None]

log = logging.getLogger(__name__)
_kinds: dict[str, type] = {}
_listeners: dict[str, dict[str, Listener]] = {}
AT_ONCE = timedelta(minutes=5)  # how long the process that wrote an event has it to itself


def on[E](kind: type[E], listener: str) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call the function with each event of `kind`. `listener` is its stable word among those of the kind."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        word = kind_of(kind)
        known = _listeners.setdefault(word, {})
        if _kinds.setdefault(word, kind) is not kind or listener in known:
            raise ValueError(f"the word {word} or {listener} is taken")
        known[listener] = function
        return function

    return register


def kind_of(event: Any) -> str:
    """The stable word of an event or of its class."""
    return str(event.kind)


def emit(event: Any) -> None:
    """Write `event` with the current transaction and deliver it after commit. Nobody listening: nothing is written."""
    kind = kind_of(event)
    if kind not in _listeners:
        return
    data = json.loads(json.dumps(asdict(event), default=str))
    row = PendingEvent.objects.create(kind=kind, data=data, next_at=timezone.now() + AT_ONCE)
    transaction.on_commit(lambda: _deliver(row))


def deliver_pending(*, now: datetime | None = None, waiting: bool = False, limit: int = 1000) -> int:
    """Deliver what was left over by a crash or a fault and is due; returns how many were taken by all who listen.

    `waiting`: also what is to be tried only later. Run it from one process at a time or from many: rows are locked.
    """
    rows = PendingEvent.objects.filter(kind__in=list(_listeners)).order_by("next_at")
    if not waiting:
        rows = rows.filter(next_at__lte=now or timezone.now())
    keys = list(rows.values_list("pk", flat=True)[:limit])
    return sum(_deliver(row) for row in batches.readable(PendingEvent.objects.filter(pk__in=keys), batch=DELIVERY))


def _again(name: str) -> None:
    """Deliver one event now. Raises RuntimeError when some listener still does not take it."""
    row = PendingEvent.objects.filter(pk=name.partition(":")[2]).first()
    if row is not None and not _deliver(row):
        raise RuntimeError(PendingEvent.objects.get(pk=row.pk).last_error)


DELIVERY = batches.Batch("events", _("việc vừa xảy ra, báo cho các phần khác"), _again)


def undelivered() -> QuerySet[PendingEvent]:
    """Events that some listener could not take, or whose kind nobody knows, oldest first."""
    return PendingEvent.objects.filter(Q(tries__gt=0) | ~Q(kind__in=list(_listeners))).order_by("at")


def _deliver(row: PendingEvent) -> bool:
    faults = [fault for word in list(_listeners[row.kind]) if (fault := _offer(row, word))]
    if faults:
        _note(row, faults)
        return False
    PendingEvent.objects.filter(pk=row.pk).delete()
    if row.tries:
        batches.taken(DELIVERY, name_of(row))
    return True


def _offer(row: PendingEvent, word: str) -> str:
    """Let a listener take an event unless it has; what it does and that it did are one transaction. Says the fault."""
    try:
        with transaction.atomic():
            here = PendingEvent.objects.select_for_update().filter(pk=row.pk).first()
            if here is not None and word not in here.taken:
                _listeners[row.kind][word](_kinds[row.kind](**here.data))
                here.taken = [*here.taken, word]
                here.save(update_fields=["taken"])
    except Exception as error:  # a listener's fault must not undo or block the change it hears of, nor other listeners
        log.exception("event not delivered", extra={"kind": row.kind, "listener": word})
        return f"{word}: {error!r}"[:300]
    return ""


def _note(row: PendingEvent, faults: Iterable[str]) -> None:
    tries = row.tries + 1
    next_at = timezone.now() + pause_after(tries)
    said = "\n".join(faults)
    PendingEvent.objects.filter(pk=row.pk).update(tries=tries, next_at=next_at, last_error=said)
    batches.not_taken(DELIVERY, name_of(row), said, shown=row.kind)
