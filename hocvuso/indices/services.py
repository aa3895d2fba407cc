"""Verbs on indices: define a year's version, compute all units of a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from hocvuso.base import journal, periods
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.versions import check, expect
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import figures
from hocvuso.indicators.services import may_define
from hocvuso.units.models import Unit

from . import rules
from .models import IndexDefinition, IndexRun, IndexScore

TOGETHER = 500  # units of which all figures are held at once


class BadIndex(Refusal):
    """The definition of an index does not hold together."""

    code = "bad-index"
    says = _("Bộ chỉ số chưa dùng được: %(faults)s")


@transaction.atomic
def define(*, data: Any, by: Any, version: int | None = None) -> IndexDefinition:
    """Keep one year's version (shape: `rules.Definition`); criteria fed by declared figures get their indicators.

    Once a version has scores its definition stays, while titles and source may still be put right.
    `version`: that of the row which was seen, 0 for none yet. Raises BadIndex, NotAllowed, Stale.
    """
    if by is not None and not may_define(by):
        raise NotAllowed
    wanted = _read(data)
    kept = wanted.model_dump(include={"title", "title_en", "source"})
    kept["definition"] = wanted.definition.model_dump(mode="json", exclude_unset=True)
    found = IndexDefinition.objects.select_for_update().filter(key=wanted.key, year=wanted.year).first()
    if found and all(getattr(found, name) == value for name, value in kept.items()):
        return found
    if found:
        _check_change(found, kept["definition"], version, by)
    index, _made = IndexDefinition.objects.update_or_create(key=wanted.key, year=wanted.year, defaults=kept)
    _declared_indicators(wanted.definition, wanted.source)
    journal.write("index.defined", index, by=by, year=index.year)
    return index


def _check_change(found: IndexDefinition, definition: Any, version: int | None, by: Any) -> None:
    """Raises BadIndex where the row was not seen, or has scores by another definition; Stale."""
    if version == 0:
        raise BadIndex(field="definition", faults=_("đã có bản của năm này; hãy mở bản ấy để sửa"))
    expect(found, version, by=by)
    if found.definition != definition and found.scores.exists():
        raise BadIndex(field="definition", faults=_("đã có kết quả tính theo bản này; hãy đặt bản của năm mới"))


def _read(data: Any) -> rules.Version:
    """The version, checked. Raises BadIndex with every fault."""
    try:
        found = rules.Version.model_validate(data)
        if "\\u0000" in found.model_dump_json():  # which no column holds
            raise BadIndex(field="definition", faults="\\0")
        return found
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadIndex(field="definition", faults=faults) from None


def _declared_indicators(definition: rules.Definition, source: str) -> None:
    keys = {c.indicator for c in definition.criteria if c.indicator}
    known = set(Indicator.objects.filter(key__in=keys).values_list("key", flat=True))
    Indicator.objects.bulk_create(
        Indicator(
            key=c.indicator,
            title=c.title,
            title_en=c.title_en,
            kind=Indicator.Kind.DECLARED,
            definition={"aggregate": "none"},
            measured_in="điểm",
            measured_in_en="points",
            decimals=2,
            minimum=0,
            maximum=c.full,
            source=source,
        )
        for c in definition.criteria
        if c.indicator and c.indicator not in known
    )


def load_indices(folder: Path) -> int:
    """The indices that come with the software (`data/indices/`)."""
    files = sorted(folder.glob("*.yaml"))
    for file in files:
        define(data=yaml.safe_load(file.read_text("utf-8")), by=None)
    return len(files)


@dataclass(frozen=True)
class Computed:
    """What was computed and is not kept yet: of which version of the definition, from which inputs."""

    index: IndexDefinition
    period: str
    kind: str
    units: list[Unit]
    scores: list[rules.Scored]
    inputs: str


def compute(*, index: IndexDefinition, period: str, kind: str, by: Any) -> list[IndexScore]:
    """Score, rank and class all units of a kind in the country for a period. What was computed before stays, aside.

    A rank among fewer is none, so only who may define indices computes them; `by` None is the operator. The journal
    has who, by which version of the definition, of how many units and a hash of all inputs. Raises NotAllowed.
    """
    return keep(score(index=index, period=period, kind=kind, by=by), by=by)


def score(
    *,
    index: IndexDefinition,
    period: str,
    kind: str,
    by: Any,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Computed:
    """The part of `compute` that only reads, in which nobody waits for it; `tell` hears how far. Raises NotAllowed."""
    if by is not None and not may_define(by):
        raise NotAllowed
    index = IndexDefinition.objects.get(pk=index.pk)
    definition, units = rules.Definition.model_validate(index.definition), units_of(kind, period)
    values: dict[str, dict[str, float | None]] = {}
    for at in range(0, len(units), TOGETHER):
        values |= _values(definition, units[at : at + TOGETHER], period)
        tell(len(values), len(units))
    scores = [rules.score(definition, values[unit.code]) for unit in units]
    return Computed(index, period, kind, units, scores, rules.fingerprint(definition, period, kind, values))


@transaction.atomic
def keep(scored: Computed, *, by: Any) -> list[IndexScore]:
    """Rank what was scored and keep it. Raises Stale when the definition was changed since."""
    index = IndexDefinition.objects.select_for_update().get(pk=scored.index.pk)
    check(index, scored.index.version)
    definition = rules.Definition.model_validate(index.definition)
    before = IndexRun.objects.filter(index=index, period=scored.period, kind=scored.kind, current=True)
    before.update(current=False)
    run = IndexRun.objects.create(
        index=index,
        period=scored.period,
        kind=scored.kind,
        by=by,
        version=index.version,
        units=len(scored.units),
        inputs=scored.inputs,
    )
    places = rules.ranks([one.total for one in scored.scores])
    rows = [
        IndexScore(
            index=index,
            unit=unit,
            period=scored.period,
            total=one.total,
            rank=place,
            band=rules.band(definition, one.total),
            parts=one.parts,
            run=run,
        )
        for unit, one, place in zip(scored.units, scored.scores, places, strict=True)
    ]
    IndexScore.objects.bulk_create(rows, batch_size=1000)
    facts = {"version": run.version, "units": run.units, "inputs": run.inputs}
    journal.write("index.computed", run, by=by, title=f"{index} · {scored.period}", kind=scored.kind, **facts)
    return rows


def units_of(kind: str, period: str) -> list[Unit]:
    """All units of the kind that were open at the end of the period, or are today while it lasts."""
    day = min(periods.parse(period).last, timezone.localdate())
    return list(Unit.objects.filter(kind=kind).open(day).order_by("code"))


def _values(definition: rules.Definition, units: list[Unit], period: str) -> dict[str, dict[str, float | None]]:
    """Code of unit → code of criterion → value."""
    keys = {c.indicator for c in definition.criteria if c.indicator}
    found = figures(indicators=list(Indicator.objects.current().filter(key__in=keys)), units=units, periods=[period])
    values = {(key, unit): figure.value for (key, unit, _period), figure in found.items()}
    return {unit.code: {c.code: values.get((c.indicator, unit.pk)) for c in definition.criteria} for unit in units}
