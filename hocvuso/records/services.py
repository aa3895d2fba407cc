"""Verbs: append statements, void one, erase a person's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import batches, journal, tally
from hocvuso.base.errors import NeedsReason, NotAllowed, Refusal
from hocvuso.base.fields import fingerprint as fingerprint_of
from hocvuso.base.ids import uuid7
from hocvuso.base.models import NotTaken
from hocvuso.base.rows import first, write_new
from hocvuso.library.models import Lesson
from hocvuso.people.models import Person
from hocvuso.people.queries import records_need

from . import projections
from .models import Statement
from .queries import fact_of, known_lesson
from .rules import (
    MAX_BATCH,
    MAX_BATCH_BYTES,
    MAX_BYTES,
    VOIDED,
    BadStatement,
    Fact,
    StatementIn,
    fingerprint,
    understand,
)

_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_one = msgspec.json.Decoder(StatementIn)
_ZERO = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # PostgreSQL keeps none
_SOURCES = Statement._meta.get_field("fingerprint").sources


class BadBatch(Refusal):
    """The request is not a list of statements."""

    code = "bad-batch"
    says = _("Yêu cầu phải là danh sách từ 1 đến %(most)s bản ghi.")


class NeedsGuardian(Refusal):
    """Nothing is recorded of a child under 16 without a guardian's consent."""

    code = "needs-guardian"
    says = _("Cần người giám hộ đồng ý trước khi lưu kết quả học.")


class NeedsConsent(Refusal):
    """Nothing is recorded of whoever did not agree to it; what waits on the device stays there."""

    code = "needs-consent"
    says = _("Bạn chưa đồng ý cho lưu kết quả học. Xem và trả lời ở trang Tài khoản, mục “Sự đồng ý của tôi”.")


class CannotVoid(Refusal):
    """A statement that voids another is not voided itself: what it took back is recorded anew."""

    code = "cannot-void"
    says = _("Bản ghi này rút lại một bản ghi khác nên không rút lại được nữa. Hãy ghi lại bản ghi đúng.")


@dataclass
class Receipt:
    """What became of a batch: ids accepted (also those already there), and refused ones with the reason.

    `later`: what could not be stored through no fault of its own, with the reason; it is to be sent again.
    """

    accepted: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    later: list[dict[str, str]] = field(default_factory=list)


type Incoming = dict[UUID, tuple[StatementIn, Fact]]


def append(*, person: Person, batch: bytes, at: datetime | None = None) -> Receipt:
    """Append a JSON list of statements, and let the projections follow, in one transaction.

    The one way in, whatever the door. Idempotent by id; one bad statement does not hold up the others: when they cannot
    be stored together, each is by itself, and what then still cannot is kept as not taken. `at`: our time.
    Raises BadBatch (no such list), NeedsGuardian, NeedsConsent.
    """
    expect_consent(person)
    receipt = Receipt()
    incoming = _understood(_listed(batch), at or timezone.now(), receipt)
    try:
        _keep(person, incoming, receipt)
    except (OperationalError, InterfaceError, NeedsConsent):
        raise
    except Exception:  # one of them, or what is already there of its lesson
        for one, said in incoming.items():
            _keep_alone(person, {one: said}, receipt)
    else:
        _strike_off(receipt.accepted)
    return receipt


def expect_consent(person: Person) -> None:
    """Raises NeedsGuardian, NeedsConsent where results of a person may not be stored."""
    if need := records_need(person):
        raise NeedsGuardian if need == "guardian" else NeedsConsent


def _keep(person: Person, incoming: Incoming, receipt: Receipt) -> None:
    mine = Receipt()
    with transaction.atomic():
        if not lock(person=person):  # erased, or consent taken back, since the request began
            raise NeedsConsent
        fresh = _store(person, dict(incoming), mine)
        if fresh:
            for projection in projections.REGISTER:
                projection.appended(person, fresh)
    receipt.accepted += mine.accepted
    receipt.refused += mine.refused


def _keep_alone(person: Person, one: Incoming, receipt: Receipt) -> None:
    [(key, (_statement, fact))] = one.items()
    try:
        _keep(person, one, receipt)
    except (OperationalError, InterfaceError, NeedsConsent):
        raise
    except Exception as fault:
        batches.not_taken(STORING, f"{Statement.word}:{key}", fault, shown=fact.lesson)
        why = _t("máy chủ chưa lưu được bản ghi này, đã báo người vận hành; hãy gửi lại sau")
        receipt.later.append({"id": str(key), "why": why})
    else:
        _strike_off([str(key)])


def _strike_off(accepted: list[str]) -> None:
    """What was not taken before and is now. One look at a list that is nearly always empty."""
    if first(NotTaken, "batch = %s LIMIT 1", STORING.word):
        batches.strike_off(STORING, {f"{Statement.word}:{key}" for key in accepted})


# Nothing but the device has the statement: it is tried again when it is sent again.
STORING = batches.Batch("statements", _("bản ghi học tập do máy người học gửi"))


def _listed(batch: bytes) -> list[msgspec.Raw]:
    try:
        raws = _decoder.decode(batch) if len(batch) <= MAX_BATCH_BYTES else []
    except (msgspec.DecodeError, RecursionError):  # lists in lists in lists
        raws = []
    if not 0 < len(raws) <= MAX_BATCH:
        raise BadBatch(most=MAX_BATCH)
    return raws


def _understood(raws: list[msgspec.Raw], at: datetime, receipt: Receipt) -> Incoming:
    incoming: Incoming = {}
    for raw in raws:
        try:
            statement = _statement(raw)
            fact = understand(statement, stored_at=at)
            known_lesson(fact.lesson)
            known = incoming.get(statement.id)
            if known and fingerprint(known[0]) != fingerprint(statement):
                raise BadStatement(_clash())
            incoming[statement.id] = (statement, fact)
        except msgspec.DecodeError as error:
            why = _t("bản ghi không đúng dạng: %(fault)s") % {"fault": error}
            receipt.refused.append({"id": _id_in(raw), "why": why})
        except Lesson.DoesNotExist:
            why = _t("không có bài học này: %(lesson)s") % {"lesson": fact.lesson}
            receipt.refused.append({"id": _id_in(raw), "why": why})
        except BadStatement as error:
            receipt.refused.append({"id": _id_in(raw), "why": str(error)})
    return incoming


def _statement(raw: msgspec.Raw) -> StatementIn:
    content = bytes(raw)
    if len(content) > MAX_BYTES:
        raise BadStatement(_t("bản ghi lớn hơn %(most)s byte") % {"most": MAX_BYTES})
    if _ZERO.search(content):
        raise BadStatement(_t("bản ghi có ký tự rỗng (\\u0000)"))
    return _one.decode(content)


def _clash() -> str:
    return _t("409: mã này đã dùng cho một bản ghi khác")


def _id_in(raw: msgspec.Raw) -> str:
    try:
        return str(msgspec.json.decode(raw).get("id", ""))[:40]
    except (msgspec.DecodeError, AttributeError):
        return ""


def lock(*, person: Person) -> bool:
    """One writer of a person's records at a time, to the end of the transaction; SQLite has one writer anyway.

    Whether the person is there still and lets results be kept.
    """
    row = first(Person, "id = %s", person.pk, locked=True)
    return row is not None and row.is_active and row.keeps_records


def _store(person: Person, incoming: Incoming, receipt: Receipt) -> list[Fact]:
    """Store what is new; its facts. What was there already is accepted when it is the same."""
    hashes = {i: fingerprint(statement) for i, (statement, _fact) in incoming.items()}
    rows = [_row(person, statement, fact, hashes[i]) for i, (statement, fact) in incoming.items()]
    fresh = write_new(Statement, rows)
    if known := incoming.keys() - fresh:
        for row in Statement.objects.filter(id__in=known).only("id", "person_id", "content_hash"):
            if row.person_id != person.pk or row.content_hash != hashes[row.pk]:
                receipt.refused.append({"id": str(row.pk), "why": _clash()})
                del incoming[row.pk]
    receipt.accepted += [str(i) for i in incoming]
    return [fact for i, (_statement, fact) in incoming.items() if i in fresh]


def _row(person: Person, statement: StatementIn, fact: Fact, content_hash: str) -> dict[str, Any]:
    row = {
        "id": fact.id,
        "person_id": person.pk,
        "verb": fact.verb,
        "object": statement.object.id,
        "content": msgspec.to_builtins(statement),
        "content_hash": content_hash,
        "at": fact.at,
        "stored_at": fact.stored_at,
        "seconds": fact.seconds,
        "device": fact.device,
    }
    row["fingerprint"] = fingerprint_of(*map(row.get, _SOURCES))
    return row


@transaction.atomic
def void(*, statement: Statement, reason: str, by: Person | None, at: datetime | None = None) -> Statement:
    """Take back a statement by one that voids it, and let the projections follow; twice is the same as once.

    A learner takes back what is theirs; without `by` it is the house itself, or a client whose right its door checked.
    The correction counts on the day of the mistake. Raises NotAllowed, CannotVoid, NeedsReason.
    """
    if by is not None and by.pk != statement.person_id:
        raise NotAllowed
    if statement.voids_id is not None:
        raise CannotVoid
    reason = reason.strip()[:300]
    if not reason:
        raise NeedsReason(field="reason")
    lock(person=statement.person)
    moment = at or timezone.now()
    values = _voiding(statement, reason, moment)
    made, new = Statement.objects.get_or_create(voids=statement, defaults=values)
    if new:
        journal.write("statement.voided", statement, by=by, reason=reason)
        for projection in projections.REGISTER:
            projection.voided(statement.person, fact_of(statement), moment)
    return made


def _voiding(statement: Statement, reason: str, at: datetime) -> dict[str, Any]:
    made = uuid7()
    content = {
        "id": str(made),
        "verb": {"id": VOIDED},
        "object": {"objectType": "StatementRef", "id": str(statement.pk)},
        "timestamp": at.isoformat(),
        "result": {"response": reason},
    }
    return {
        "id": made,
        "person_id": statement.person_id,
        "verb": "voided",
        "object": statement.object,
        "content": content,
        "content_hash": fingerprint(content),
        "at": statement.at,
        "stored_at": at,
        "seconds": -statement.seconds,
    }


@transaction.atomic
def erase(*, person_id: str) -> None:
    """Erase what a person did; called when the person is anonymised."""
    theirs = Statement.objects.filter(person_id=person_id)
    tally.forget(theirs)
    theirs.delete()
