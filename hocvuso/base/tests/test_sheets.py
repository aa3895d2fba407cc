"""Tables of strangers: read as people keep them, bounded, refused in words."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Written

from hocvuso.base import sheets
from hocvuso.base.numbers import NotANumber, NotAShare, NotWhole, TwoReadings
from hocvuso.base.text import clean

from . import hostile

COLUMNS = {"code": ("code", "ma"), "value": ("value", "gia tri")}


def read(content, **options):
    content = content.encode() if isinstance(content, str) else content
    with translation.override("vi"):
        return sheets.read_rows("bảng", content, COLUMNS, ("code", "value"), **options)


def rows(content, **options):
    found = read(content, **options)
    assert found.faults == []
    return [(row["code"], row["value"]) for _number, row in found.rows]


def why(content):
    found = read(content)
    assert found.rows == []
    return " ".join(map(str, found.faults))


def excel(*lines, formats=None):
    book = Written()
    for line in lines:
        book.active.append(line)
    for at, shown in (formats or {}).items():
        book.active[at].number_format = shown
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def cell(value, shown="General"):
    """What comes in of a cell with a number format."""
    [(_code, found)] = rows(excel(["code", "value"], ["a", value], formats={"B2": shown}))
    return found


class TestCellsOfExcel:
    @pytest.mark.parametrize(
        ("value", "shown", "read"),
        [
            (12, "General", "12"),
            (1234.5, "#,##0.00", "1234.5"),
            (0.615, "0.0%", "61.5"),
            (0.07, "0%", "7"),
            (-0.5, "0.00%;[Red]-0.00%", "-50"),
            (0.1 + 0.2, "General", "0.3"),
            (1e15, "General", "1000000000000000"),
            (46296, "mmm-yy", "2026-10"),
            (46296, "yyyy-mm", "2026-10"),
            (date(2026, 10, 1), "dd/mm/yyyy", "2026-10-01"),
            (date(2026, 10, 1), "[$-42A]d mmmm yyyy;@", "2026-10-01"),
            (datetime(2026, 10, 1, 7, 30), "yyyy-mm-dd hh:mm", "2026-10-01 07:30:00"),
            (59, "yyyy-mm-dd", "1900-02-28"),
            (61, "yyyy-mm-dd", "1900-03-01"),
            (123, "00000", "00123"),
            ("00123", "General", "00123"),
            ("00123", "@", "00123"),
            (12, '"ngày" 0', "12"),
            (True, "General", "TRUE"),
            (0.5, "h:mm", "12:00:00"),
            (1.5, "[h]:mm", "36:00:00"),
        ],
    )
    def test_the_number_format_says_what_a_number_is(self, value, shown, read):
        assert cell(value, shown) == read

    def test_a_number_cell_needs_no_language_and_a_text_cell_does(self):
        assert sheets.number(cell(12.345), language="vi") == Decimal("12.345")
        assert sheets.number(cell("12.345"), language="vi") == 12345
        with pytest.raises(NotANumber):
            sheets.number(cell("12.5"), language="vi")
        with pytest.raises(NotWhole):
            sheets.number(cell(1.234), whole=True)
        with pytest.raises(NotANumber):
            sheets.number(cell(0.5, "h:mm"))  # which shows 12:00
        assert sheets.number(cell(0.5, "0%")) == sheets.number(cell(0.5, "0%"), whole=True, percent=True) == 50
        with pytest.raises(NotAShare):
            sheets.number(cell(0.5, "0%"), whole=True)  # half of what?

    @given(st.floats(-1e12, 1e12, allow_nan=False))
    @settings(max_examples=30, deadline=None)
    def test_a_number_comes_in_as_the_spreadsheet_shows_it(self, number):
        assert float(cell(number)) == pytest.approx(number, rel=1e-14)


class TestRows:
    def test_blank_rows_trailing_spaces_and_no_break_spaces_are_nothing(self):
        table = "code,value\na ,\u00a012\n,,\n \u00a0,\u200b\n\nb\u00a0,3,,\n"
        assert rows(table) == [("a", "12"), ("b", "3")]
        assert rows(excel(["code ", "\u00a0value"], ["a ", 12], [], [" ", "\u00a0"], ["b", 3], ["", None])) == [
            ("a", "12"),
            ("b", "3"),
        ]

    def test_rows_keep_their_numbers(self):
        assert [number for number, _row in read(excel(["DANH SÁCH"], [], ["Mã", "Giá trị"], [], ["a", 1])).rows] == [5]

    @pytest.mark.parametrize("text", ["code;value\na;1,5\n", "sep=;\ncode;value\na;1,5\n", "code\tvalue\na\t1,5\n"])
    def test_the_delimiter_is_that_of_the_header(self, text):
        assert rows(text) == rows("\ufeff" + text) == [("a", "1,5")]

    def test_a_column_that_is_not_understood_is_a_fault(self):
        assert "không hiểu cột: giới tính" in why("code,value,giới tính\na,1,Nữ\n")
        found = read("code,value,giới tính\na,1,Nữ\n", lenient=True)
        assert (len(found.rows), found.unused) == (1, ["giới tính"])

    @pytest.mark.parametrize("head", ["code,value", "code,value,"])
    def test_a_cell_beside_the_named_columns_is_a_fault(self, head):
        [fault] = read(f"{head}\na,1,5\n").faults
        assert (fault.row, fault.value) == (2, "5")

    def test_a_column_that_people_add_for_themselves_is_none(self):
        assert rows("STT,code,Tên đơn vị,value,Ghi chú\n1,a,Xã A,5,mới\n") == [("a", "5")]

    def test_a_column_twice_is_a_fault(self):
        assert "hai cột cùng nghĩa: code, Mã" in why("code,Mã,value\na,b,1\n")

    @given(st.lists(st.tuples(st.text(max_size=9), st.text(min_size=1, max_size=9)), max_size=6))
    @settings(deadline=None)
    def test_what_is_written_is_read_back_clean(self, table):
        wanted = [(clean(a), clean(b)) for a, b in table if clean(a) or clean(b)]
        out = StringIO()
        csv.writer(out).writerows([["code", "value"], *([sheets.quoted(clean(c)) for c in row] for row in table)])
        assert rows(out.getvalue()) == wanted


class TestFormulas:
    @pytest.mark.parametrize("text", ["=HYPERLINK(1)", "- Máy", "+84", "@x", "'- Máy", "'=1", "'", "''", "x", "'x"])
    def test_quoting_is_undone(self, text):
        assert sheets.unquoted(sheets.quoted(text)) == text
        assert not sheets.quoted(text).startswith(("=", "+", "-", "@"))

    @given(st.text(max_size=20))
    def test_any_text_comes_back(self, text):
        assert sheets.unquoted(sheets.quoted(text)) == text

    @pytest.mark.parametrize("broken", ["=SUM(A1:A9)", "#N/A", "#REF!"])
    def test_what_the_spreadsheet_could_not_work_out_is_a_fault(self, broken):
        for content in (excel(["code", "value"], [broken, 1]), f"code,value\n{broken},1\n"):
            if content[:2] == b"PK" or broken[0] == "#":
                [fault] = read(content).faults
                assert (fault.row, fault.column, fault.value) == (2, "code", broken)

    @pytest.mark.parametrize(
        ("xml", "found"),
        [
            ('<c t="str"><f>IF(A1=1,"",2)</f><v></v></c>', ""),
            ('<c t="str"><f>A1</f><v>12</v></c>', "12"),
            ('<c t="d"><v>2026-10-01T00:00:00</v></c>', "2026-10-01"),
            ('<c t="d"><v>2026-10-01T07:30:00Z</v></c>', "2026-10-01 07:30:00Z"),
        ],
    )
    def test_what_a_formula_gave_and_a_day_in_the_strict_form(self, xml, found):
        assert rows(hostile.workbook(f'<row r="2"><c t="str"><v>a</v></c>{xml}</row>')) == [("a", found)]

    def test_a_shared_formula_without_its_value_is_not_nothing(self):
        [fault] = read(hostile.workbook('<row r="2"><c><f t="shared" si="0"/></c><c><v>1</v></c></row>')).faults
        assert fault.column == "code"


def several(**tables):
    """A workbook with these sheets; one whose name ends in `hidden` is."""
    book = Written()
    book.remove(book.active)
    for name, lines in tables.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.endswith("hidden") else "visible"
        for line in lines:
            sheet.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class TestSheets:
    TABLE, OTHER = [["code", "value"], ["a", 1]], [["code", "value"], ["b", 2]]

    def test_the_table_is_found_behind_other_sheets(self):
        assert rows(several(guide=[["Hãy đọc kỹ"], ["mã ghi ở cột code"]], data=self.TABLE)) == [("a", "1")]
        assert rows(several(data=self.TABLE, codes=[["code", "Tên"], ["a", "Xã A"]])) == [("a", "1")]
        assert rows(several(empty=[["code", "value"]], data=self.TABLE)) == [("a", "1")]

    def test_of_two_tables_none_is_passed_over(self):
        assert "nhiều trang: sep, oct" in why(several(sep=self.TABLE, oct=self.OTHER))

    def test_one_that_is_wrong_further_down_is_a_table_all_the_same(self):
        heavy = [*self.TABLE, *[["code" * 8_000, n] for n in range(18)]]
        many = dict.fromkeys(["z1", "z2"], self.TABLE)
        assert "nhiều trang" in why(several(sep=heavy * 3, **many))

    def test_a_hidden_sheet_is_none(self):
        assert rows(several(old_hidden=self.TABLE, data=self.OTHER)) == [("b", "2")]

    def test_there_are_not_too_many_to_look_at(self):
        assert "trang" in why(several(**{f"s{n}": self.TABLE for n in range(51)}))


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "thiếu cột"),
            (b"<!DOCTYPE html><html><table><tr><td>code</td></tr></table></html>", "trang web"),
            (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "trang web"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "mật khẩu"),
            (b"PK\x03\x04 broken", "hỏng"),
            (b"%PDF-1.7", "PDF"),
            ("code,value\nmã,1\n".encode("utf-16"), "UTF-8"),
            ("code,value\nmã,1\n".encode("latin-1"), "UTF-8"),
            (b"code,value\n\x00a,1\n", "UTF-8"),
            (b'code,value\na,"1\nb,2\nc,3\n', "dòng 2"),
            (b'code,value\nx,1\na,"1\nb,"2"\nc,3\n', "dòng 3"),
        ],
    )
    def test_in_words(self, content, said):
        assert said in why(content)

    def test_other_archives(self):
        for part in ("content.xml", "xl/workbook.bin", "word/document.xml"):
            out = BytesIO()
            with ZipFile(out, "w") as archive:
                archive.writestr(part, "x")
            assert "không phải .xlsx" in why(out.getvalue())

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_a_damaged_workbook_is_read_or_refused_and_nothing_else_happens(self, data):
        content = bytearray(WORKBOOK)
        for _ in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(2, len(content) - 1))] = data.draw(st.integers(0, 255))
        read(bytes(content[: data.draw(st.integers(2, len(content)))]))

    @given(st.text("<>/&;\"'= ?!ab[]x:1", max_size=60))
    @settings(deadline=None)
    def test_any_xml_in_a_workbook_is_read_or_refused(self, xml):
        read(hostile.workbook(xml))

    @given(st.binary(max_size=80))
    def test_any_bytes_are_read_or_refused(self, content):
        read(content)
        read(b"code,value\n" + content)

    def test_entities(self):
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>')
        assert "hỏng" in why(out.getvalue())


WORKBOOK = excel(["code", "value"], ["a", 1], ["b", "hai"])


def test_a_text_that_many_cells_share_is_not_kept_for_each():
    """Seven kilobytes that were five gigabytes in memory."""
    text, row = "<si><t>" + "ă" * 32_000 + "</t></si>", '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    assert "quá lớn" in why(hostile.workbook(row * 20_000, strings=text))


def test_no_more_faults_are_told_than_anybody_reads():
    assert len(read("code,value\n" + ",,x\n" * 100_000).faults) == sheets.MOST_FAULTS


@pytest.mark.parametrize("name", hostile.FILES)
def test_no_file_takes_the_memory_of_the_machine(tmp_path, name):
    """A process that reads it needs less than 200 MB, with all that it needs anyway, and says no in words."""
    file = tmp_path / "file"
    file.write_bytes(hostile.FILES[name]())
    command = [sys.executable, "-m", "hocvuso.base.tests.hostile", str(file)]
    told, memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told.startswith("refused: ") and int(memory) < 200


def test_what_no_text_has_is_not_in_a_cell_either():
    """Office writes such characters as `_x0000_`; a page and a database break at them."""
    book = sheets.Workbook(BytesIO(hostile.pointing(["code"], ["a_x0000_b_xD800_c_x000A_d_x0041_"], 1)))
    assert [cells for _number, cells in book.lines(*book.sheets)] == [["code"], ["abc\ndA"]]


def test_a_zero_byte_far_down_is_found():
    assert "không phải văn bản" in why(b"code,value\n" + b"a,1\n" * 2000 + b"b,\0\n")


class TestLanguage:
    def test_with_semicolons_numbers_are_those_of_the_page(self):
        assert read("code;value\na;1\n").language == "vi"
        with translation.override("en"):
            assert sheets.read_rows("x", b"code,value\na,1\n", COLUMNS, ()).language == "en"

    def test_with_commas_both_ways_are_understood_and_what_could_be_either_is_refused(self):
        language = read("code,value\na,1\n").language
        for text, number in (("1234.5", "1234.5"), ("1.234,5", "1234.5"), ("61.5", "61.5"), ("0.125", "0.125")):
            assert sheets.number(text, language=language) == Decimal(number)
        with pytest.raises(TwoReadings):
            sheets.number("1.234", language=language)
        assert sheets.number("1.500", language=language, whole=True) == 1500

    def test_a_declared_language_holds(self):
        assert read("code,value\na,1\n", language="plain").language == "plain"


def test_a_cell_that_goes_out_holds_nothing_that_a_workbook_cannot():
    assert sheets.safe("một\x0bhai\x00") == "một\nhai"
    assert sheets.safe("=1\x0b") == "'=1"
    assert (sheets.safe(3), sheets.safe(None), sheets.safe(Decimal("1.5"))) == (3, None, Decimal("1.5"))
