"""The journal of acts: append, and verify the chain."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from . import marks
from .models import JournalEntry
from .secrets import keyed_hash
from .words import name_of

GENESIS = "0" * 64
_END = "journal-end"
_LOCK = 0x686F637675  # "hocvu": the PostgreSQL advisory lock that serialises appends


def write(act: str, subject: Model | type[Model], *, by: Any = None, **data: Any) -> JournalEntry:
    """Append one act inside the current transaction. `subject` is a thing, or a model when it concerns many of them."""
    with transaction.atomic(savepoint=False):  # an act whose entry fails must not stand
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = JournalEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
        end = marks.read(_END)
        entry = JournalEntry(
            # Past what was cut off or put in outside the software, neither of which a new entry covers up.
            number=max(last, end.get("number", 0)) + 1,
            at=timezone.now(),
            actor=str(by.pk) if by is not None else "",
            act=act,
            subject=name_of(subject),
            data=json.loads(json.dumps(data, default=str)),
            previous=end.get("hash", GENESIS),
        )
        entry.hash = _hash(entry)
        entry.save(force_insert=True)
        _keep_end(entry.number, entry.hash)
    return entry


def _keep_end(number: int, hash: str, master: str | None = None) -> None:
    """Remember the last entry apart from the entries, sealed: who cuts the journal cannot make a mark that fits."""
    seal = keyed_hash(f"{number}:{hash}", purpose=_END, master=master)
    marks.write(_END, number=number, hash=hash, seal=seal)


def reseal_end(*, master: str) -> None:
    """Seal the remembered end anew for another master secret."""
    if end := marks.read(_END):
        _keep_end(end["number"], end["hash"], master)


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


def what_is_cut() -> str:
    """What is wrong with the journal's end, in words; nothing when its last entry is the one that was remembered."""
    last = JournalEntry.objects.order_by("-number").first()
    end = marks.read(_END)
    if not end:
        return "its end is not remembered any more" if last else ""
    if end["seal"] != keyed_hash(f"{end['number']}:{end['hash']}", purpose=_END):
        return "the mark of its end was changed"
    if last is None or last.number < end["number"]:
        return f"entries {last.number + 1 if last else 1} to {end['number']} were cut off"
    return "" if (last.number, last.hash) == (end["number"], end["hash"]) else f"entry {last.number} was put in"
