"""What the public read API answers, described for generators of clients."""

from __future__ import annotations

from datetime import date

from ninja import Schema


class Described(Schema):
    """What programmes and lessons have in common."""

    title: str
    title_en: str
    language: str
    audience: str
    kinds: list[str]
    licence: str
    url: str


class CatalogueLesson(Described):
    key: str
    outcomes: list[str]
    minutes: int
    sound: str = ""


class Outcome(Schema):
    code: str
    competency: str
    tier: int
    can_do: str
    can_do_en: str


class CatalogueProgramme(Described):
    key: str
    outcomes: list[Outcome]
    edition: str
    lessons: list[CatalogueLesson]


class Catalogue(Schema):
    programmes: list[CatalogueProgramme]


class Source(Schema):
    title: str
    url: str
    note: str = ""


class FrameworkLine(Schema):
    key: str
    version: str
    title: str
    title_en: str
    sources: list[Source]
    case: str
    csv: str


class Frameworks(Schema):
    frameworks: list[FrameworkLine]


class PlaceLine(Schema):
    code: str
    name: str
    name_en: str
    kind: str
    type: str
    parent_id: str | None
    valid_from: date | None
    valid_to: date | None
    latitude: float | None
    longitude: float | None
    source: str


class Places(Schema):
    count: int
    page: int
    pages: int
    places: list[PlaceLine]


class IndicatorLine(Schema):
    name: str
    version: int
    title: str
    title_en: str
    kind: str
    measured_in: str
    period: str
    value: float | None
    withheld: bool
    source: str


class Indicators(Schema):
    indicators: list[IndicatorLine]
