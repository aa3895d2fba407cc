"""The figures of reports: laid out, filled in from the platform, declared, summed from reports beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base.attachments import attached_to, opened
from hocvuso.base.errors import Refusal
from hocvuso.base.models import Attachment
from hocvuso.base.numbers import trimmed
from hocvuso.indicators import queries as indicators
from hocvuso.indicators import services as values
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.rules import is_small

from ..models import Report, ReportFigure, ReportSection
from ..rules import TAKEN, Adds, Part, ReportState, aggregate, quotient

if TYPE_CHECKING:
    from .reporting import Declared

MEASURED, DECLARED, SUMMED = "m", "d", "s"
DIGEST_WORDS = 80  # of each child's section; the whole is one press away


def lay_out(report: Report) -> None:
    """The figures that the regime asks for, with the versions of their definitions in force now."""
    keys = {key: n for n, key in enumerate(report.regime.indicators)}
    ReportFigure.objects.bulk_create(
        ReportFigure(report=report, indicator=indicator, position=keys[indicator.key])
        for indicator in Indicator.objects.current().filter(key__in=keys)
    )


def fill(report: Report, *, at: datetime) -> None:
    """Compute every figure anew: what the platform knows, what the unit declared plus the sum beneath, ratios."""
    rows = list(report.figures.select_related("indicator"))
    known = indicators.figures(
        indicators=[row.indicator for row in rows if not row.is_declared], units=[report.unit], periods=[report.when]
    )
    for row in rows:
        if row.is_declared:
            _set(row, _declared(row), DECLARED)
        elif found := known.get((row.indicator.key, report.unit_id, report.period)):
            row.withheld = found.people and is_small(found.value if found.numerator is None else found.numerator)
            _set(row, Part(found.value, found.numerator, found.denominator), MEASURED)
        if row.value is None and not row.is_declared:
            _set(row, Part(row.parts_value, row.parts_numerator, row.parts_denominator), SUMMED)
        row.computed_at = at
    by_key = {row.indicator.key: row for row in rows}
    for row in rows:
        _ratio_within(row, by_key)
    ReportFigure.objects.bulk_update(
        rows, ["value", "numerator", "denominator", "withheld", "kind", "computed_at"], batch_size=200
    )


def _set(row: ReportFigure, part: Part, kind: str) -> None:
    row.value, row.numerator, row.denominator = part.value, part.numerator, part.denominator
    row.kind = kind if part.value is not None else ""


def _declared(row: ReportFigure) -> Part:
    """What the unit declares of its own, with what was declared beneath."""
    own = Part(row.own_value, row.own_numerator, row.own_denominator)
    beneath = Part(row.parts_value, row.parts_numerator, row.parts_denominator)
    return aggregate(row.how, [own, beneath], factor=row.factor) if row.how != Adds.NOT else own


def _ratio_within(row: ReportFigure, by_key: Mapping[str, ReportFigure]) -> None:
    """A ratio of two figures that stand in the same report, and that the platform has no values of yet."""
    if row.indicator.kind != Indicator.Kind.RATIO or row.value is not None:
        return
    over = by_key.get(str(row.indicator.definition.get("numerator")))
    under = by_key.get(str(row.indicator.definition.get("denominator")))
    if over is None or under is None:
        return
    value = quotient(over.value, under.value, row.factor)
    _set(row, Part(value, over.value, under.value), DECLARED)


class NotPlausible(Refusal):
    """A declared figure lies outside what its definition allows."""

    code = "not-plausible"
    says = _("Số này phải nằm trong khoảng từ %(least)s đến %(most)s.")


def write_own(report: Report, *, comments: Mapping[UUID, str], declared: Mapping[UUID, Declared]) -> None:
    """Comments on any figure, and the unit's own part of declared ones; a declaration for a measured one is dropped."""
    rows = list(report.figures.select_related("indicator"))
    for row in rows:
        row.comment = comments.get(row.pk, row.comment).strip()[:1000]
        given = declared.get(row.pk)
        if given is None or not row.is_declared:
            continue
        row.own_value, row.own_numerator, row.own_denominator = given.value, None, None
        if row.needs_pair:
            row.own_numerator, row.own_denominator = given.numerator, given.denominator
            row.own_value = quotient(given.numerator, given.denominator, row.factor)
        _check_range(row)
    ReportFigure.objects.bulk_update(rows, ["comment", "own_value", "own_numerator", "own_denominator"], batch_size=200)


def _check_range(row: ReportFigure) -> None:
    least, most, value = row.indicator.minimum, row.indicator.maximum, row.own_value
    if value is not None and ((least is not None and value < least) or (most is not None and value > most)):
        shown = {"least": "−∞" if least is None else trimmed(least), "most": "+∞" if most is None else trimmed(most)}
        raise NotPlausible(field=field_of(row), **shown)


def field_of(row: ReportFigure) -> str:
    """What a refusal calls the number that a unit declares: of a share, its numerator."""
    return f"numerator-{row.pk}" if row.needs_pair else f"value-{row.pk}"


def evidence_field(place: ReportFigure | ReportSection) -> str:
    """What a refusal calls the files given for a figure or a section."""
    return f"file-figure-{place.pk}" if isinstance(place, ReportFigure) else f"file-section-{place.key}"


def undeclared(report: Report) -> list[ReportFigure]:
    """Declared figures that have neither a declaration nor a sum from beneath."""
    return [row for row in report.figures.select_related("indicator") if row.is_declared and row.value is None]


def without_evidence(report: Report) -> list[ReportFigure]:
    """Figures that the unit itself declares, whose definition asks for evidence, and that have no file."""
    own = report.figures.filter(own_value__isnull=False).select_related("indicator")
    return [row for row in own if row.indicator.needs_evidence and not attached_to(row)]


def sum_children(report: Report, *, at: datetime) -> list[Report]:
    """Sum what was taken in beneath, and gather the narratives by unit. Returns the children summed for the first time.

    A child without a report taken in is missing: counted as such, never as zero.
    """
    children = list(report.children.select_for_update(of=("self",)).select_related("unit").order_by("unit__path"))
    taken = {child.pk: child for child in children if child.state in TAKEN}
    theirs: dict[str, dict[UUID, Part]] = {}
    for figure in ReportFigure.objects.filter(report__in=taken).select_related("indicator"):
        theirs.setdefault(figure.indicator.key, {})[figure.report_id] = figure.part
    rows = list(report.figures.select_related("indicator"))
    for row in rows:
        parts = theirs.get(row.indicator.key, {})
        total = aggregate(row.how, [parts.get(child.pk) for child in children], factor=row.factor)
        row.parts_value, row.parts_numerator, row.parts_denominator = total.value, total.numerator, total.denominator
        row.parts_counted, row.parts_missing = total.counted, total.missing
    names = ["parts_value", "parts_numerator", "parts_denominator", "parts_counted", "parts_missing"]
    ReportFigure.objects.bulk_update(rows, names, batch_size=200)
    _gather(report, taken)
    return [child for child in taken.values() if child.state == ReportState.ACCEPTED]


def _gather(report: Report, taken: Mapping[UUID, Report]) -> None:
    said: dict[str, list[str]] = {}
    texts = ReportSection.objects.filter(report__in=taken).exclude(text="").order_by("report__unit__path")
    for section in texts:
        said.setdefault(section.key, []).append(f"{taken[section.report_id].unit}: {cut(section.text, DIGEST_WORDS)}")
    for section in report.sections.all():
        section.digest = "\n\n".join(said.get(section.key, []))
        section.save(update_fields=["digest"])


def cut(text: str, words: int) -> str:
    """The first words of a text, with dots where it goes on."""
    given = text.split()
    return " ".join(given[:words]) + (" …" if len(given) > words else "")


def keep_values(reports: Sequence[Report], *, at: datetime) -> None:
    """What accepted reports say becomes values of the indicators: declared ones, and measures as they were quoted.

    The word of a unit with others beneath is the whole: its own part and theirs.
    """
    quoted = []
    found = ReportFigure.objects.filter(report__in=[report.pk for report in reports], value__isnull=False)
    for figure in found.select_related("indicator", "report__unit", "report__submitted_by"):
        if figure.is_declared:
            _declare(figure, at)
        elif figure.kind == MEASURED:
            quoted.append(_figure(figure))
    values.freeze(figures=quoted, at=at)


def _declare(figure: ReportFigure, at: datetime) -> None:
    report = figure.report
    values.declare(
        indicator=figure.indicator,
        unit=report.unit,
        period=report.period,
        value=figure.value or 0.0,
        by=report.submitted_by,
        note=figure.comment or _t("Theo báo cáo đã nhận."),
        evidence=[_evidence(file) for file in attached_to(figure)],
        accepted=True,
        at=at,
    )


def _evidence(file: Attachment) -> values.Evidence:
    with opened(file) as content:
        return values.Evidence(file.name, content.read())


def _figure(figure: ReportFigure) -> indicators.Figure:
    return indicators.Figure(
        figure.indicator.key,
        figure.report.unit_id,
        figure.report.period,
        figure.value,
        figure.numerator,
        figure.denominator,
        version=figure.indicator.version,
    )
