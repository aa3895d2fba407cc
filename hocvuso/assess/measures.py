"""What this room can count for indicators."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import Attempt

_BEFORE = Q(submitted_at__lt=OuterRef("submitted_at")) | Q(submitted_at=OuterRef("submitted_at"), pk__lt=OuterRef("pk"))


def taken() -> QuerySet[Attempt]:
    """Final tests that were scored."""
    return Attempt.objects.filter(kind=Attempt.Kind.FINAL, state=Attempt.State.SCORED).select_related("programme")


def passed() -> QuerySet[Attempt]:
    """Final tests that were passed."""
    return taken().filter(result__passed=True)


def people_passed() -> QuerySet[Attempt]:
    """Each person's first pass."""
    return passed().filter(~Exists(passed().select_related(None).filter(_BEFORE, person=OuterRef("person"))))


def tiers_reached() -> QuerySet[Attempt]:
    """Each person's first pass at each tier."""
    rows = passed().annotate(tier=KT("result__tier"))
    earlier = rows.select_related(None).filter(_BEFORE, person=OuterRef("person"), tier=OuterRef("tier"))
    return rows.filter(~Exists(earlier))


def _attempt(attempt: Any) -> tuple[str, str, Any]:
    result = attempt.result or {}
    told = _t("Đạt: %(programme)s") if result.get("passed") else _t("Chưa đạt: %(programme)s")
    return told % {"programme": attempt.programme.key}, "programme", attempt.programme.key


def _on_attempts(name: str, title: Any, counted: Counted, kind: Any, rows: Any) -> None:
    register(
        Measure(
            name=f"assess.{name}",
            version=1,
            title=title,
            measured_in=counted,
            kind=kind,
            rows=rows,
            at="submitted_at",
            changed="submitted_at",
            person="person",
            record=_attempt,
        )
    )


_on_attempts("taken", _("Lượt kiểm tra cuối"), Counted.TIMES, "flow", taken)
_on_attempts("passed", _("Lượt kiểm tra đạt"), Counted.TIMES, "flow", passed)
_on_attempts("people-passed", _("Người đã đạt ít nhất một bài kiểm tra cuối"), Counted.PEOPLE, "stock", people_passed)
_on_attempts("tiers-reached", _("Lượt người đạt bậc năng lực"), Counted.TIMES, "stock", tiers_reached)
