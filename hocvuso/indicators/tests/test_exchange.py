"""Tables of values in the forms others use."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hocvuso.base.sheets import Fault
from hocvuso.base.text import clean
from hocvuso.indicators.exchange import BadTable, read

ADX = """<?xml version="1.0"?><adx xmlns="urn:ihe:qrph:adx:2015">
<group orgUnit="SO-1" period="2026-01-01/P1M"><dataValue dataElement="a" value="3"/>
<dataValue dataElement="b" value="4"/></group>
<group orgUnit="SO-2" period="2026-04-01/P3M"><dataValue dataElement="a" value="5"/></group></adx>"""


def rows(text, kind=""):
    return list(read(BytesIO(text.encode()), kind))


class TestCsv:
    def test_long_with_any_order_of_columns(self):
        assert rows("value,unit,period,indicator\n3,SO-1,2026-01,a\n") == [(2, "a", "SO-1", "2026-01", "3")]

    def test_vietnamese_names_and_semicolons(self):
        assert rows("Mã chỉ số;Mã đơn vị;Kỳ;Giá trị\na;SO-1;2026;1.234,5\n") == [(2, "a", "SO-1", "2026", "1234.5")]

    def test_wide_gives_a_row_for_each_filled_cell(self):
        found = rows("unit,period,a,b\nSO-1,2026,1,\nSO-2,2026,,2\n")
        assert found == [(2, "a", "SO-1", "2026", "1"), (3, "b", "SO-2", "2026", "2")]

    def test_sdmx_csv(self):
        text = "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nX:Y(1.0),a,SO-1,2026-Q1,7\n"
        assert rows(text, "sdmx-csv") == [(2, "a", "SO-1", "2026-Q1", "7")]

    def test_a_row_that_is_too_short_is_named(self):
        _right, fault = rows("indicator,unit,period,value\na,SO-1,2026,1\na,SO-1\n")
        assert isinstance(fault, Fault) and fault.row == 3

    def test_a_comma_too_many_is_no_other_value(self):
        [fault] = rows("indicator,unit,period,value\na,SO-1,2026,1,5\n")
        assert isinstance(fault, Fault) and fault.value == "5"

    @pytest.mark.parametrize("head", ["indicator,unit,period,value", "unit,period,a,b"])
    def test_blank_rows_are_nothing_in_either_form(self, head):
        assert rows(f"{head}\n,,,\n \u00a0,,,\n\n\u200b,,,\n") == []

    @pytest.mark.parametrize("more", ["Nữ", "giới tính"])
    def test_a_column_that_is_not_understood_refuses_the_file(self, more):
        with pytest.raises(BadTable, match=more):
            rows(f"indicator,unit,period,value,{more}\na,SO-1,2026,1,x\n")

    def test_a_quote_that_is_not_closed_is_named_by_its_row(self):
        with pytest.raises(BadTable, match="dòng 3"):
            rows('indicator,unit,period,value,note\na,S,2026,1,\na,T,2026,2,"chưa đóng\na,U,2026,3,x\n')

    def test_a_declared_language_is_read_by(self):
        text = "indicator;unit;period;value\na;S;2026;1,234.5\n"
        [fault] = rows(text)
        assert (fault.row, fault.column, fault.value) == (2, "value", "1,234.5")
        assert list(read(BytesIO(text.encode()), language="en")) == [(2, "a", "S", "2026", "1234.5")]

    @pytest.mark.parametrize("text", ["", "một,hai\n1,2\n", "unit,period,value\nx,2026,1\n"])
    def test_what_is_no_table_is_refused(self, text):
        with pytest.raises(BadTable):
            rows(text)

    @pytest.mark.parametrize("row", ["I,a,S,_T,2026,5", "R,a,S,,2026,5", "M,a,S,_Z,2026,5"])
    def test_sdmx_rows_of_all_together(self, row):
        assert rows(f"ACTION,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n{row}\n") == [(2, "a", "S", "2026", "5")]

    @pytest.mark.parametrize(("row", "column"), [("I,a,S,F,2026,5", "SEX"), ("D,a,S,_T,2026,5", "ACTION")])
    def test_sdmx_rows_of_a_part_or_with_another_action_are_faults(self, row, column):
        [fault] = rows(f"ACTION,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n{row}\n")
        assert isinstance(fault, Fault) and (fault.row, fault.column) == (2, column)

    @pytest.mark.parametrize(("column", "cell"), [("UNIT_MULT", "3"), ("OBS_STATUS", "M"), ("UNIT_MEASURE", "PT")])
    def test_sdmx_attributes_that_change_the_value_are_faults(self, column, cell):
        [fault] = rows(f"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,{column}\na,S,2026,5,{cell}\n")
        assert isinstance(fault, Fault) and fault.column == column

    def test_other_encodings_are_refused_in_words(self):
        with pytest.raises(BadTable, match="UTF-8"):
            list(read(BytesIO("indicator,unit,period,value\nchỉ số,x,2026,1\n".encode("utf-16"))))

    @given(
        st.lists(
            st.tuples(*[st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)] * 4), max_size=8
        )
    )
    def test_what_csv_writes_is_read_back(self, table):
        out = StringIO()
        csv.writer(out).writerows([["indicator", "unit", "period", "value"], *table])
        assert [tuple(map(clean, row[1:])) for row in rows(out.getvalue())] == [tuple(map(clean, r)) for r in table]


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
        with pytest.raises(BadTable, match="DTD"):
            rows(bomb)

    @pytest.mark.parametrize("said", ['sex="F"', 'ageGroup="under5"', 'categoryOptionCombo="abc"', 'comment="x"'])
    def test_a_part_is_not_taken_for_the_whole(self, said):
        for group, value in ((said, ""), ("", said)):
            with pytest.raises(BadTable, match=said.partition("=")[0]):
                rows(
                    f'<adx><group orgUnit="S" period="2026" {group}>'
                    f'<dataValue dataElement="a" value="1" {value}/></group></adx>'
                )

    def test_what_says_nothing_else_is_taken(self):
        [row] = rows(
            '<adx xmlns="urn:ihe:qrph:adx:2015" exported="2026-11-01T00:00:00Z" orgUnitIdScheme="CODE">'
            '<group orgUnit="S" period="2026" dataSet="D" attributeOptionCombo="default">'
            '<dataValue dataElement="a" value="1.0E3" categoryOptionCombo="default"/></group></adx>'
        )
        assert float(row[4]) == 1000

    @pytest.mark.parametrize(
        "text",
        [
            '<dataValueSet><dataValue dataElement="a" value="1"/></dataValueSet>',
            '<adx><dataValue dataElement="a" value="1"/></adx>',
            '<adx><group orgUnit="S" period="2026"><dataValue dataElement="a"><annotation/></dataValue></group></adx>',
            "<!DOCTYPE html><html><table><tr><td>indicator</td></tr></table></html>",
        ],
    )
    def test_what_is_no_adx_is_refused(self, text):
        with pytest.raises(BadTable):
            rows(text)


def test_excel_with_numbers_as_spreadsheets_keep_them():
    book = Workbook()
    book.active.append(["Mã chỉ số", "Mã đơn vị", "Kỳ", "Giá trị"])
    book.active.append(["a", "SO-1", 2026, 3.0])
    out = BytesIO()
    book.save(out)
    assert list(read(BytesIO(out.getvalue()))) == [(2, "a", "SO-1", "2026", "3")]


def test_a_broken_workbook_is_refused():
    with pytest.raises(BadTable, match="Excel"):
        list(read(BytesIO(b"PK\x03\x04 broken")))
