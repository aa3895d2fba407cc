"""Verbs on indices: define a year's version, compute all units of a period."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.versions import expect
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import figures
from hocvuso.indicators.services import may_define
from hocvuso.units.models import Unit

from . import rules
from .models import IndexDefinition, IndexScore


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


@transaction.atomic
def compute(*, index: IndexDefinition, period: str, units: Sequence[Unit], by: Any = None) -> list[IndexScore]:
    """Score, rank and class `units` for a period, replacing what was computed before; ranks are among these units."""
    definition = rules.Definition.model_validate(index.definition)
    keys = {c.indicator for c in definition.criteria if c.indicator}
    indicators = list(Indicator.objects.current().filter(key__in=keys))
    found = figures(indicators=indicators, units=units, periods=[period])
    scored = []
    for unit in units:
        by_key = {key: found[key, unit.pk, period].value for key in keys if (key, unit.pk, period) in found}
        scored.append(rules.score(definition, {c.code: by_key.get(c.indicator) for c in definition.criteria}))
    places = rules.ranks([s.total for s in scored])
    now = timezone.now()
    rows = [
        IndexScore(
            index=index,
            unit=unit,
            period=period,
            total=one.total,
            rank=place,
            band=rules.band(definition, one.total),
            parts=one.parts,
            computed_at=now,
        )
        for unit, one, place in zip(units, scored, places, strict=True)
    ]
    IndexScore.objects.filter(index=index, period=period, unit__in=[u.pk for u in units]).delete()
    IndexScore.objects.bulk_create(rows, batch_size=1000)
    return rows
