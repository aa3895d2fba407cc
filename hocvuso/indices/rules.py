"""Indices: weighted criteria to 100, caps, bands, ranks with ties, rules for what is missing. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hocvuso.base.numbers import rounded

FULL = 100.0
Title = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Criterion(BaseModel):
    """One criterion. `indicator`: where its value comes from (a key), empty until known.

    `score` — share: value ÷ `full` × weight; steps: the points of the highest threshold that the value reaches;
    inverse: (1 − value ÷ `full`) × weight. `cap`: at most so many points. `missing` — missing: the unit has no total;
    zero: counts as 0; skip: its weight is shared out among the others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    code: str
    title: Title
    title_en: str = Field(default="", max_length=300)
    group: str = ""
    weight: float = Field(gt=0, le=FULL)
    indicator: str = Field(default="", max_length=60, pattern="^[-a-zA-Z0-9_]*$")
    score: str = Field(default="share", pattern="^(share|inverse|steps)$")
    full: float = Field(default=100.0, gt=0)
    steps: list[tuple[float, float]] = []
    cap: float | None = Field(default=None, gt=0)
    missing: str = Field(default="missing", pattern="^(missing|zero|skip)$")
    source: str = ""

    @model_validator(mode="after")
    def _steps_fit(self) -> Criterion:
        if (self.score == "steps") != bool(self.steps):
            raise ValueError(f"{self.code}: steps đi cùng score: steps")
        if any(points > self.weight for _at, points in self.steps):
            raise ValueError(f"{self.code}: điểm của một bậc lớn hơn weight")
        return self


class Band(BaseModel):
    """A class of totals: from `least` points up."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    title_en: str = ""
    least: float = Field(ge=0, le=FULL)


class Definition(BaseModel):
    """An index of one year: criteria whose weights make 100, and bands from high to low (may be empty)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    criteria: list[Criterion] = Field(min_length=1)
    bands: list[Band] = []
    decimals: int = Field(default=2, ge=0, le=6)

    @model_validator(mode="after")
    def _makes_sense(self) -> Definition:
        if abs(sum(c.weight for c in self.criteria) - FULL) > 1e-6:
            raise ValueError("tổng trọng số phải bằng 100")
        codes = [c.code for c in self.criteria]
        if len(set(codes)) < len(codes):
            raise ValueError("mã tiêu chí bị trùng")
        if [b.least for b in self.bands] != sorted((b.least for b in self.bands), reverse=True):
            raise ValueError("các loại phải xếp từ cao xuống thấp")
        return self


class Version(BaseModel):
    """One year's version of an index as it is written down (`data/indices/*.yaml`): its head and its definition."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(max_length=40, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    year: int = Field(ge=2000, le=2100, strict=True)
    title: Title
    title_en: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=300)
    definition: Definition


@dataclass(frozen=True)
class Scored:
    """What one unit gets: total (None when something needed is missing), points by criterion, what is missing."""

    total: float | None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def points(criterion: Criterion, value: float) -> float:
    """Points of one value, from 0 to the weight (or the cap)."""
    if criterion.score == "steps":
        reached = [p for at, p in criterion.steps if value >= at]
        got = max(reached, default=0.0)
    else:
        share = min(max(value / criterion.full, 0.0), 1.0)
        got = (share if criterion.score == "share" else 1.0 - share) * criterion.weight
    return min(got, criterion.cap) if criterion.cap is not None else got


def score(definition: Definition, values: Mapping[str, float | None]) -> Scored:
    """The total of a unit from its values by criterion code; rounding is done once, on the total."""
    parts: dict[str, dict[str, Any]] = {}
    lacking, skipped, total = [], 0.0, 0.0
    for criterion in definition.criteria:
        value = values.get(criterion.code)
        if value is None and criterion.missing != "zero":
            parts[criterion.code] = {"value": None, "points": None}
            if criterion.missing == "skip":
                skipped += criterion.weight
            else:
                lacking.append(criterion.code)
            continue
        got = points(criterion, value or 0.0)
        parts[criterion.code] = {"value": value, "points": got}
        total += got
    if lacking or skipped >= FULL:
        return Scored(None, parts, tuple(lacking))
    return Scored(float(rounded(total * FULL / (FULL - skipped), definition.decimals)), parts)


def ranks(totals: Sequence[float | None]) -> list[int | None]:
    """Standard competition ranking (1, 2, 2, 4): equal totals share a rank; no total, no rank."""
    ordered = sorted((t for t in totals if t is not None), reverse=True)
    first: dict[float, int] = {}
    for place, total in enumerate(ordered, 1):
        first.setdefault(total, place)
    return [None if t is None else first[t] for t in totals]


def fingerprint(
    definition: Definition, period: str, kind: str, values: Mapping[str, Mapping[str, float | None]]
) -> str:
    """A hash of all that ranks follow from: the definition, which units, and their values. Order does not matter."""
    inputs = [definition.model_dump(mode="json"), period, kind, values]
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def band(definition: Definition, total: float | None) -> str:
    """The title of the band a total falls into; empty without a total or without bands."""
    if total is None:
        return ""
    return next((b.title for b in definition.bands if total >= b.least), "")


def gains(definition: Definition, parts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, float]]:
    """What would raise a unit most: (criterion code, points still to be had), largest first."""
    found = []
    for criterion in definition.criteria:
        most = criterion.weight if criterion.cap is None else min(criterion.weight, criterion.cap)
        left = most - (parts.get(criterion.code, {}).get("points") or 0.0)
        if left > 1e-9:
            found.append((criterion.code, left))
    return sorted(found, key=lambda row: -row[1])
