"""Values in bulk: every row is stored as it says, or named with what is wrong about it."""

from __future__ import annotations

import pytest
from django.utils import translation

from hocvuso.base import sheets
from hocvuso.base.models import JournalEntry
from hocvuso.base.sheets import PercentCell
from hocvuso.indicators.exchange import BadTable
from hocvuso.indicators.models import Indicator, Value
from hocvuso.indicators.services import importing
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def lop(cast):
    return Indicator.objects.create(key="lop", title="Lớp", kind="declared", minimum=0, maximum=5000, decimals=1)


def plan(*rows, by=None):
    return importing.plan(rows=[(n, *row) for n, row in enumerate(rows, 2)], by=by)


def values():
    return dict(Value.objects.values_list("unit__code", "value"))


def test_numbers_are_stored_to_the_last_digit(lop):
    made = plan(
        ("lop", "SO-1", "2026-01", "0.30000000000000004"),
        ("lop", "SO-2", "2026-01", "1.234,5"),
        ("lop", "T-1", "2026-01", "1e3"),
        ("LOP ", "\ufeffbo", "2026-01\n", " 3\u00a0"),
    )
    assert (made.count, made.faults) == (4, [])
    assert importing.apply(made=made, by=None, source="thử") == 4
    assert values() == {"SO-1": 0.1 + 0.2, "SO-2": 1234.5, "T-1": 1000.0, "BO": 3}
    assert set(Value.objects.values_list("period", flat=True)) == {"2026-01"}
    [value] = Value.objects.filter(unit__code="SO-1")
    assert (value.indicator, value.period, value.kind, value.note, value.by) == (lop, "2026-01", "d", "", None)
    assert JournalEntry.objects.get(act="values.imported").data == {"source": "thử", "rows": 4, "faults": 0}


def test_again_replaces_and_leaves_the_rest(lop, cast):
    roles.grant(person=cast.an, role=Role.STEWARD, unit=cast.ministry, by=None)
    importing.apply(made=plan(("lop", "SO-1", "2026-01", "1"), ("lop", "SO-2", "2026-01", "2")), by=None, source="a")
    first = Value.objects.get(unit__code="SO-1")
    importing.apply(made=plan(("lop", "SO-1", "2026-01", "7"), by=cast.an), by=cast.an, source="b")
    again = Value.objects.get(unit__code="SO-1")
    assert (again.pk, again.value, again.by) == (first.pk, 7, cast.an)
    assert again.at > first.at
    assert values() == {"SO-1": 7, "SO-2": 2}


def test_people_are_not_counted_in_per_cent(lop):
    Indicator.objects.create(key="ti-le", title="Tỉ lệ", kind="declared", measured_in="%", decimals=0)
    Indicator.objects.filter(pk=lop.pk).update(measured_in="lớp")
    shares = [("ti-le", "SO-1", "2026-01", "61 %"), ("ti-le", "SO-2", "2026-01", PercentCell("61"))]
    counts = [("lop", "SO-1", "2026-01", "61 %"), ("lop", "SO-2", "2026-01", PercentCell("61"))]
    made = plan(*shares, *counts)
    assert made.count == 2 and [(fault.row, fault.column) for fault in made.faults] == [(4, "value"), (5, "value")]


def test_a_year_of_the_country_is_one_file():
    units = 3_321 + 49 + 10_000  # committees, units of data/units.csv, schools, as `hocvuso bench steering` makes them
    assert units * 50 * 12 < importing.MOST_CELLS


def test_a_small_file_takes_no_large_memory(lop, monkeypatch):
    """Every period of every indicator has room for every unit: a few hundred kilobytes were gigabytes."""
    rows = [("lop", "SO-1", f"{year}-{month:02}", "1") for year in range(2000, 2026) for month in range(1, 13)]
    assert plan(*rows).count == len(rows)
    monkeypatch.setattr(importing, "MOST_CELLS", 100 * Unit.objects.count())
    with translation.override("vi"), pytest.raises(BadTable, match="hãy chia tệp"):
        plan(*rows)


def test_ways_of_writing_are_not_remembered_without_end(lop, monkeypatch):
    monkeypatch.setattr(importing, "MOST_SPELLINGS", 10)
    made = plan(*[("lop", f"{' ' * n}SO-1", f"{' ' * n}2026-01", "1") for n in range(30)])
    assert made.count == 1 and {fault.column for fault in made.faults} == {"unit"}


def test_every_wrong_row_is_named_once(lop):
    wrong = [
        (("khac", "SO-1", "2026-01", "1"), "indicator", "khac"),
        (("lop", "KHONG-CO", "2026-01", "1"), "unit", "KHONG-CO"),
        (("lop", "SO-1", "2026-W01", "1"), "period", "2026-W01"),
        (("lop", "SO-1", "2126-01", "1"), "period", "2126-01"),
        (("lop", "SO-1", "2026-01", "một"), "value", "một"),
        (("lop", "SO-1", "2026-01", "1,234.5"), "value", "1,234.5"),
        (("lop", "SO-1", "2026-01", "1.234"), "value", "1.234"),
        (("lop", "SO-1", "0202-01", "1"), "period", "0202-01"),
        (("lop", "SO-1", "2026-01-02", "1"), "period", "2026-01-02"),
        (("lop", "SO-1", "2026-01", "inf"), "value", "inf"),
        (("lop", "SO-1", "2026-01", "nan"), "value", "nan"),
        (("lop", "SO-1", "2026-01", "-1"), "value", "-1"),
        (("lop", "SO-1", "2026-01", "5001"), "value", "5001"),
        (("lop", "SO-2", "2026-01", "2"), "unit", "SO-2"),
    ]
    made = plan(("lop", "SO-2", "2026-01", "0"), *(row for row, _column, _value in wrong))
    assert made.count == 1
    told = [(fault.row, fault.column, fault.value) for fault in made.faults]
    assert told == [(n, column, value) for n, (_row, column, value) in enumerate(wrong, 3)]


def test_with_faults_nothing_is_stored_unless_told_so(lop):
    made = plan(("lop", "SO-1", "2026-01", "1"), ("lop", "SO-2", "2026-01", "?"))
    with pytest.raises(ValueError, match="faults"):
        importing.apply(made=made, by=None, source="thử")
    assert values() == {}
    assert importing.apply(made=made, by=None, source="thử", partial=True) == 1
    assert values() == {"SO-1": 1}


def test_faults_beyond_a_thousand_are_only_counted(lop):
    made = plan(*[("lop", "SO-1", "2026-01", "?")] * 1003)
    assert (made.count, len(made.faults), made.more_faults) == (0, sheets.MOST_FAULTS, 3)


def test_what_is_counted_takes_no_fraction(lop):
    Indicator.objects.create(key="may", title="Máy", kind="declared")
    made = plan(("may", "SO-1", "2026-01", "1,234"), ("may", "SO-2", "2026-01", "1.234"))
    assert [(fault.row, fault.column) for fault in made.faults] == [(2, "value")] and made.count == 1


def test_a_period_is_found_by_the_day_that_a_spreadsheet_makes_of_it_and_kept_by_its_code(lop):
    made = plan(("lop", "SO-1", "2026-01-01", "1"), ("lop", "SO-1", "2026-01", "2"))
    assert [fault.column for fault in made.faults] == ["unit"]  # one period, in two ways of writing
    assert [period for _indicator, period in made.numbers] == ["2026-01"]
