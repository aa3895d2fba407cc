"""What this room can count for indicators.

Counted are facts that never change: statements by the day they are dated, first ones by the order in which they reached
us, completions with what was known when they were stored. What comes in late neither moves nor doubles what was
counted; what is voided is counted once more, the other way round.
"""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register
from hocvuso.records.models import Statement

from .models import Completion, Enrolment

PRACTICE = "urn:hocvuso:practice:"
HASTY = 0.25  # a lesson done in less than this share of its reading time was not read
CROWD = 8  # whoever comes onto a device after this many others
_BEFORE = Q(stored_at__lt=OuterRef("stored_at")) | Q(stored_at=OuterRef("stored_at"), pk__lt=OuterRef("pk"))
_SAME_DEVICE = Q(device=OuterRef("device"))


def first_enrolments() -> QuerySet[Enrolment]:
    """Each person's first enrolment."""
    earlier = Enrolment.objects.filter(
        Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk")),
        person=OuterRef("person"),
    )
    return Enrolment.objects.filter(~Exists(earlier)).select_related("programme__current")


def lessons_done() -> QuerySet[Completion]:
    """Completions of lessons, and those taken back."""
    return Completion.objects.select_related("lesson__programme")


def lessons_done_hastily() -> QuerySet[Completion]:
    """Lessons done faster than they can be read."""
    return lessons_done().filter(spent__lt=ExpressionWrapper(F("needed") * HASTY, output_field=FloatField()))


def practice_done() -> QuerySet[Statement]:
    """Practice done, and what voids that."""
    done = Q(verb="completed") | Q(voids__verb="completed")
    return Statement.objects.filter(done, object__startswith=PRACTICE)


def _on_devices() -> QuerySet[Statement]:
    """Statements that name their device: said of both sides of a comparison, since the index holds only these."""
    return Statement.objects.exclude(device="")


def people_on_devices() -> QuerySet[Statement]:
    """The first statement of each person on each device."""
    return _on_devices().filter(~Exists(_on_devices().filter(_BEFORE, _SAME_DEVICE, person=OuterRef("person"))))


def devices() -> QuerySet[Statement]:
    """The first statement of each device."""
    return _on_devices().filter(~Exists(_on_devices().filter(_BEFORE, _SAME_DEVICE)))


def people_on_crowded_devices() -> QuerySet[Statement]:
    """People who came onto a device that many others had used before them."""
    before = _on_devices().filter(_BEFORE, _SAME_DEVICE).order_by()
    people = before.values("device").annotate(people=Count("person", distinct=True)).values("people")
    return people_on_devices().annotate(before=Coalesce(Subquery(people), Value(0))).filter(before__gte=CROWD)


def _enrolled(enrolment: Any) -> tuple[str, str, Any]:
    programme = enrolment.programme
    title = programme.current.content["title"] if programme.current else programme.key
    return _t("Bắt đầu học: %(title)s") % {"title": title}, "programme", programme.key


def _stated(statement: Any) -> tuple[str, str, Any]:
    address = statement.object.split(":")[-1]
    programme, _slash, lesson = address.partition("/")
    words = {
        "completed": _t("Xong: %(lesson)s"), "answered": _t("Trả lời: %(lesson)s"), "initialized": _t("Mở: %(lesson)s"),
        "voided": _t("Rút lại: %(lesson)s"),
    }  # fmt: skip
    told = words.get(statement.verb, _t("Học: %(lesson)s")) % {"lesson": address}
    return told, "lesson", f"{programme}/{lesson.partition('/')[0]}"


def _completed(completion: Any) -> tuple[str, str, Any]:
    lesson = completion.lesson
    words = _t("Xong: %(lesson)s") if completion.times > 0 else _t("Rút lại: %(lesson)s")
    return words % {"lesson": lesson.address}, "lesson", lesson.address


def _measure(
    name: str,
    title: Any,
    counted: Counted,
    kind: Any,
    rows: Any,
    *,
    version: int = 1,
    weight: Any = None,
    record: Any = _stated,
) -> None:
    register(
        Measure(
            name=f"learning.{name}",
            version=version,
            title=title,
            measured_in=counted,
            kind=kind,
            rows=rows,
            at="at",
            changed="stored_at",
            person="person",
            weight=weight,
            record=record,
        )
    )


register(
    Measure(
        name="learning.learners",
        version=2,
        title=_("Người học"),
        measured_in=Counted.PEOPLE,
        kind="stock",
        rows=first_enrolments,
        at="created_at",
        changed="created_at",
        person="person",
        record=_enrolled,
    )
)
_measure(
    "lessons-done",
    _("Lượt bài học đã xong"),
    Counted.TIMES,
    "flow",
    lessons_done,
    version=2,
    weight="times",
    record=_completed,
)
_measure(
    "lessons-hasty",
    _("Bài học xong quá nhanh"),
    Counted.TIMES,
    "flow",
    lessons_done_hastily,
    version=2,
    weight="times",
    record=_completed,
)
_measure(
    "practice-done",
    _("Lượt thực hành đã làm"),
    Counted.TIMES,
    "flow",
    practice_done,
    version=2,
    weight=Case(When(voids=None, then=Value(1.0)), default=Value(-1.0)),
)
_measure(
    "minutes",
    _("Phút học"),
    Counted.MINUTES,
    "flow",
    lambda: Statement.objects.exclude(seconds=0),
    version=2,
    weight=ExpressionWrapper(F("seconds") / 60.0, output_field=FloatField()),
)
_measure("devices", _("Thiết bị"), Counted.DEVICES, "stock", devices)
_measure("people-on-devices", _("Người học theo thiết bị"), Counted.PEOPLE, "stock", people_on_devices)
_measure(
    "people-on-crowded-devices",
    _("Người học trên thiết bị dùng chung đông người"),
    Counted.PEOPLE,
    "stock",
    people_on_crowded_devices,
)
