"""The journal of acts: append, and verify the chain."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from .models import JournalEntry
from .words import name_of

GENESIS = "0" * 64
_LOCK = 0x686F637675  # "hocvu": the PostgreSQL advisory lock that serialises appends


def write(act: str, subject: Model | type[Model], *, by: Any = None, **data: Any) -> JournalEntry:
    """Append one act inside the current transaction. `subject` is a thing, or a model when it concerns many of them."""
    with transaction.atomic(savepoint=False):  # an act whose entry fails must not stand
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = JournalEntry.objects.order_by("-number").first()
        entry = JournalEntry(
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            actor=str(by.pk) if by is not None else "",
            act=act,
            subject=name_of(subject),
            data=json.loads(json.dumps(data, default=str)),
            previous=last.hash if last else GENESIS,
        )
        entry.hash = _hash(entry)
        entry.save(force_insert=True)
    return entry


def _hash(entry: JournalEntry) -> str:
    content = [entry.number, entry.at.isoformat(), entry.actor, entry.act, entry.subject, entry.data]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256((entry.previous + text).encode()).hexdigest()


def first_broken() -> int | None:
    """The number of the first entry whose hash, link or place in the row is wrong; None if all hold."""
    previous = GENESIS
    for number, entry in enumerate(JournalEntry.objects.order_by("number").iterator(2000), 1):
        if entry.number != number or entry.previous != previous or entry.hash != _hash(entry):
            return entry.number
        previous = entry.hash
    return None
