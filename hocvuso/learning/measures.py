"""What this room can count for indicators.

Counted are facts that never change: statements by the day the device gives them, and first ones by the order in which
they reached us, so that what comes in late neither moves nor doubles what was counted.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register
from hocvuso.library.models import Lesson

from .models import Enrolment, LessonProgress, Statement

LESSON, PRACTICE = "urn:hocvuso:lesson:", "urn:hocvuso:practice:"
HASTY = 0.25  # a lesson done in less than this share of its reading time was not read
CROWD = 8  # whoever comes onto a device after this many others
_BEFORE = Q(stored_at__lt=OuterRef("stored_at")) | Q(stored_at=OuterRef("stored_at"), pk__lt=OuterRef("pk"))


def first_enrolments() -> QuerySet[Enrolment]:
    """Each person's first enrolment."""
    earlier = Enrolment.objects.filter(
        Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk")),
        person=OuterRef("person"),
    )
    return Enrolment.objects.filter(~Exists(earlier)).select_related("programme__current")


def lessons_done() -> QuerySet[Statement]:
    """The first completion of each lesson by each person that reached us."""
    earlier = Statement.objects.filter(_BEFORE, person=OuterRef("person"), verb="completed", object=OuterRef("object"))
    return Statement.objects.filter(~Exists(earlier), verb="completed", object__startswith=LESSON)


def lessons_done_hastily() -> QuerySet[Statement]:
    """Lessons done faster than they can be read."""
    address = Substr("object", len(LESSON) + 1)
    progress = LessonProgress.objects.filter(person=OuterRef("person"), lesson__address=OuterRef("address"))
    lessons = Lesson.objects.filter(address=OuterRef("address"))
    rows = lessons_done().annotate(address=address)
    rows = rows.annotate(
        spent=Coalesce(Subquery(progress.values("seconds")[:1]), Value(0)),
        needed=Coalesce(Subquery(lessons.values("minutes")[:1]), Value(0)),
    )
    return rows.filter(spent__lt=ExpressionWrapper(F("needed") * 60 * HASTY, output_field=FloatField()))


def people_on_devices() -> QuerySet[Statement]:
    """The first statement of each person on each device."""
    earlier = Statement.objects.filter(_BEFORE, device=OuterRef("device"), person=OuterRef("person"))
    return Statement.objects.exclude(device="").filter(~Exists(earlier))


def devices() -> QuerySet[Statement]:
    """The first statement of each device."""
    earlier = Statement.objects.filter(_BEFORE, device=OuterRef("device"))
    return Statement.objects.exclude(device="").filter(~Exists(earlier))


def people_on_crowded_devices() -> QuerySet[Statement]:
    """People who came onto a device that many others had used before them."""
    before = Statement.objects.filter(_BEFORE, device=OuterRef("device")).order_by()
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
    }  # fmt: skip
    told = words.get(statement.verb, _t("Học: %(lesson)s")) % {"lesson": address}
    return told, "lesson", f"{programme}/{lesson.partition('/')[0]}"


def _on_statements(name: str, title: Any, counted: Counted, kind: Any, rows: Any, weight: Any = None) -> None:
    register(
        Measure(
            name=f"learning.{name}",
            version=1,
            title=title,
            measured_in=counted,
            kind=kind,
            rows=rows,
            at="at",
            changed="stored_at",
            person="person",
            weight=weight,
            record=_stated,
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
_on_statements("lessons-done", _("Lượt bài học đã xong"), Counted.TIMES, "flow", lessons_done)
_on_statements("lessons-hasty", _("Bài học xong quá nhanh"), Counted.TIMES, "flow", lessons_done_hastily)
_on_statements(
    "practice-done",
    _("Lượt thực hành đã làm"),
    Counted.TIMES,
    "flow",
    lambda: Statement.objects.filter(verb="completed", object__startswith=PRACTICE),
)
_on_statements(
    "minutes",
    _("Phút học"),
    Counted.MINUTES,
    "flow",
    lambda: Statement.objects.filter(seconds__gt=0),
    ExpressionWrapper(F("seconds") / 60.0, output_field=FloatField()),
)
_on_statements("devices", _("Thiết bị"), Counted.DEVICES, "stock", devices)
_on_statements("people-on-devices", _("Người học theo thiết bị"), Counted.PEOPLE, "stock", people_on_devices)
_on_statements(
    "people-on-crowded-devices",
    _("Người học trên thiết bị dùng chung đông người"),
    Counted.PEOPLE,
    "stock",
    people_on_crowded_devices,
)
