"""A point is a decimal point wherever the form of a table leaves no doubt; a thousandfold error is never silent."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from hocvuso.base.numbers import TwoReadings
from hocvuso.indicators import exchange as tables
from hocvuso.indicators.services.importing import read_number

ADX = '<adx><group orgUnit="S" period="2026"><dataValue dataElement="a" value="12.345"/></group></adx>'


def values(content, *, whole=False):
    return [read_number(row[4], whole=whole, percent=False) for row in tables.read(BytesIO(content))]


def test_machine_forms_have_decimal_points():
    assert values(ADX.encode()) == [12.345]
    assert values(b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\na,S,2026,12.345\n") == [12.345]


def test_a_number_cell_of_excel_is_the_number_and_a_text_cell_is_what_people_write():
    book, file = Workbook(), BytesIO()
    for row in (["indicator", "unit", "period", "value"], ["a", "S", "2026", 12.345], ["a", "S", "2026", "1.500"]):
        book.active.append(row)
    book.save(file)
    assert values(file.getvalue()) == [12.345, 1500]


def test_people_write_csv():
    assert values(b"indicator,unit,period,value\na,S,2026,1.500\na,S,2026,1500\n", whole=True) == [1500, 1500]
    assert values(b"indicator;unit;period;value\na;S;2026;1.500\na;S;2026;12,5\n") == [1500, 12.5]


def test_what_could_be_a_thousand_times_as_much_is_refused():
    with pytest.raises(TwoReadings):
        values(b"indicator,unit,period,value\na,S,2026,1.500\n")
