"""OpenDocument, EPUB, HTML, Markdown and PDF: the same lesson, whatever it was written in."""

from base64 import b64encode

from hocvuso.library.source.blocks import parse

from .importing_documents import epub, odt, pdf, picture, read, refused, what

STYLES = (
    '<style:style style:name="P1" style:family="paragraph" style:display-name="Title"/>'
    '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


class TestOpenDocument:
    def test_headings_lists_and_looks(self):
        made = read(
            odt(
                '<text:p text:style-name="P1">Tin giả</text:p><text:h text:outline-level="1">Dấu hiệu</text:h>'
                '<text:p>Hãy <text:span text:style-name="T1">dừng</text:span><text:s/>lại, xem '
                '<text:a xlink:href="https://tingia.gov.vn/">cổng</text:a>.</text:p>'
                '<text:list text:style-name="L1"><text:list-item><text:p>Đọc</text:p><text:list text:style-name="L2">'
                "<text:list-item><text:p>nguồn</text:p></text:list-item></text:list></text:list-item>"
                "<text:list-item><text:p>Hỏi</text:p></text:list-item></text:list>",
                styles=STYLES,
            ),
            "bai.odt",
        )
        assert (made.title, made.left_out) == ("Tin giả", [])
        assert made.body == (
            "## Dấu hiệu\n\nHãy **dừng** lại, xem [cổng](https://tingia.gov.vn/).\n\n1. Đọc\n   - nguồn\n2. Hỏi\n"
        )

    def test_pictures_tables_and_what_is_left_out(self):
        made = read(
            odt(
                '<text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>Nút</svg:desc>'
                "</draw:frame></text:p>"
                "<table:table><table:table-row><table:table-cell><text:p>Số</text:p></table:table-cell><table:table-cell>"
                "<text:p>113</text:p></table:table-cell></table:table-row></table:table>"
                "<text:p>Hết<text:note><text:note-body><text:p>Xem thêm</text:p></text:note-body></text:note>"
                "<office:annotation><text:p>sửa</text:p></office:annotation></text:p>",
                more={"Pictures/a.png": picture()},
            )
        )
        assert made.body == "![Nút](hinh-1.png)\n\n- **Số**: 113\n\nHết\n" and made.pictures == {
            "hinh-1.png": picture()
        }
        assert what(made) == [
            "bảng 1 hàng, 2 cột đã chuyển thành danh sách",
            "chú thích cuối trang: “Xem thêm”",
            "nhận xét bên lề: “sửa”",
        ]


class TestEpub:
    def test_chapters_follow_one_another(self):
        made = read(
            epub(
                "<h1>Chương một</h1><p>Lời <b>đậm</b>.</p>",
                '<h1>Chương hai</h1><p><img src="anh/a.png" alt="Cây"/></p>',
                more={"OPS/anh/a.png": picture()},
            ),
            "sach.epub",
        )
        assert made.body == "## Chương một\n\nLời **đậm**.\n\n---\n\n## Chương hai\n\n![Cây](hinh-1.png)\n"
        assert made.title == "Sách" and list(made.pictures) == ["hinh-1.png"]

    def test_a_locked_book_is_refused(self):
        locked = '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
        assert "DRM" in refused(epub("<p>a</p>", more={"META-INF/encryption.xml": locked}))

    def test_a_book_reaches_nothing_outside_itself(self):
        made = read(epub('<p>a</p><img src="../../../etc/passwd"/><img src="http://a.example/x.png"/>'))
        assert made.pictures == {} and len(made.left_out) == 2


class TestHtml:
    def test_a_page_becomes_a_lesson(self):
        inline = "data:image/png;base64," + b64encode(picture()).decode()
        made = read(
            "<!doctype html><html><head><title>Trang | Báo</title><style>p{}</style></head><body><nav>Trang chủ</nav>"
            "<main><h1>Tin giả</h1>\n<p>Hãy <b>dừng</b> lại,<br>rồi <i>nghĩ</i>.</p>"
            "<ol start=3><li>Đọc<ul><li>nguồn</li></ul></li><li><p>Hỏi</p><p>người thân</p></li></ol>"
            f'<figure><img src="{inline}" alt="Biển báo"><figcaption>Hình này</figcaption></figure>'
            "<script>alert(1)</script><p style='display:none'>ẩn</p></main></body></html>".encode(),
            "a.html",
        )
        assert made.title == "Tin giả"
        assert made.body == (
            "Hãy **dừng** lại,\\\nrồi *nghĩ*.\n\n3. Đọc\n   - nguồn\n4. Hỏi\\\n   người thân\n\n"
            '![Biển báo](hinh-1.png "Hình này")\n'
        )

    def test_what_is_left_out_is_named(self):
        made = read(
            b"<html><body><h2>A</h2><p>b <math><mi>x</mi></math></p><video></video><iframe></iframe>"
            b"<form><input></form>"
            b"<img src=http://a.example/x.png><nav>x</nav></body></html>"
        )
        assert what(made) == [
            "công thức: chỗ ấy ghi [công thức]",
            "video",
            "khung nhúng trang khác",
            "biểu mẫu",
            "hình ở ngoài tài liệu “http://a.example/x.png”: hãy tải về rồi thêm",
            "thanh điều hướng",
        ]

    def test_drawings_are_taken_where_our_cleaning_takes_them(self):
        made = read(
            b'<html><body><p>a</p><svg viewBox="0 0 9 9" aria-label="Cham"><path d="M0 0h9"/></svg>'
            b"<svg><script/></svg></body></html>"
        )
        assert "![Cham](hinh-1.svg)" in made.body and made.pictures["hinh-1.svg"].startswith(b"<svg xmlns=")

    def test_depth_hurts_nobody(self):
        made = read(b"<html><body>" + b"<div>" * 900 + b"sau" + b"<ul><li>" * 400 + b"cung")
        assert made.body == "sau cung\n"
        assert "hỏng" in refused(b"<html><body>" + b"<div>" * 5000 + b"sau")


class TestMarkdown:
    def test_is_read_and_its_own_html_is_not_kept(self):
        made = read(
            "# Bài\n\nLời *nghiêng* và <b>đậm</b> `mã`.\n\n1. a\n   - b\n2. c\n\n---\n\n> trích\n".encode(), "a.md"
        )
        assert made.title == "Bài"
        assert made.body == "Lời *nghiêng* và **đậm** `mã`.\n\n1. a\n   - b\n2. c\n\n---\n\n> trích\n"

    def test_a_lesson_of_ours_keeps_its_boxes_and_says_what_it_loses(self):
        made = read(
            "---\nkey: bai\ntitle: Bài cũ\n---\n\n"
            "Lời.\n\n::: warning\nĐừng bấm.\n:::\n\n::: question c1\n:::\n".encode(),
            "a.md",
        )
        assert [(block.kind, block.markdown) for block in parse(made.body)] == [
            ("text", "Lời."),
            ("warning", "Đừng bấm."),
        ]
        assert made.title == "Bài cũ"
        assert what(made) == [
            "phần khai báo ở đầu (chỉ lấy tên bài)",
            "khối ::: question c1: hãy thêm câu hỏi, thực hành khi sửa bài",
        ]

    def test_plain_text_is_markdown_too(self):
        assert read("Một.\r\n\r\n• hai\r\n• ba\r\n".encode("utf-16"), "a.txt").body == "Một.\n\n- hai • ba\n"


class TestPdf:
    TEXT = """
#set text(lang: "vi")
#set page(header: [Sở Giáo dục và Đào tạo], footer: context [Trang #counter(page).display()])
= Gọi video cho con cháu
Bài này giúp bạn gọi video cho con cháu bằng điện thoại, không tốn tiền cước, chỉ cần có mạng là gọi được ngay.

Đoạn thứ hai.
== Chuẩn bị
- Điện thoại
- Tài khoản
#pagebreak()
Trang hai.
"""

    def test_lines_become_paragraphs_headings_and_lists(self):
        made = read(pdf(self.TEXT), "goi.pdf")
        assert made.title == "Gọi video cho con cháu"
        assert made.body == (
            "Bài này giúp bạn gọi video cho con cháu bằng điện thoại, không tốn tiền cước, chỉ cần có mạng là gọi "
            "được ngay.\n\nĐoạn thứ hai.\n\n## Chuẩn bị\n\n- Điện thoại\n- Tài khoản\n\nTrang hai.\n"
        )
        assert what(made) == [
            "chữ lặp lại ở đầu hoặc chân trang: “Sở Giáo dục và Đào tạo”",
            "tiêu đề, danh sách, bảng của PDF do máy đoán: hãy đọc lại; có tệp Word gốc thì nên dùng",
        ]

    def test_lines_that_only_look_alike_on_a_page_stay(self):
        made = read(pdf("Bước 1\n\nBước 2\n\n#pagebreak()\nBước 3"))
        assert made.body == "Bước 1\n\nBước 2\n\nBước 3\n"

    def test_a_scan_is_refused_with_what_to_do(self):
        assert "bản quét" in refused(pdf("#rect(width: 3cm, height: 3cm)"))
