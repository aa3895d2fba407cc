"""Whatever a document says, its lesson says: signs of our format are text there, and the body always parses."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.authoring.importing.model import Box, Break, Gathered, Picture, Run, Table, Text, tidy
from hocvuso.authoring.importing.shaping import shaped
from hocvuso.authoring.importing.writing import to_markdown
from hocvuso.library.rendering.article import markdown
from hocvuso.library.source.blocks import parse


def body(*blocks, name="a.docx"):
    gathered = Gathered()
    for block in blocks:
        gathered.add(block)
    return to_markdown(shaped(gathered, name)[1])


def said(text, **look):
    return Text([Run(text, **look)])


def heading(text, level=1):
    return Text([Run(text)], "heading", level)


@pytest.mark.parametrize(
    "text",
    [
        "::: warning", ":::", "---", "***", "___", "===", "# Một", "> trích", "1. một mình", "+ một", "a * b * c",
        "*nghiêng*", "**đậm**", "_gạch_", "ten_tep_dai", "[x](http://a.example)", "![x](a.png)", "<script>x</script>",
        "<b>đậm</b>", "&lt;", "&amp; &#65;", "`mã`", "```", "~~~", "| a | b |", "\\*", "\\", "https://a.example/?a=1&b=2",
        "[1]: http://a.example", "5 < 6 > 4", "Bước 1 -> Bước 2", "!", "![", "]]", "<!-- x -->", "2*3*4", "# ", "#",
    ],
)  # fmt: skip
def test_text_that_looks_like_our_syntax_stays_text(text):
    made = to_markdown([said("Trước."), said(text), said("Sau.")])
    assert [block.kind for block in parse(made)] == ["text"]
    shown = re.sub(r"</?p>|\n", "", markdown(made).replace("<br>", ""))
    for sign, name in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        text = text.replace(sign, name) if sign != "&" else text
    assert "Trước." in shown and "Sau." in shown and "<" not in shown.replace("&lt;", "")


LOOKS = st.builds(
    Run,
    st.text(st.sampled_from("aă ệ*_[](){}<>#-+.:`~!|&;\\\"'=1 2\n\u0301\u200b\x07"), max_size=12),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "https://a.example/(x)?a=1&b=[2]", "javascript:x", "file:///c"]),
    st.booleans(),
)
TEXTS = st.builds(
    Text,
    st.lists(LOOKS, max_size=4),
    st.sampled_from(["text", "heading", "item", "quote", "caption"]),
    st.integers(0, 6),
    st.none() | st.integers(0, 12),
)
BLOCKS = st.one_of(
    TEXTS,
    st.builds(Picture, st.just("hinh-1.png"), st.text(max_size=10), st.text(max_size=10)),
    st.builds(Table, st.lists(st.lists(st.lists(LOOKS, max_size=2), max_size=3), max_size=3), st.booleans()),
    st.just(Break()),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(BLOCKS, max_size=8))
def test_any_blocks_make_a_body_that_parses_and_says_what_they_say(blocks):
    made = body(*blocks)
    found = parse(made)
    assert made == unicodedata.normalize("NFC", made)
    assert not [sign for sign in made if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n"]
    assert {block.kind for block in found} <= {"text", "picture", "slide"}
    assert "javascript" not in markdown(made) and "file:" not in markdown(made)
    pictures = [block for block in blocks if isinstance(block, Picture)]
    assert [block.name for block in found if block.kind == "picture"] == [block.name for block in pictures]


@settings(deadline=None, max_examples=300)
@given(st.lists(LOOKS, max_size=5))
def test_a_paragraph_shows_the_letters_it_was_made_of(runs):
    text = Text(tidy(runs))
    shown = re.sub(r"<[^>]*>", "", markdown(to_markdown([text])))
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(name, sign)
    assert "".join(shown.split()) == "".join(text.text.split())


def test_emphasis_ends_before_the_space_and_before_the_sign_that_would_hide_it():
    made = to_markdown([Text([Run("Lưu ý: ", bold=True), Run("đừng bấm."), Run(" Nhớ!", bold=True), Run("Vậy.")])])
    assert made == "**Lưu ý:** đừng bấm. **Nhớ**!Vậy.\n"


def test_a_link_is_kept_where_it_leads_to_the_web():
    runs = [Run("Cổng", link="https://dichvucong.gov.vn/a b"), Run(" và "), Run("tệp", link="file:///c:/a")]
    assert to_markdown([Text(runs)]) == "Cổng và tệp\n"
    runs = [Run("Cổng", link="https://dichvucong.gov.vn/(a)?b=1"), Run(" tra cứu.")]
    assert to_markdown([Text(runs)]) == "[Cổng](https://dichvucong.gov.vn/%28a%29?b=1) tra cứu.\n"


class TestLists:
    def test_typed_by_hand_become_lists(self):
        made = body(said("Cần có:"), said("- Điện thoại"), said("– Mạng:"), said("- Mạng nhà"), said("Xong."))
        assert made == "Cần có:\n\n- Điện thoại\n  - Mạng:\n- Mạng nhà\n\nXong.\n"

    def test_a_plus_stands_beneath_a_dash(self):
        made = body(said("- Gọi:"), said("+ 156"), said("+ 113"), said("- Nhắn tin"))
        assert made == "- Gọi:\n  - 156\n  - 113\n- Nhắn tin\n"

    def test_numbers_that_go_on_are_a_list_across_pictures(self):
        picture = Picture("hinh-1.png", "Nút đỏ")
        made = body(said("1. Mở máy"), picture, said("2. Bấm nút"), said("3) Chờ"))
        assert made == "1. Mở máy\n\n![Nút đỏ](hinh-1.png)\n\n2. Bấm nút\n3. Chờ\n"
        assert '<ol start="2">' in markdown(parse(made)[2].markdown)

    def test_a_number_alone_is_no_list(self):
        assert body(said("2026. Năm ấy"), said("Hết.")) == "2026\\. Năm ấy\n\nHết.\n"

    def test_items_are_never_deeper_than_their_place_allows(self):
        made = body(Text([Run("a")], "item", 4), Text([Run("b")], "item", 5), Text([Run("c")], "item", 0))
        assert made == "- a\n  - b\n- c\n"

    def test_a_second_list_begins_anew(self):
        items = [Text([Run(sign)], "item", 0, number) for sign, number in (("a", 1), ("b", 2), ("c", 1))]
        assert markdown(body(*items)).count("<ol>") == 2


class TestHeadings:
    def test_the_first_becomes_the_title_and_the_others_stand_beneath_it(self):
        gathered = Gathered()
        for block in (heading("Bài"), said("Lời."), heading("Một"), heading("Nhỏ", 2), heading("Hai")):
            gathered.add(block)
        title, blocks = shaped(gathered, "tep.docx")
        assert title == "Bài" and to_markdown(blocks) == "Lời.\n\n## Một\n\n### Nhỏ\n\n## Hai\n"

    def test_without_a_heading_the_declared_title_serves_then_the_name_of_the_file(self):
        gathered = Gathered()
        gathered.add(said("Lời."))
        assert shaped(gathered, "bai_1-tin-gia.docx", declared="Tin giả")[0] == "Tin giả"
        assert shaped(gathered, "bai_1-tin-gia.docx", declared="Microsoft Word - x.doc")[0] == "bai 1 tin gia"

    def test_where_no_style_says_so_short_bold_paragraphs_are_headings(self):
        made = body(
            said("BÀI 1: TIN GIẢ", bold=True), said("I. Mục tiêu", bold=True), said("Biết."), said("Nhớ!", bold=True)
        )
        assert made == "## I. Mục tiêu\n\nBiết.\n\n**Nhớ!**\n"

    def test_a_document_that_is_only_a_title_says_it(self):
        assert body(heading("Chỉ có tên")) == "Chỉ có tên\n"


def test_what_stands_beneath_a_picture_and_says_so_is_its_caption():
    made = body(Picture("hinh-1.png"), said('Hình 1: Nút "Gửi"'), said("Hình như vậy."))
    assert made == '![](hinh-1.png "Hình 1: Nút \\"Gửi\\"")\n\nHình như vậy.\n'
    assert parse(made)[0].caption == 'Hình 1: Nút "Gửi"'


def test_a_table_becomes_a_list_and_that_is_said():
    def cells(*texts):
        return [[Run(text)] for text in texts]

    gathered = Gathered()
    gathered.add(heading("Việc"))
    gathered.add(Table([cells("Bước", "Làm", "Nhớ"), cells("1", "Mở máy", "chờ"), cells("2", "", "khóa")], head=True))
    made = to_markdown(shaped(gathered, "a")[1])
    assert made == "- **Bước 1**: Làm: Mở máy; Nhớ: chờ\n- **Bước 2**; Nhớ: khóa\n"
    assert [(left.where, left.what) for left in gathered.left_out] == [
        ("mục “Việc”", "bảng 3 hàng, 3 cột đã chuyển thành danh sách")
    ]


def test_a_box_for_the_teacher_is_closed_whatever_stands_in_it():
    made = body(said("Lời."), Box("teacher", [said("Hỏi lớp."), said(":::")]))
    assert [(block.kind, block.markdown) for block in parse(made)] == [
        ("text", "Lời."),
        ("teacher", "Hỏi lớp.\n\n\\:::"),
    ]


def test_a_book_is_cut_and_its_rest_is_named():
    gathered = Gathered()
    for n in range(30):
        gathered.add(said(f"Đoạn {n} " + "a" * 9000))
    gathered.add(gathered.picture(None) or said("Hết."))
    made = to_markdown(shaped(gathered, "a")[1])
    assert len(made) < 160_000 and "từ “Đoạn 16" in gathered.left_out[-1].where
