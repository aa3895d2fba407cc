"""Slides: titles as headings, points as lists, notes for the teacher, a break between slides."""

from io import BytesIO

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Cm

from hocvuso.library.source.blocks import parse

from .importing_documents import picture, read, refused, saved, what

TITLE, CONTENT, BLANK = 0, 1, 6  # layouts of the standard template


def slide(show, title, *points, layout=CONTENT):
    made = show.slides.add_slide(show.slide_layouts[layout])
    made.shapes.title.text = title
    if points:
        frame = made.placeholders[1].text_frame
        for n, point in enumerate(points):
            level, text = point if isinstance(point, tuple) else (0, point)
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.text, paragraph.level = text, level
    return made


def test_a_presentation_becomes_a_lesson():
    show = Presentation()
    slide(show, "Gọi video", "Lớp học số cộng đồng", layout=TITLE)
    second = slide(show, "Chuẩn bị", "Điện thoại", (1, "có mạng"), "Zalo")
    second.notes_slide.notes_text_frame.text = "Hỏi lớp: ai đã có Zalo?\nChờ mọi người."
    slide(show, "Gọi", "Chọn tên")
    made = read(saved(show), "bai.pptx")
    assert made.title == "Gọi video" and made.left_out == []
    assert made.body == (
        "Lớp học số cộng đồng\n\n---\n\n## Chuẩn bị\n\n- Điện thoại\n  - có mạng\n- Zalo\n\n"
        "::: teacher\nHỏi lớp: ai đã có Zalo?\n\nChờ mọi người.\n:::\n\n---\n\n## Gọi\n\n- Chọn tên\n"
    )
    assert [block.kind for block in parse(made.body)] == ["text", "slide", "text", "teacher", "slide", "text"]


def test_pictures_stand_on_their_slide_and_footers_do_not():
    show = Presentation()
    made = slide(show, "Nút", "Màu đỏ")
    shape = made.shapes.add_picture(BytesIO(picture()), 0, 0)
    shape._element.nvPicPr.cNvPr.set("descr", "Nút gọi màu đỏ")
    slide(show, "Hết", "Cảm ơn")
    read_back = read(saved(show), "bai.pptx")
    assert "- Màu đỏ\n\n![Nút gọi màu đỏ](hinh-1.png)\n\n---" in read_back.body
    assert list(read_back.pictures) == ["hinh-1.png"]


def test_without_a_place_for_it_the_first_line_is_the_title_and_a_table_is_a_list():
    show = Presentation()
    made = show.slides.add_slide(show.slide_layouts[BLANK])
    made.shapes.add_textbox(0, 0, Cm(9), Cm(2)).text_frame.text = "Nhớ số 113"
    table = made.shapes.add_table(2, 2, 0, 0, Cm(9), Cm(3)).table
    for n, text in enumerate(("Số", "Gọi khi", "113", "mất an ninh")):
        table.cell(n // 2, n % 2).text = text
    made = read(saved(show), "so-khan-cap.pptx")
    assert made.title == "Nhớ số 113"
    assert made.body == "*Số; Gọi khi*\n\n- **Số 113**: mất an ninh\n"
    assert [(one.where, one.what) for one in made.left_out] == [
        ("trang chiếu 1", "bảng 2 hàng, 2 cột đã chuyển thành danh sách")
    ]


def test_what_cannot_come_along_is_named_by_slide():
    show = Presentation()
    first = slide(show, "Một", "Điểm")
    data = CategoryChartData()
    data.categories = ["a"]
    data.add_series("b", (1,))
    first.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Cm(5), Cm(5), data)
    first._element.append(
        parse_xml(
            '<p:timing xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:tnLst><p:par>'
            "<p:cTn><p:childTnLst><p:set><p:cBhvr/></p:set></p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"
        )
    )
    second = slide(show, "Hai", "Điểm")
    second.shapes.add_movie(BytesIO(b"x"), 0, 0, Cm(5), Cm(5), poster_frame_image=BytesIO(picture()))
    slide(show, "Ba", "Ẩn")._element.set("show", "0")
    made = read(saved(show), "bai.pptx")
    assert "Ẩn" not in made.body
    assert [(one.where, one.what) for one in made.left_out] == [
        ("trang chiếu 1", "biểu đồ: hãy chụp thành hình rồi thêm"),
        ("trang chiếu 1", "hiệu ứng chuyển động"),
        ("trang chiếu 2", "video: hãy đưa lên nơi khác rồi dẫn đường dẫn"),
        ("trang chiếu 3", "trang chiếu ẩn: không lấy"),
    ]


def test_old_fonts_are_converted_on_slides_too():
    show = Presentation()
    made = slide(show, "Bài", "x")
    run = made.placeholders[1].text_frame.paragraphs[0].runs[0]
    run.text, run.font.name = "§iÖn tho¹i", ".VnArial"
    assert what(read(saved(show))) == []
    assert "- Điện thoại" in read(saved(show)).body


def test_an_empty_presentation_is_refused_with_what_there_was():
    show = Presentation()
    show.slides.add_slide(show.slide_layouts[BLANK])
    assert "không có chữ" in refused(saved(show))
