"""Tables of values in the forms others use."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hocvuso.indicators.exchange import BadTable, read_bytes

ADX = """<?xml version="1.0"?><adx xmlns="urn:ihe:qrph:adx:2015">
<group orgUnit="SO-1" period="2026-01-01/P1M"><dataValue dataElement="a" value="3"/>
<dataValue dataElement="b" value="4"/></group>
<group orgUnit="SO-2" period="2026-04-01/P3M"><dataValue dataElement="a" value="5"/></group></adx>"""


def rows(text, kind=""):
    return list(read_bytes(text.encode(), kind))


class TestCsv:
    def test_long_with_any_order_of_columns(self):
        assert rows("value,unit,period,indicator\n3,SO-1,2026-01,a\n") == [(2, "a", "SO-1", "2026-01", "3")]

    def test_vietnamese_names_and_semicolons(self):
        assert rows("Mã chỉ số;Mã đơn vị;Kỳ;Giá trị\na;SO-1;2026;1.234,5\n") == [(2, "a", "SO-1", "2026", "1.234,5")]

    def test_wide_gives_a_row_for_each_filled_cell(self):
        found = rows("unit,period,a,b\nSO-1,2026,1,\nSO-2,2026,,2\n")
        assert found == [(2, "a", "SO-1", "2026", "1"), (3, "b", "SO-2", "2026", "2")]

    def test_sdmx_csv(self):
        text = "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nX:Y(1.0),a,SO-1,2026-Q1,7\n"
        assert rows(text, "sdmx-csv") == [(2, "a", "SO-1", "2026-Q1", "7")]

    def test_a_row_that_is_too_short_is_named(self):
        with pytest.raises(BadTable, match="dòng 3"):
            rows("indicator,unit,period,value\na,SO-1,2026,1\na,SO-1\n")

    @pytest.mark.parametrize("text", ["", "một,hai\n1,2\n", "unit,period,value\nx,2026,1\n"])
    def test_what_is_no_table_is_refused(self, text):
        with pytest.raises(BadTable):
            rows(text)

    def test_other_encodings_are_refused_in_words(self):
        with pytest.raises(BadTable, match="UTF-8"):
            list(read_bytes("indicator,unit,period,value\nchỉ số,x,2026,1\n".encode("utf-16")))

    @given(
        st.lists(
            st.tuples(*[st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)] * 4), max_size=8
        )
    )
    def test_what_csv_writes_is_read_back(self, table):
        out = StringIO()
        csv.writer(out).writerows([["indicator", "unit", "period", "value"], *table])
        assert [row[1:] for row in rows(out.getvalue())] == table


class TestAdx:
    def test_groups_give_unit_and_period(self):
        assert rows(ADX) == [
            (1, "a", "SO-1", "2026-01", "3"),
            (2, "b", "SO-1", "2026-01", "4"),
            (3, "a", "SO-2", "2026-Q2", "5"),
        ]

    @pytest.mark.parametrize("period", ["2026-10-02/P1M", "2026-02-01/P3M", "2026-05-01/P6M", "2026-04-01/P1Y"])
    def test_a_period_that_begins_on_another_day_is_none(self, period):
        [row] = rows(f'<adx><group orgUnit="S" period="{period}"><dataValue dataElement="a" value="1"/></group></adx>')
        assert row[3] == period

    def test_broken_xml_is_refused(self):
        with pytest.raises(BadTable, match="XML"):
            rows(ADX[:-20])

    def test_entities_are_refused(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><adx><group orgUnit="&a;" period="2026"/></adx>'
        with pytest.raises(Exception, match="DTD|Entit"):
            rows(bomb)


def test_excel_with_numbers_as_spreadsheets_keep_them():
    book = Workbook()
    book.active.append(["Mã chỉ số", "Mã đơn vị", "Kỳ", "Giá trị"])
    book.active.append(["a", "SO-1", 2026, 3.0])
    out = BytesIO()
    book.save(out)
    assert list(read_bytes(out.getvalue())) == [(2, "a", "SO-1", "2026", "3")]


def test_a_broken_workbook_is_refused():
    with pytest.raises(BadTable, match="Excel"):
        list(read_bytes(b"PK\x03\x04 broken"))
