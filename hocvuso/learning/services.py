"""Verbs: record statements, rebuild projections, keep the review queue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from fsrs import Card, Rating, Scheduler

from hocvuso.base.errors import Refusal
from hocvuso.base.events import emit
from hocvuso.base.rows import places, read, write
from hocvuso.library.models import Edition, Lesson, Programme
from hocvuso.people.models import Person
from hocvuso.people.queries import may_keep_records

from .events import LessonCompleted
from .models import Enrolment, LessonProgress, ReviewCard, Statement
from .rules import MAX_BATCH, MAX_BYTES, BadStatement, Fact, Progress, StatementIn, advance, fingerprint, understand

_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_one = msgspec.json.Decoder(StatementIn)
_scheduler = Scheduler(enable_fuzzing=False)


class BadBatch(Refusal):
    """The request is not a list of statements."""

    code = "bad-batch"
    says = _("Yêu cầu phải là danh sách từ 1 đến %(most)s bản ghi.")


class NeedsGuardian(Refusal):
    """Nothing is recorded of a child under 16 without a guardian's consent."""

    code = "needs-guardian"
    says = _("Cần người giám hộ đồng ý trước khi lưu kết quả học.")


@dataclass
class Receipt:
    """What became of a batch: ids accepted (also those already there), and refused ones with the reason."""

    accepted: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


def record(*, person: Person, batch: bytes, at: datetime | None = None) -> Receipt:
    """Record a JSON list of statements. Idempotent by id; one bad statement does not hold up the others.

    Raises BadBatch (no such list), NeedsGuardian.
    """
    if not may_keep_records(person):
        raise NeedsGuardian
    try:
        raws = _decoder.decode(batch)
    except msgspec.DecodeError:
        raise BadBatch(most=MAX_BATCH) from None
    if not 0 < len(raws) <= MAX_BATCH:
        raise BadBatch(most=MAX_BATCH)
    receipt = Receipt()
    incoming = _understood(raws, receipt)
    with transaction.atomic():
        _lock(person)
        fresh = _store(person, incoming, at or timezone.now(), receipt)
        _project(person, [fact for _statement, fact in fresh.values()])
    receipt.accepted += [str(i) for i in fresh]
    return receipt


type Incoming = dict[UUID, tuple[StatementIn, Fact]]


def _understood(raws: list[msgspec.Raw], receipt: Receipt) -> Incoming:
    incoming: Incoming = {}
    for raw in raws:
        try:
            if len(bytes(raw)) > MAX_BYTES:
                raise BadStatement(_t("bản ghi lớn hơn %(most)s byte") % {"most": MAX_BYTES})
            statement = _one.decode(raw)
            fact = understand(statement)
            if _lesson_id(fact.lesson) is None:
                raise BadStatement(_t("không có bài học này: %(lesson)s") % {"lesson": fact.lesson})
            known = incoming.get(statement.id)
            if known and fingerprint(known[0]) != fingerprint(statement):
                raise BadStatement(_clash())
            incoming[statement.id] = (statement, fact)
        except msgspec.DecodeError as error:
            why = _t("bản ghi không đúng dạng: %(fault)s") % {"fault": error}
            receipt.refused.append({"id": _id_in(raw), "why": why})
        except ValueError as error:
            receipt.refused.append({"id": _id_in(raw), "why": str(error)})
    return incoming


def _clash() -> str:
    return _t("409: mã này đã dùng cho một bản ghi khác")


def _id_in(raw: msgspec.Raw) -> str:
    try:
        return str(msgspec.json.decode(raw).get("id", ""))[:40]
    except (msgspec.DecodeError, AttributeError):
        return ""


def _lock(person: Person) -> None:
    """One writer a person at a time; SQLite's immediate transactions are enough by themselves."""
    if connection.features.has_select_for_update:
        Person.objects.select_for_update().only("pk").get(pk=person.pk)


def _without_known(person: Person, incoming: Incoming, receipt: Receipt) -> Incoming:
    known = Statement.objects.filter(id__in=incoming).values_list("id", "person_id", "content_hash")
    for statement_id, owner, content_hash in known:
        statement, _fact = incoming.pop(statement_id)
        if owner == person.pk and content_hash == fingerprint(statement):
            receipt.accepted.append(str(statement_id))
        else:
            receipt.refused.append({"id": str(statement_id), "why": _clash()})
    return incoming


def _store(person: Person, incoming: Incoming, at: datetime, receipt: Receipt) -> Incoming:
    """Store what is new, and return it. Nearly always all of it is, so the database is asked only when it refuses."""
    try:
        with transaction.atomic():
            _insert(person, incoming, at)
        return incoming
    except IntegrityError:
        fresh = _without_known(person, incoming, receipt)
        _insert(person, fresh, at)
        return fresh


def _insert(person: Person, fresh: Incoming, at: datetime) -> None:
    rows = [
        Statement(
            id=statement.id,
            person_id=person.pk,
            verb=fact.verb,
            object=statement.object.id,
            content=msgspec.to_builtins(statement),
            content_hash=fingerprint(statement),
            at=fact.at,
            stored_at=at,
            seconds=fact.seconds,
            device=fact.device,
        )
        for statement, fact in fresh.values()
    ]
    write(Statement, rows)


def _project(person: Person, facts: list[Fact]) -> None:
    """Fold facts into progress and the review queue, in the transaction that stores them."""
    if not facts:
        return
    lessons = {fact.lesson: _lesson_id(fact.lesson) for fact in facts}
    rows = {row.lesson_id: row for row in _rows_of(LessonProgress, person, lessons.values())}
    if len(rows) < len(lessons):
        _enrol_for(person, {_known_lesson(address)[1] for address, pk in lessons.items() if pk not in rows})
    folded: dict[Any, Progress] = {i: _progress(rows.get(i)) for i in lessons.values()}
    for fact in facts:
        folded[lessons[fact.lesson]] = advance(folded[lessons[fact.lesson]], fact)
    write(
        LessonProgress,
        [_row(person, lesson_id, progress) for lesson_id, progress in folded.items()],
        unique=["person_id", "lesson_id"],
        update=["state", "best", "seconds", "last_at", "done_at"],
    )
    for address, lesson_id in lessons.items():
        if folded[lesson_id].done and not _progress(rows.get(lesson_id)).done:
            emit(LessonCompleted(person_id=str(person.pk), lesson=address))
    _review(person, [fact for fact in facts if fact.kind == "item" and fact.success is not None])


def _rows_of[M: (LessonProgress, ReviewCard)](model: type[M], person: Person, lesson_ids: Collection[Any]) -> list[M]:
    return read(model, f"person_id = %s AND lesson_id IN {places(lesson_ids)}", person.pk, *lesson_ids)


def _progress(row: LessonProgress | None) -> Progress:
    if row is None:
        return Progress()
    return Progress(row.state == LessonProgress.State.DONE, row.best, row.seconds, row.last_at, row.done_at)


def _row(person: Person, lesson_id: Any, progress: Progress) -> LessonProgress:
    states = LessonProgress.State
    return LessonProgress(
        person_id=person.pk,
        lesson_id=lesson_id,
        state=states.DONE if progress.done else states.UNDER_WAY,
        best=progress.best,
        seconds=progress.seconds,
        last_at=progress.last_at,
        done_at=progress.done_at,
    )


@lru_cache(maxsize=50_000)
def _known_lesson(address: str) -> tuple[Any, Any]:
    """Ids of the lesson and its programme, remembered: an address never changes its lesson."""
    return Lesson.objects.values_list("pk", "programme_id").get(address=address)


def _lesson_id(address: str) -> Any:
    """The lesson's id; None when there is none (which is not remembered)."""
    try:
        return _known_lesson(address)[0]
    except Lesson.DoesNotExist:
        return None


def _enrol_for(person: Person, programme_ids: set[Any]) -> None:
    enrolled = Enrolment.objects.filter(person_id=person.pk, programme_id__in=programme_ids)
    left = programme_ids - set(enrolled.values_list("programme_id", flat=True))
    if not left:
        return
    for programme in Programme.objects.filter(pk__in=left, current__isnull=False).select_related("current"):
        enrol(person=person, programme=programme, edition=programme.published_edition)


def enrol(
    *, person: Person, programme: Programme, edition: Edition, why: Enrolment.Why = Enrolment.Why.OWN
) -> Enrolment:
    """Enrol a person in a programme's edition; an enrolment that exists is left as it is."""
    found, _made = Enrolment.objects.get_or_create(
        person=person, programme=programme, defaults={"edition": edition, "why": why}
    )
    return found


def _review(person: Person, facts: list[Fact]) -> None:
    """Schedule the next review of each answered item (FSRS; right: Good, wrong: Again)."""
    if not facts:
        return
    rows = _rows_of(ReviewCard, person, {_lesson_id(fact.lesson) for fact in facts})
    known = {(row.lesson_id, row.item): Card.from_dict(row.card) for row in rows}
    moved: dict[tuple[Any, str], Card] = {}
    for fact in sorted(facts, key=lambda f: f.at):
        key = (_lesson_id(fact.lesson), fact.item)
        card = moved.get(key) or known.get(key) or Card(card_id=fact.id.int & 0x7FFFFFFF)
        when = min(fact.at, timezone.now().astimezone(UTC))
        if card.last_review and when <= card.last_review:
            continue  # an offline answer older than what memory already knows
        moved[key], _log = _scheduler.review_card(card, Rating.Good if fact.success else Rating.Again, when)
    write(
        ReviewCard,
        [
            ReviewCard(person_id=person.pk, lesson_id=lesson_id, item=item, card=card.to_dict(), due=card.due)
            for (lesson_id, item), card in moved.items()
        ],
        unique=["person_id", "lesson_id", "item"],
        update=["card", "due"],
    )


@transaction.atomic
def rebuild(*, person: Person) -> int:
    """Throw a person's projections away and fold all their statements again; returns how many were folded."""
    _lock(person)
    LessonProgress.objects.filter(person=person).delete()
    ReviewCard.objects.filter(person=person).delete()
    facts = [_fact_of(row) for row in Statement.objects.filter(person=person).order_by("stored_at", "id")]
    _project(person, facts)
    return len(facts)


def _fact_of(row: Statement) -> Fact:
    return understand(msgspec.convert(row.content, StatementIn))


def erase(*, person_id: str) -> None:
    """Erase what a person did; called when the person is anonymised."""
    for model in (Statement, LessonProgress, ReviewCard, Enrolment):
        model.objects.filter(person_id=person_id).delete()
