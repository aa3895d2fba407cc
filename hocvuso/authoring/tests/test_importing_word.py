"""Word documents: what an author has written stands in the lesson, what cannot is named with its place."""

from io import BytesIO

import docx
import pytest

from hocvuso.authoring.importing.old_fonts import converted

from .importing_documents import add_xml, in_font, picture, read, saved, what, word


def test_styles_become_title_headings_lists_and_quotes():
    made = read(
        saved(
            word(
                ("Nhận biết tin giả", "Title"),
                "Tin giả lan nhanh.",
                ("Dấu hiệu", "Heading 1"),
                ("Tiêu đề giật gân", "List Bullet"),
                ("Không rõ nguồn", "List Bullet"),
                ("Việc cần làm", "Heading 2"),
                ("Dừng lại", "List Number"),
                ("Hỏi người khác", "List Number"),
                ("Chậm mà chắc.", "Quote"),
            )
        )
    )
    assert made.title == "Nhận biết tin giả" and made.left_out == []
    assert made.body == (
        "Tin giả lan nhanh.\n\n## Dấu hiệu\n\n- Tiêu đề giật gân\n- Không rõ nguồn\n\n### Việc cần làm\n\n"
        "1. Dừng lại\n2. Hỏi người khác\n\n> *Chậm mà chắc.*\n"
    )


def test_looks_of_letters_are_kept_and_neighbours_joined():
    document = docx.Document()
    paragraph = document.add_paragraph("Hãy ")
    for part in ("bấm ", "nút", " "):
        paragraph.add_run(part).bold = True
    paragraph.add_run("Gửi").italic = True
    paragraph.add_run(" của m")
    paragraph.add_run("2").font.superscript = True
    assert read(saved(document)).body == "Hãy **bấm nút** *Gửi* của m²\n"


def test_links_lead_where_they_led():
    document = docx.Document()
    paragraph = document.add_paragraph("Xem ")
    key = document.part.relate_to(
        "https://chinhphu.vn/", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    add_xml(paragraph, f'<w:hyperlink NS r:id="{key}"><w:r><w:t>Cổng Chính phủ</w:t></w:r></w:hyperlink>')
    assert read(saved(document)).body == "Xem [Cổng Chính phủ](https://chinhphu.vn/)\n"


def test_pictures_come_with_what_their_author_said_of_them_and_their_caption():
    document = word("Mở máy.")
    document.add_picture(BytesIO(picture()))
    document.inline_shapes[0]._inline.docPr.set("descr", "Nút nguồn bên phải")
    document.add_paragraph("Nút nguồn", "Caption")
    document.add_picture(BytesIO(picture()))
    made = read(saved(document))
    assert made.body == 'Mở máy.\n\n![Nút nguồn bên phải](hinh-1.png "Nút nguồn")\n\n![](hinh-1.png)\n'
    assert made.pictures == {"hinh-1.png": picture()}  # one file for both


@pytest.mark.parametrize(("kind", "ending"), [("GIF", "png"), ("BMP", "png"), ("TIFF", "png"), ("JPEG", "jpg")])
def test_pictures_of_other_kinds_are_converted(kind, ending):
    document = docx.Document()
    document.add_picture(BytesIO(picture(kind)))
    assert list(read(saved(document)).pictures) == [f"hinh-1.{ending}"]


def test_large_photographs_are_made_smaller():
    document = docx.Document()
    document.add_picture(BytesIO(picture("JPEG", (4000, 3000))))
    made = read(saved(document)).pictures["hinh-1.jpg"]
    assert docx.image.image.Image.from_blob(made).px_width == 1600


def test_a_drawing_of_windows_is_named_not_taken():
    document = word("Trước.")
    document.add_picture(BytesIO(picture()))
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/image"))
    part._blob = b"\x01\x00\x00\x00" + b"\0" * 60
    made = read(saved(document))
    assert made.body == "Trước.\n" and made.pictures == {}
    assert what(made) == ["một hình: kiểu EMF không dùng được trên web; hãy lưu hình ấy thành PNG rồi thêm lại"]


def test_a_table_of_one_cell_is_a_frame_and_its_text_stands_for_itself():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "Điều cần nhớ: hỏi trước."
    made = read(saved(document))
    assert made.body == "Điều cần nhớ: hỏi trước.\n" and made.left_out == []


class TestWhatIsLeftOut:
    def test_formulas_are_named_and_their_place_is_marked(self):
        document = word(("Tính", "Heading 1"), "Diện tích là ")
        add_xml(document.paragraphs[1], "<m:oMath NS><m:r><m:t>a+b</m:t></m:r></m:oMath>")
        document.add_paragraph("Hết.", "Heading 1")
        made = read(saved(document))
        assert "Diện tích là \\[công thức\\]" in made.body
        assert [(one.where, one.what) for one in made.left_out] == [
            ("mục “Tính”", "công thức “a+b”: chỗ ấy ghi [công thức]")
        ]

    def test_heads_and_feet_of_pages_but_not_their_numbers(self):
        document = word("Lời.")
        document.sections[0].header.paragraphs[0].text = "UBND xã An Bình"
        document.sections[0].footer.paragraphs[0].text = "Trang 1 / 2"
        made = read(saved(document))
        assert [(one.where, one.what) for one in made.left_out] == [("mọi trang", "chữ ở đầu trang: “UBND xã An Bình”")]

    def test_comments_with_their_words(self):
        document = word("Lời.")
        document.add_comment(document.paragraphs[0].runs, text="Kiểm lại số này", author="An")
        assert what(read(saved(document))) == ["nhận xét bên lề: “Kiểm lại số này”"]

    def test_deleted_text_that_word_still_tracks(self):
        document = word("Còn ")
        add_xml(document.paragraphs[0], "<w:del NS><w:r><w:delText>mất</w:delText></w:r></w:del>")
        add_xml(document.paragraphs[0], "<w:ins NS><w:r><w:t>thêm</w:t></w:r></w:ins>")
        made = read(saved(document))
        assert made.body == "Còn thêm\n" and what(made) == ["chữ đã xoá khi theo dõi thay đổi"]

    def test_a_table_of_contents(self):
        document = word("Lời.")
        paragraph = document.add_paragraph()
        for xml in (
            '<w:r NS><w:fldChar w:fldCharType="begin"/></w:r>',
            r"<w:r NS><w:instrText>TOC \o</w:instrText></w:r>",
            '<w:r NS><w:fldChar w:fldCharType="separate"/></w:r>',
            "<w:r NS><w:t>Phần một 3</w:t></w:r>",
        ):
            add_xml(paragraph, xml)
        end = document.add_paragraph("Phần hai 5")
        add_xml(end, '<w:r NS><w:fldChar w:fldCharType="end"/></w:r>')
        document.add_paragraph("Sau.")
        made = read(saved(document))
        assert made.body == "Lời.\n\nSau.\n" and what(made) == ["mục lục"]

    def test_text_boxes_are_taken_behind_their_paragraph(self):
        document = word("Trước.")
        add_xml(
            document.paragraphs[0],
            '<w:r NS><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
            "<w:t>Trong hộp</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
        )
        made = read(saved(document))
        assert made.body == "Trước.\n\nTrong hộp\n" and what(made) == ["hộp chữ: chữ trong hộp đã đặt sau đoạn"]


class TestOldFonts:
    def test_are_converted_by_their_name(self):
        document = docx.Document()
        in_font(document.add_paragraph(), "Céng hßa x· héi chñ nghÜa ViÖt Nam", ".VnTime")
        in_font(document.add_paragraph(), "®éc lËp - tù do", ".VnTimeH")
        in_font(document.add_paragraph(), "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam ñöôïc", "VNI-Times")
        assert read(saved(document)).body == (
            "Cộng hòa xã hội chủ nghĩa Việt Nam\n\nĐỘC LẬP - TỰ DO\n\nCộng hòa xã hội chủ nghĩa Việt Nam được\n"
        )

    def test_of_the_style_count_too_and_unicode_is_left_alone(self):
        document = word("Tr­êng häc")
        document.styles["Normal"].font.name = ".VnTime"
        document.add_paragraph("Chữ này đã là Unicode")
        assert read(saved(document)).body == "Trường học\n\nChữ này đã là Unicode\n"

    def test_that_we_have_no_table_of_are_named(self):
        document = docx.Document()
        in_font(document.add_paragraph(), "TrÜïng", "VPS Times")
        assert what(read(saved(document))) == ["phông chữ cũ VPS Times: chữ có dấu có thể sai, hãy đọc lại"]

    @pytest.mark.parametrize(
        ("old", "font", "new"),
        [
            ("µ¶·¸¹ ¨»¼½¾Æ ©ÇÈÉÊË", ".VnTime", "àảãáạ ăằẳẵắặ âầẩẫấậ"),
            ("ÌÎÏÐÑ ªÒÓÔÕÖ ×ØÜÝÞ", ".VnArial", "èẻẽéẹ êềểễếệ ìỉĩíị"),
            ("ßáâãä «åæçèé ¬êëìíî", ".VnTime", "òỏõóọ ôồổỗốộ ơờởỡớợ"),
            ("ïñòóô \u00adõö÷øù úûüýþ ®", ".VnTime", "ùủũúụ ưừửữứự ỳỷỹýỵ đ"),
            ("aùaøaûaõaï aêaéaèaúaüaë aâaáaàaåaãaä", "VNI-Times", "áàảãạ ăắằẳẵặ âấầẩẫậ"),
            ("eùeøeûeõeï eâeáeàeåeãeä íìæóò", "VNI-Helve", "éèẻẽẹ êếềểễệ íìỉĩị"),
            ("oùoøoûoõoï oâoáoàoåoãoä ôôùôøôûôõôï", "VNI-Times", "óòỏõọ ôốồổỗộ ơớờởỡợ"),
            ("uùuøuûuõuï ööùöøöûöõöï yùyøyûyõî ñ", "VNI-Times", "úùủũụ ưứừửữự ýỳỷỹỵ đ"),
            ("ÑÖÔØNG AÙN", "VNI-Times", "ĐƯỜNG ÁN"),
        ],
    )
    def test_letter_by_letter(self, old, font, new):
        assert converted(old, font) == new
