"""Regimes: who may set them, whose reports they open, when."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.base.days import DayOutOfRange
from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry, NotTaken
from hocvuso.base.periods import parse
from hocvuso.indicators.models import Indicator
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.services import regimes
from hocvuso.reports.services.regimes import BadRegime
from hocvuso.units.models import Place
from hocvuso.units.services import BATCH, close_unit, open_commune_committees, open_unit

from .world import PERIOD, country, indicators, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return country()


class TestSetting:
    def test_it_is_kept_with_its_sections_under_keys(self, there):
        assert [s["key"] for s in there.regime.sections] == ["ket-qua", "kien-nghi"]
        assert JournalEntry.objects.filter(act="regime.issued").count() == 1

    def test_an_officer_next_door_or_beneath_may_not(self, there):
        for name in ("xuan", "tu"):
            with pytest.raises(NotAllowed):
                regimes.set_regime(issuer=there.cabinet.one, terms=terms(), by=getattr(there.cabinet, name))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"period_type": "fortnight"}, "period_type"),
            ({"starts_on": None}, "starts_on"),
            ({"ends_on": date(2026, 1, 1)}, "ends_on"),
            ({"due_days": -1}, "due_days"),
            ({"opens_days": 999}, "opens_days"),
            ({"kinds": []}, "kinds"),
            ({"indicators": ["khong-co"]}, "indicators"),
            ({"period_type": "year"}, "indicators"),
            ({"indicators": [], "sections": []}, "sections"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, there, changes, field):
        with pytest.raises(BadRegime) as refusal:
            regimes.set_regime(issuer=there.cabinet.ministry, terms=terms(**changes), by=there.cabinet.ha)
        assert refusal.value.field == field
        assert str(refusal.value)

    def test_units_outside_the_issuers_subtree_are_refused(self, there):
        with pytest.raises(BadRegime) as refusal:
            regimes.set_regime(issuer=there.cabinet.one, terms=terms(units=[there.cabinet.two]), by=there.cabinet.nam)
        assert refusal.value.field == "units"

    def test_a_change_holds_for_reports_not_yet_begun(self, there):
        regimes.set_regime(
            issuer=there.cabinet.ministry, terms=terms(sections=[("Khác", True, 0)]), by=there.cabinet.ha,
            regime=there.regime,
        )  # fmt: skip
        there.regime.refresh_from_db()
        assert [s["title"] for s in there.regime.sections] == ["Khác"]


class TestOpening:
    def test_every_unit_of_the_kinds_and_the_issuer_has_a_report(self, there):
        assert Report.objects.count() == 1 + 2 + 5

    def test_each_goes_to_the_nearest_above(self, there):
        ministry = there.report(there.cabinet.ministry)
        assert there.commune.parent == there.province
        assert there.province.parent == ministry
        assert ministry.parent is None

    def test_again_opens_nothing(self, there):
        assert regimes.open_period(regime=there.regime, period=PERIOD) == 0

    def test_a_unit_that_came_later_is_added_under_its_parent(self, there):
        new = open_unit(code="XA-9", name="Xã 9", kind="commune-committee", parent=there.cabinet.two)
        assert regimes.open_period(regime=there.regime, period=PERIOD) == 1
        assert there.report(new).parent == there.report(there.cabinet.two)

    def test_a_closed_unit_owes_nothing(self, there):
        close_unit(unit=there.cabinet.communes[4], on=date(2026, 9, 15), by=None)
        regimes.open_period(regime=there.regime, period=parse("2026-10"))
        assert Report.objects.filter(period="2026-10").count() == 7

    def test_without_the_issuer_and_with_chosen_units_only(self, there):
        made = regimes.set_regime(
            issuer=there.cabinet.ministry, by=there.cabinet.ha,
            terms=terms(kinds=[], units=[there.cabinet.two], issuer_reports=False),
        )  # fmt: skip
        assert regimes.units_of(made, date(2026, 9, 30)) == [there.cabinet.two]

    def test_due_day(self, there):
        assert there.commune.due_on == date(2026, 10, 5)

    def test_nobody_is_late_with_what_was_opened_after_its_due_day(self, there):
        regimes.open_period(regime=there.regime, period=parse("2026-08"), on=date(2026, 9, 20))
        assert set(Report.objects.filter(period="2026-08").values_list("due_on", flat=True)) == {date(2026, 9, 25)}

    def test_a_neighbour_may_not_open(self, there):
        with pytest.raises(NotAllowed):
            regimes.open_period(regime=there.regime, period=parse("2026-11"), by=there.cabinet.xuan)


class TestTheClock:
    def test_periods_open_before_their_end_and_none_is_left_out(self, there):
        assert [p.code for p in regimes.periods_due(there.regime, date(2026, 10, 23))] == ["2026-09"]
        assert [p.code for p in regimes.periods_due(there.regime, date(2026, 10, 24))] == ["2026-09", "2026-10"]

    def test_open_due_opens_once(self, there):
        assert regimes.open_due(date(2026, 10, 24)) == 8
        assert regimes.open_due(date(2026, 10, 25)) == 0

    def test_nothing_opens_after_the_end_or_when_switched_off(self, there):
        Regime.objects.update(ends_on=date(2026, 10, 15))
        assert regimes.open_due(date(2026, 12, 1)) == 0
        Regime.objects.update(ends_on=None, active=False)
        assert regimes.open_due(date(2026, 12, 1)) == 0

    def test_one_that_begins_before_there_was_anything_to_report_stops_no_other(self, there):
        Regime.objects.create(
            issuer=there.cabinet.ministry,
            title="Tuần",
            period_type="week",
            starts_on=date(202, 11, 24),
            kinds=["school"],
        )
        regimes.open_due(date(2026, 10, 24))
        assert NotTaken.objects.get().batch == "reports-opened"
        assert Report.objects.filter(regime=there.regime, period="2026-10").count() == 8
        assert not Report.objects.exclude(regime=there.regime).exists()

    @pytest.mark.parametrize("begins", [date(202, 11, 24), date(1, 1, 1), date(1999, 12, 31), date(2199, 1, 1)])
    def test_one_that_begins_in_another_age_is_refused_at_its_field(self, there, begins):
        with pytest.raises(DayOutOfRange) as refused:
            regimes.set_regime(issuer=there.cabinet.ministry, terms=terms(starts_on=begins), by=there.cabinet.ha)
        assert refused.value.field == "starts_on"

    def test_a_new_definition_is_used_for_new_reports(self, there):
        Indicator.objects.filter(key="may").update(superseded=True)
        Indicator.objects.create(key="may", version=2, title="Máy", kind="declared", definition={"aggregate": "sum"})
        from hocvuso.reports.services import reporting

        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        assert report.figures.get(indicator__key="may").indicator.version == 2


def test_all_communes_at_once_take_a_handful_of_queries(django_assert_max_num_queries):
    """3,321 communes under 34 departments, opened in one go."""
    indicators()
    ministry = open_unit(code="BO", name="Bộ", kind="ministry", parent=None)
    provinces = Place.objects.bulk_create(
        Place(code=f"{n:02}", name=f"Tỉnh {n}", kind="province", type="tinh") for n in range(34)
    )
    for place in provinces:
        open_unit(
            code=f"SO-{place.code}", name=f"Sở {place}", kind="provincial-department", parent=ministry,
            place_code=place.code,
        )  # fmt: skip
    Place.objects.bulk_create(
        (
            Place(code=f"{n:05}", name=f"Xã {n}", kind="commune", type="xa", parent=provinces[n % 34])
            for n in range(3321)
        ),
        batch_size=BATCH,
    )
    open_commune_committees()
    made = Regime.objects.create(issuer=ministry, title="R", kinds=["provincial-department", "commune-committee"],
                                 indicators=["may"], starts_on=date(2026, 9, 1))  # fmt: skip
    with django_assert_max_num_queries(30):
        assert regimes.open_period(regime=made, period=PERIOD) == 1 + 34 + 3321
