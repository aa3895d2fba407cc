"""Numbers as people write and read them: by one language, never guessed, rounded once."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.numbers import (
    PLAIN,
    NotANumber,
    NotAShare,
    NotWhole,
    NumberOutOfRange,
    fixed,
    read,
    rounded,
    trimmed,
    typed,
)

CASES = json.loads((Path(__file__).parent / "cases/numbers.json").read_text())
LANGUAGES = st.sampled_from(["vi", "en"])


class TestReading:
    @pytest.mark.parametrize(("language", "text", "number"), CASES["read"])
    def test_separators_stand_where_the_language_has_them(self, language, text, number):
        if number is None:
            with pytest.raises(NotANumber):
                read(text, language=language)
        else:
            assert read(text, language=language) == Decimal(number)

    def test_the_language_is_that_of_the_page(self):
        with translation.override("vi"):
            assert read("1.234") == 1234
        with translation.override("en"):
            assert read("1.234") == Decimal("1.234")

    def test_what_is_counted_takes_no_fraction(self):
        assert read("1.500", language="vi", whole=True) == read("1500,0", language="vi", whole=True) == 1500
        with pytest.raises(NotWhole):
            read("1,5", language="vi", whole=True)

    def test_what_is_counted_is_no_share(self):
        assert read("61,5 %", language="vi") == read("61,5", language="vi", percent=False)
        assert read("61 %", language="vi", whole=True, percent=True) == 61
        for how in ({"whole": True}, {"percent": False}):
            with translation.override("vi"), pytest.raises(NotAShare, match="là phần trăm"):
                read("5 %", language="vi", **how)

    def test_a_bound_is_said_in_words(self):
        with translation.override("vi"), pytest.raises(NumberOutOfRange, match="từ 0 đến 1.000"):
            read("1.001", least=0, most=1000)

    def test_a_refusal_says_what_would_be_right_in_that_language(self):
        with translation.override("vi"), pytest.raises(NotANumber, match="1.234,5") as refused:
            read("12.5", field="value")
        assert refused.value.field == "value"

    @given(st.text(max_size=50), st.sampled_from(["vi", "en", PLAIN]))
    def test_any_text_is_a_number_or_refused(self, text, language):
        try:
            assert read(text, language=language).is_finite()
        except NotANumber as refusal:
            assert str(refusal)

    @given(st.floats(-1e14, 1e14), st.integers(0, 4), LANGUAGES)
    def test_what_is_written_is_read(self, number, decimals, language):
        with translation.override(language):
            if (text := fixed(number, decimals))[0] != "<":
                assert read(text) == rounded(number, decimals)
            assert read(typed(number)) == rounded(number, 10)


class TestRounding:
    @pytest.mark.parametrize(("value", "decimals", "text"), CASES["written"])
    def test_a_half_goes_up_and_nothing_becomes_a_negative_zero(self, value, decimals, text):
        with translation.override("vi"):
            assert fixed(value, decimals) == text

    @given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
    def test_every_float_is_rounded_to_within_a_half(self, value, decimals):
        assert abs(rounded(value, decimals) - Decimal(repr(value))) <= Decimal("0.5").scaleb(-decimals)

    @given(st.floats(-1e12, 1e12), st.integers(0, 4))
    def test_rounding_is_the_same_on_both_sides_of_zero(self, value, decimals):
        assert rounded(-value, decimals) == -rounded(value, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 2, "1.234,50", "1,234.50"),
        (0, 2, "0,00", "0.00"),
        (0.0049, 2, "< 0,01", "< 0.01"),
        (0.005001, 2, "0,01", "0.01"),
        (0.3, 0, "< 1", "< 1"),
        (-0.001, 2, "0,00", "0.00"),
        (Decimal("0.0001"), 1, "< 0,1", "< 0.1"),
    ],
)
def test_with_so_many_decimals_nothing_above_zero_becomes_zero(value, decimals, vi, en):
    for language, said in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert fixed(value, decimals) == said


@pytest.mark.parametrize(
    ("value", "vi"),
    [
        (3250, "3.250"),
        (80.0, "80"),
        (1.2, "1,2"),
        (Decimal("1.2000"), "1,2"),
        (0.001, "< 0,01"),
        (0, "0"),
        (-0.001, "0"),
        (100, "100"),
    ],
)
def test_with_the_decimals_that_it_has(value, vi):
    with translation.override("vi"):
        assert trimmed(value) == vi
