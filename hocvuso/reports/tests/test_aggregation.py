"""Sums upward: from communes to provinces to the ministry; missing ones named, late ones counted when they come."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from math import isclose

import pytest

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.periods import parse
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Report, ReportFigure, ReportMove
from hocvuso.reports.rules import TAKEN
from hocvuso.reports.services import reporting
from hocvuso.reports.services.reporting import NotOnDesk, Writing

from .world import country, hand_in, on, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return country()


def take_in(there, unit, **figures):
    report = hand_in(there.report(unit), by=there.writer(unit), **figures)
    return reporting.accept(report=report, by=there.cabinet.thuy, at=on(4))


class TestSumming:
    def test_counts_add_and_shares_are_formed_anew(self, there):
        one, two, _three = there.cabinet.communes[:3]
        take_in(there, one, devices=10, homes=(10, 100))
        take_in(there, two, devices=5, homes=(90, 100))
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam, at=on(5))
        assert value(report, "may") == 15
        assert value(report, "ti-le") == 50
        assert value(report, "may-moi-to") == 15 / 4

    def test_missing_children_are_named_and_counted_not_zero(self, there):
        take_in(there, there.cabinet.communes[0])
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        figure = report.figures.get(indicator__key="may")
        assert (figure.parts_counted, figure.parts_missing) == (1, 2)
        assert [r.unit for r in questions.missing_children(report)] == there.cabinet.communes[1:3]

    def test_submitted_but_not_taken_in_is_missing(self, there):
        hand_in(there.commune, by=there.cabinet.tu)
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        assert report.figures.get(indicator__key="may").value is None

    def test_children_become_aggregated_once(self, there):
        take_in(there, there.cabinet.communes[0])
        reporting.aggregate(report=there.province, by=there.cabinet.nam)
        reporting.aggregate(report=there.province, by=there.cabinet.nam)
        assert there.commune.state == "aggregated"
        assert ReportMove.objects.filter(to="aggregated").count() == 1

    def test_what_comes_late_is_shown_as_uncounted_then_counted(self, there):
        take_in(there, there.cabinet.communes[0], devices=10)
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        take_in(there, there.cabinet.communes[1], devices=7)
        assert questions.uncounted_children(report) == 1
        report = reporting.aggregate(report=report, by=there.cabinet.nam)
        assert value(report, "may") == 17
        assert questions.uncounted_children(report) == 0

    def test_the_units_own_part_adds_to_what_is_beneath(self, there):
        take_in(there, there.cabinet.communes[0], devices=10)
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        figure = report.figures.get(indicator__key="may")
        reporting.write(
            report=report, writing=Writing(declared={figure.pk: reporting.Declared(value=3)}), by=there.cabinet.nam
        )
        assert value(report, "may") == 13

    def test_narratives_are_gathered_by_unit(self, there):
        take_in(there, there.cabinet.communes[0])
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        assert report.sections.get(key="ket-qua").digest == "Xã 1: Kết quả của Xã 1."

    def test_once_handed_in_nothing_is_summed_into_it(self, there):
        take_in(there, there.cabinet.communes[0])
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        reporting.write(report=report, writing=Writing(texts={"ket-qua": "Tốt."}), by=there.cabinet.nam)
        reporting.submit(report=report, by=there.cabinet.nam, at=on(5))
        with pytest.raises(NotOnDesk):
            reporting.aggregate(report=report, by=there.cabinet.nam)

    def test_a_neighbour_may_not(self, there):
        with pytest.raises(NotAllowed):
            reporting.aggregate(report=there.province, by=there.cabinet.xuan)


class TestMeasured:
    def test_the_platforms_own_count_stands_and_the_sum_beneath_is_beside_it(self, there):
        take_in(there, there.cabinet.communes[0])
        report = reporting.aggregate(report=there.province, by=there.cabinet.nam)
        figure = report.figures.get(indicator__key="tai-khoan")
        assert figure.kind == "m"
        assert figure.parts_counted == 1


class TestRates:
    def test_completeness_and_timeliness_by_unit(self, there):
        hand_in(there.commune, by=there.cabinet.tu, at=on(9))
        hand_in(there.report(there.cabinet.communes[1]), by=there.cabinet.nam, at=on(2))
        found = questions.rates_by_unit(
            units=[there.cabinet.one, there.cabinet.two], period=parse("2026-09"), today=date(2026, 11, 1)
        )
        assert (found[there.cabinet.one.pk].completeness, found[there.cabinet.one.pk].timeliness) == (0.5, 0.25)
        assert found[there.cabinet.two.pk].completeness == 0

    def test_they_are_measures_for_indicators(self, there):
        from hocvuso.indicators.models import Indicator
        from hocvuso.indicators.queries import figures
        from hocvuso.indicators.services import roll_up

        for name in ("owed", "on-time"):
            Indicator.objects.create(
                key=f"reports-{name}", title=name, kind="measure", definition={"measure": f"reports.{name}"}
            )
        Indicator.objects.create(
            key="timeliness", title="T", kind="ratio",
            definition={"numerator": "reports-on-time", "denominator": "reports-owed", "factor": 100},
        )  # fmt: skip
        hand_in(there.commune, by=there.cabinet.tu, at=on(2))
        hand_in(there.report(there.cabinet.communes[1]), by=there.cabinet.nam, at=on(20))
        roll_up()
        key = ("timeliness", there.cabinet.one.pk, "2026-09")
        found = figures(indicators=["timeliness"], units=[there.cabinet.one], periods=["2026-09"])[key]
        assert (found.value, found.numerator, found.denominator) == (25, 1, 4)


def whole(there, top):
    """Computed directly over every leaf that was taken in beneath a unit and reached its report."""
    leaves = Report.objects.filter(unit__path__startswith=top.path, children=None, state__in=TAKEN)
    rows = ReportFigure.objects.filter(report__in=leaves)
    devices = [f.own_value for f in rows.filter(indicator__key="may")]
    pairs = [(f.own_numerator, f.own_denominator) for f in rows.filter(indicator__key="ti-le")]
    return sum(devices), sum(n for n, _d in pairs), sum(d for _n, d in pairs)


class Events:
    """Communes hand in, are returned, are taken in, in any order and late; provinces sum whenever they like."""

    def __init__(self, there, seed):
        self.there, self.chance = there, random.Random(seed)
        self.provinces = {there.cabinet.one: there.cabinet.nam, there.cabinet.two: there.writer(there.cabinet.two)}

    def event(self, number):
        unit = self.chance.choice(self.there.cabinet.communes)
        act = self.chance.choice([self.hand_in, self.again, self.accept, self.return_for_revision, self.sum, self.own])
        with suppress(Refusal):
            act(self.there.report(unit), self.there.writer(unit), number)

    def hand_in(self, report, by, number):
        homes = (self.chance.randrange(50), 50)
        hand_in(report, by=by, devices=self.chance.randrange(50), homes=homes, at=on(2 + number // 6))

    def again(self, report, by, _number):
        reporting.submit(report=report, by=by, at=on(25))

    def accept(self, report, _by, _number):
        reporting.accept(report=report, by=self.there.cabinet.thuy, at=on(26))

    def return_for_revision(self, report, _by, _number):
        reporting.return_for_revision(report=report, note="Xem lại", by=self.there.cabinet.lan, at=on(26))

    def own(self, report, by, _number):
        reporting.accept(report=report, by=by)
        raise AssertionError("nobody takes in their own report")

    def sum(self, _report, _by, _number):
        province = self.chance.choice(list(self.provinces))
        reporting.aggregate(report=self.there.report(province), by=self.provinces[province], at=on(27))

    def close(self, province):
        """The province sums a last time, hands in, and is taken in when it has figures."""
        by = self.provinces[province]
        summed = reporting.aggregate(report=self.there.report(province), by=by, at=on(28))
        reporting.write(report=summed, writing=Writing(texts={"ket-qua": "Xong."}), by=by)
        try:
            reporting.submit(report=summed, by=by, at=on(28))
            reporting.accept(report=summed, by=self.there.cabinet.ha, at=on(29))
        except Refusal:
            assert not whole(self.there, province)[0]
        return summed


@pytest.mark.parametrize("seed", range(3))
def test_random_events_end_in_the_same_sums_as_a_direct_count(there, seed):
    events = Events(there, seed)
    for number in range(120):
        events.event(number)
    for province in events.provinces:
        summed = events.close(province)
        devices, homes, of_homes = whole(there, province)
        assert (value(summed, "may") or 0) == devices
        share = summed.figures.get(indicator__key="ti-le")
        assert (share.numerator or 0, share.denominator or 0) == (homes, of_homes)
        assert share.value is None or isclose(share.value, 100 * homes / of_homes)
    top = reporting.aggregate(report=there.report(there.cabinet.ministry), by=there.cabinet.ha, at=on(30))
    parts = [value(there.report(p), "may") for p in events.provinces if there.report(p).state in TAKEN]
    assert (value(top, "may") or 0) == sum(parts) == whole(there, there.cabinet.ministry)[0]
    for report in Report.objects.exclude(late_days=None):
        assert report.late_days == report.moves.get(first=True).late_days
