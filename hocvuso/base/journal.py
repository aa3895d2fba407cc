"""The journal of acts: append, and verify the chain."""

from __future__ import annotations

import json
import logging
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from . import marks, master
from .models import JournalEntry
from .secrets import keyed_hash
from .words import name_of

log = logging.getLogger(__name__)

GENESIS = "0" * 64
BREAK = "f" * 64  # what an entry follows that was written when the remembered end was not what was sealed
_END = "journal-end"
_MOST = 2**62  # acts: beyond it a mark was damaged, which stops no act
_LOCK = 0x686F637675  # "hocvu": the PostgreSQL advisory lock that serialises appends


def write(act: str, subject: Model | type[Model], *, by: Any = None, **data: Any) -> JournalEntry:
    """Append one act inside the current transaction. `subject` is a thing, or a model when it concerns many of them."""
    with transaction.atomic(savepoint=False):  # an act whose entry fails must not stand
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SELECT MAX(number) FROM base_journalentry")
            last = cursor.fetchone()[0] or 0
        end = marks.read(_END)
        kept = end.get("number")
        previous = _previous(end, is_first=not last)
        entry = JournalEntry(
            # Past what was cut off or put in outside the software, neither of which a new entry covers up.
            number=max(last, kept if isinstance(kept, int) and kept < _MOST else 0) + 1,
            at=timezone.now(),
            actor=str(by.pk) if by is not None else "",
            act=act,
            subject=name_of(subject),
            data=json.loads(json.dumps(data, default=str)),
            previous=previous,
        )
        entry.hash = _hash(entry)
        entry.save(force_insert=True)
        _keep_end(entry.number, entry.hash)
    return entry


def _previous(end: dict[str, Any], *, is_first: bool) -> str:
    """What the next entry follows. An end that was changed outside is not followed: the break stays for good."""
    if end and _holds(end):
        return str(end["hash"])
    if not end and is_first and not master.kept_check():
        return GENESIS  # nothing was set up yet
    log.error("the journal's end is not what was sealed: it was changed outside the software")
    return BREAK


def _seal(number: int, hash: str, master: str | None = None) -> str:
    return keyed_hash(f"{number}:{hash}", purpose=_END, master=master)


def _holds(end: dict[str, Any]) -> bool:
    return compare_digest(str(end.get("seal", "")).encode(), _seal(end.get("number", 0), end.get("hash", "")).encode())


def _keep_end(number: int, hash: str, master: str | None = None) -> None:
    """Remember the last entry apart from the entries, sealed: who cuts the journal cannot make a mark that fits."""
    marks.write(_END, number=number, hash=hash, seal=_seal(number, hash, master))


def reseal_end(*, master: str) -> None:
    """Seal the remembered end anew for another master secret; one that was changed outside is not made good so."""
    if (end := marks.read(_END)) and _holds(end):
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
        return "its end is not remembered any more" if last or master.kept_check() else ""
    if not _holds(end):
        return "the mark of its end was changed"
    if last is None or last.number < end["number"]:
        return f"entries {last.number + 1 if last else 1} to {end['number']} were cut off"
    return "" if (last.number, last.hash) == (end["number"], end["hash"]) else f"entry {last.number} was put in"
