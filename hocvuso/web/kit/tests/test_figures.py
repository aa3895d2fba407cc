"""Figures as templates write them: what is not nothing never reads as nothing."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.template import Context, Template
from django.utils import translation

from hocvuso.documents.blocks import number
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure

SHARE = Indicator(key="ti-le", title="Tỉ lệ", decimals=2)


def written(source, **values):
    with translation.override("vi"):
        return Template("{% load kit figures %}" + source).render(Context(values))


@pytest.mark.parametrize(("value", "said"), [(0.003, "&lt; 0,01"), (0.0, "0,00"), (None, "–"), (1234.5, "1.234,50")])
def test_a_figure_with_its_indicator_s_decimals(value, said):
    assert written("{{ figure|written:i }}", figure=Figure("ti-le", uuid4(), "2026", value), i=SHARE) == said


@pytest.mark.parametrize(
    ("filter_", "value", "said"),
    [
        ("amount", Decimal("1950"), "1.950"),
        ("amount", 0.001, "&lt; 0,01"),
        ("amount", None, "–"),
        ("percent", 0.003, "&lt; 1 %"),
        ("percent", Decimal("0.6"), "60 %"),
    ],
)
def test_plain_numbers(filter_, value, said):
    assert written("{{ value|" + filter_ + " }}", value=value) == said


def test_a_document_says_it_in_words():
    assert number(0.003, 2) == "dưới 0,01" and number(0, 2) == "0,00" and number(3250) == "3.250"
