"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from hocvuso.base.numbers import fixed, trimmed


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 2, "1.234,50", "1,234.50"),
        (0, 2, "0,00", "0.00"),
        (0.0049, 2, "< 0,01", "< 0.01"),
        (0.005001, 2, "0,01", "0.01"),
        (0.3, 0, "< 1", "< 1"),
        (-0.001, 2, "-0,00", "-0.00"),
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
    ],
)
def test_with_the_decimals_that_it_has(value, vi):
    with translation.override("vi"):
        assert trimmed(value) == vi
