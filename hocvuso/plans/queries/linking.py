"""Questions about schemes: the matrix, and sums over schemes that count nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import figures
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Scheme, SchemeLink, Task
from ..rules_linking import Link, by_share, once, topmost

ADDS_UP = {Indicator.Kind.MEASURE, Indicator.Kind.DECLARED}


class DoesNotAddUp(Refusal):
    """Ratios and composite figures are not sums."""

    code = "does-not-add-up"
    says = _("Chỉ số “%(title)s” là tỉ lệ hoặc chỉ số tổng hợp, không cộng được.")


def may_keep(person: Any, scheme: Scheme) -> bool:
    """Keep a scheme: whoever defines indicators at its unit; a national one, at the root."""
    if scheme.unit is not None:
        return may(person, May.DEFINE, scheme.unit)
    return any(may(person, May.DEFINE, root) for root in Unit.objects.filter(parent=None)[:5])


def may_link_task(person: Any, task: Task) -> bool:
    """Say what a task also counts for: whoever plans at the unit of its plan."""
    return may(person, May.PLAN, task.plan.unit)


@dataclass(frozen=True)
class SchemeSum:
    """What schemes have of some figures: together (each figure once), and each for itself (by share)."""

    total: float
    by_scheme: dict[str, float]
    figures: dict[str, float]


def sum_for(
    *, schemes: Iterable[Scheme], indicators: Collection[str], units: Iterable[Unit], period: str, viewer: Any = None
) -> SchemeSum:
    """Sums over schemes that count nothing twice.

    Together, a figure linked to several of the schemes enters once and whole; each for itself has it by its share. Of
    units that lie in one another only the topmost count. What is missing adds nothing. `viewer` as in `figures`.
    Raises DoesNotAddUp.
    """
    chosen = list(schemes)
    wanted = {i.key: i for i in Indicator.objects.current().filter(key__in=indicators)}
    links = [
        Link(link.scheme.key, link.indicator, link.share)
        for link in SchemeLink.objects.filter(scheme__in=chosen, indicator__in=wanted).select_related("scheme")
    ]
    linked = [wanted[key] for key in sorted({link.figure for link in links})]
    for indicator in linked:
        if indicator.kind not in ADDS_UP:
            raise DoesNotAddUp(title=indicator.title)
    values = _values(linked, list(units), period, viewer) if linked else {}
    return SchemeSum(
        total=once(values, links, {scheme.key for scheme in chosen}), by_scheme=by_share(values, links), figures=values
    )


def _values(indicators: list[Indicator], units: list[Unit], period: str, viewer: Any) -> dict[str, float]:
    """Indicator key → sum over the topmost units; without those that have no value anywhere."""
    top = topmost({unit.path for unit in units})
    counted = [unit for unit in units if unit.path in top]
    found = figures(indicators=indicators, units=counted, periods=[period], viewer=viewer)
    values: dict[str, float] = {}
    for (key, _unit, _period), figure in found.items():
        if figure.value is not None:
            values[key] = values.get(key, 0.0) + figure.value
    return values


def schemes_of(task: Task, *, viewer: Any) -> list[SchemeLink]:
    """What a task also counts for, of the schemes that the viewer may see."""
    seen = Scheme.objects.visible_to(viewer).values("pk")
    return list(task.scheme_links.filter(scheme__in=seen).select_related("scheme"))


def shares_of_tasks(tasks: Iterable[UUID]) -> dict[UUID, dict[UUID, Decimal]]:
    """Task → scheme → share."""
    found: dict[UUID, dict[UUID, Decimal]] = {}
    for task, scheme, share in SchemeLink.objects.filter(task__in=list(tasks)).values_list("task", "scheme", "share"):
        found.setdefault(task, {})[scheme] = share
    return found


def shares_of_indicators(keys: Iterable[str]) -> dict[str, dict[UUID, Decimal]]:
    """Indicator key → scheme → share."""
    found: dict[str, dict[UUID, Decimal]] = {}
    rows = SchemeLink.objects.filter(task=None, indicator__in=list(keys)).values_list("indicator", "scheme", "share")
    for key, scheme, share in rows:
        found.setdefault(key, {})[scheme] = share
    return found


def with_counts(schemes: QuerySet[Scheme]) -> QuerySet[Scheme]:
    """Schemes with `tasks` and `indicators`: how many of each are linked."""
    return schemes.annotate(
        tasks=Count("links", filter=Q(links__indicator="")), indicators=Count("links", filter=Q(links__task=None))
    ).order_by("family", "key")


def tasks_counted(schemes: Collection[Scheme], tasks: QuerySet[Task]) -> tuple[int, int]:
    """How many of `tasks` serve any of the schemes, and how many of those are done: each once."""
    served = tasks.filter(pk__in=SchemeLink.objects.filter(scheme__in=schemes, task__isnull=False).values("task"))
    return served.count(), served.filter(done_on__isnull=False).count()


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator counted for a scheme: its share, its whole value, and the scheme's part of it."""

    indicator: Indicator
    share: Decimal
    value: float | None
    part: float | None


def indicator_lines(scheme: Scheme, *, unit: Unit, period: str, viewer: Any) -> list[IndicatorLine]:
    """What a scheme has of each indicator at one unit in one period."""
    shares = dict(scheme.links.filter(task=None).values_list("indicator", "share"))
    found = list(Indicator.objects.current().filter(key__in=shares).order_by("key"))
    values = figures(indicators=found, units=[unit], periods=[period], viewer=viewer) if found else {}
    lines = []
    for indicator in found:
        figure = values.get((indicator.key, unit.pk, period))
        value = figure.value if figure is not None else None
        part = None if value is None else value * float(shares[indicator.key])
        lines.append(IndicatorLine(indicator, shares[indicator.key], value, part))
    return lines
