"""Columns of printed tables: words stay whole, wide tables lie on their side."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from docx.shared import Mm

from hocvuso.documents import rules_columns
from hocvuso.documents.docx import SIDEWAYS_MM, TEXT_MM, render
from hocvuso.documents.rules import Letterhead, Sheet

HEAD = ["Điều, mục", "Nội dung dự thảo", "Đơn vị", "Loại", "Ý kiến", "Lời văn đề xuất", "Trả lời", "Lý do"]
LONG = "đề nghị nghiêng về trách nhiệm của Uỷ ban nhân dân cấp xã " * 5
WIDE = {"kind": "table", "head": HEAD, "rows": [["Điều 1", LONG, "Sở Một", "đề nghị sửa", LONG, LONG, "Có", LONG]]}
SMALL = {"kind": "table", "head": ["STT", "Việc", "Hạn"], "rows": [["1", LONG, "01/05/2026"]]}
HEADING, TEXT = {"kind": "heading", "text": "III. BẢNG"}, {"kind": "paragraph", "text": "Nội dung."}


@pytest.mark.parametrize("table", [WIDE, SMALL])
@pytest.mark.parametrize("space", [TEXT_MM, SIDEWAYS_MM])
def test_columns_fill_the_space_and_hold_their_longest_word(table, space):
    widths = rules_columns.widths(table["head"], table["rows"], space)
    assert sum(widths) == pytest.approx(space)
    floors = rules_columns.floors(table["head"], table["rows"])
    assert all(width >= floor for width, floor in zip(widths, floors, strict=True))


def test_what_fits_nowhere_is_shared_out_all_the_same():
    widths = rules_columns.widths(["x" * 50] * 4, [], TEXT_MM)
    assert sum(widths) == pytest.approx(TEXT_MM) and len(set(widths)) == 1


def test_marks_on_letters_take_no_width():
    assert rules_columns.width("nghiêng") == rules_columns.width("nghieng")


def sections(*body):
    sheet = Sheet(Letterhead("Sở Một"), "BC", "Báo cáo", "Tổng hợp", body=list(body), signer="Mẫu")
    document = Document(BytesIO(render(sheet)))
    shapes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections]
    return document, shapes


def test_a_wide_table_lies_on_its_side_with_its_heading_and_the_rest_stands():
    document, shapes = sections(TEXT, HEADING, WIDE, TEXT, SMALL)
    assert shapes == [(210, 297), (297, 210), (210, 297)]
    assert all(Mm(30) <= s.left_margin and Mm(15) <= s.right_margin for s in document.sections)
    turns = [p for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.sectPr is not None]
    assert len(turns) == 2 and all(p.text != HEADING["text"] for p in turns)


def test_without_wide_tables_there_is_one_section():
    assert sections(TEXT, HEADING, SMALL)[1] == [(210, 297)]


def test_a_document_that_ends_with_a_wide_table_is_signed_beneath_it():
    assert sections(TEXT, HEADING, WIDE)[1] == [(210, 297), (297, 210)]
