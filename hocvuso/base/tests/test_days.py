"""Days as people and machines write them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base import days


@pytest.mark.parametrize("text", ["2026-11-04", "04/11/2026", "4/11/2026", " 04/11/2026\u00a0", "\ufeff2026-11-04"])
def test_iso_and_day_month_year_are_read(text):
    assert days.read(text) == date(2026, 11, 4)


@pytest.mark.parametrize(
    "text", ["", "31/02/2026", "2025-06-31", "11/24/2026", "24/11/26", "24-11-2026", "2026-11", "hôm nay", "٢٤/١١/٢٠٢٦"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(days.NotADay):
        days.read(text, field="due_on")


@pytest.mark.parametrize("text", ["0202-11-24", "31/12/1899", "2201-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_outside_1900_to_2200_is_refused_in_words(text):
    with translation.override("vi"), pytest.raises(days.DayOutOfRange, match="từ 01/01/1900 đến 31/12/2200"):
        days.read(text)


def test_a_day_outside_what_its_field_allows_is_refused():
    bounds = {"earliest": date(2020, 1, 1), "latest": date(2030, 12, 31)}
    assert days.read("2020-01-01", **bounds) == date(2020, 1, 1)
    with translation.override("vi"), pytest.raises(days.DayOutOfRange, match="01/01/2020 đến 31/12/2030") as refused:
        days.read("01/01/2031", field="begins_on", **bounds)
    assert refused.value.field == "begins_on"


@given(st.dates(days.FIRST, days.LAST))
def test_every_day_is_read_back_in_both_ways_of_writing(day):
    assert days.read(day.isoformat()) == days.read(days.written(day)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_refused(text):
    try:
        assert days.FIRST <= days.read(text) <= days.LAST
    except days.NotADay as refusal:
        assert str(refusal)
