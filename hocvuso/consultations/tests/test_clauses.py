"""Documents split into clauses: nothing is lost, headings are recognised, Word's own numbers are read."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.consultations import rules_docx
from hocvuso.consultations.rules import split, tally

DECREE = """QUYẾT ĐỊNH
Về việc ban hành kế hoạch
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quyết định này quy định việc học.
a) Điểm a;
b) Điểm b.
2. Không áp dụng cho ngày 1.1.2026 đã qua.
Điều 2. Hiệu lực
Quyết định có hiệu lực từ ngày ký.
Điều 2a. Bổ sung"""
PLAN = """KẾ HOẠCH
I. MỤC ĐÍCH
1. Phổ cập
1.1. Người cao tuổi
1.2. Học sinh
II. NHIỆM VỤ
1. Tổ chức lớp"""
lines = st.lists(
    st.sampled_from(
        ["Điều 1. A", "1. b", "a) c", "Chương II", "I. D", "", "  chữ  ", "2.1. e", "Mục 3. G", "10 người"]
    ),
    max_size=30,
)


def labels(text):
    return [(p.label, p.depth) for p in split(text)]


class TestSplitting:
    def test_chapters_articles_and_clauses(self):
        assert labels(DECREE) == [
            ("", 0),
            ("Chương I", 1),
            ("Điều 1", 3),
            ("Điều 1 khoản 1", 4),
            ("Điều 1 khoản 2", 4),
            ("Điều 2", 3),
            ("Điều 2a", 3),
        ]
        assert split(DECREE)[3].text.splitlines()[1:] == ["a) Điểm a;", "b) Điểm b."]

    def test_numbered_headings(self):
        assert [label for label, _depth in labels(PLAN)] == ["", "I", "I.1", "1.1", "1.2", "II", "II.1"]

    def test_numbers_inside_sentences_are_no_headings(self):
        assert labels("10 người đã học\n3.321 xã\nĐiều này đúng\nMục tiêu chung") == [("", 0)]

    @given(lines)
    def test_no_line_is_lost_and_order_is_kept(self, rows):
        text = "\n".join(rows)
        kept = [line for piece in split(text) for line in piece.text.splitlines()]
        assert kept == [row.strip() for row in rows if row.strip()]

    @given(st.text())
    def test_any_text_can_be_split(self, text):
        assert all(piece.text for piece in split(text))

    @given(
        st.lists(
            st.sampled_from(
                [("agree", ""), ("change", "accepted"), ("change", "partly"), ("change", "no"), ("change", ""),
                 ("question", "explained"), ("question", "")]
            )
        )
    )  # fmt: skip
    def test_counts_add_up(self, pairs):
        t = tally(pairs)
        assert t.comments == t.agree + t.change + t.question
        assert t.change + t.question == t.accepted + t.partly + t.no + t.explained + t.unanswered


def saved(document):
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class TestWord:
    def test_headings_lists_and_tables_in_order(self):
        document = docx.Document()
        document.add_paragraph("KẾ HOẠCH", style="Title")
        document.add_heading("Mục đích yêu cầu", level=1)
        document.add_paragraph("Phổ cập kỹ năng", style="List Number")
        document.add_paragraph("Không hình thức", style="List Number")
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Việc", "Hạn"
        document.add_paragraph("Điều 1. Giao nhiệm vụ")
        read = rules_docx.read(saved(document))
        pieces = split(read.text, headings=read.headings)
        assert [p.label for p in pieces] == [
            "", "Mục đích yêu cầu", "Mục đích yêu cầu.1", "Mục đích yêu cầu.2", "Điều 1",
        ]  # fmt: skip
        assert pieces[3].text == "2. Không hình thức\nViệc | Hạn"

    def test_an_article_under_a_word_heading_keeps_its_own_label(self):
        document = docx.Document()
        document.add_heading("Điều 5. Trách nhiệm", level=3)
        read = rules_docx.read(saved(document))
        assert [p.label for p in split(read.text, headings=read.headings)] == ["Điều 5"]

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04", b"x" * 100])
    def test_what_is_no_word_file_is_refused(self, content):
        with pytest.raises(rules_docx.Unreadable):
            rules_docx.read(content)

    def test_a_workbook_is_no_document(self):
        from openpyxl import Workbook

        out = BytesIO()
        Workbook().save(out)
        with pytest.raises(rules_docx.Unreadable):
            rules_docx.read(out.getvalue())

    def test_what_unpacks_beyond_bounds_is_refused(self, monkeypatch):
        monkeypatch.setattr(rules_docx, "MOST_UNPACKED", 1000)
        with pytest.raises(rules_docx.Unreadable):
            rules_docx.read(saved(docx.Document()))
