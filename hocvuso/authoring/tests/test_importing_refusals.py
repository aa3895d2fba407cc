"""Files of strangers: whatever comes in is a lesson or a refusal in words, soon and in little memory."""

import random
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from hocvuso.authoring import importing
from hocvuso.authoring.importing import BadDocument, formats, read_document
from hocvuso.authoring.importing.archives import MOST_UNPACKED, Archive, tree
from hocvuso.library.source.blocks import parse

from .importing_documents import epub, odt, pdf, picture, presentation, read, refused, saved, word, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def encrypted_pdf():
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("mat-khau")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_reading_apart_gives_what_reading_here_gives():
    content = saved(word(("Bài", "Title"), "Lời."))
    assert read_document("bai.docx", content) == read(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "trống"),
        (b"\0\0\0", "trống"),
        (OLE + "WordDocument".encode("utf-16-le"), "mở bằng Word rồi lưu thành .docx"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "lưu thành .pptx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"{\\rtf1 a}", "lưu thành .docx"),
        (picture(), "thêm hình"),
        (b"\x7fELF" + bytes(range(256)), "Không nhận ra"),
        ("Tiếng Việt".encode("utf-16-le"), "Không nhận ra"),
        (b"<?xml version='1.0'?><x/>", "XML"),
        (zipped({"a.txt": "x"}), "tệp nén"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.presentation"}), "lưu thành .pptx"),
        (saved(word("a"))[:400], "hỏng"),
        (b"%PDF-1.7\nx", "hỏng"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_document_is_refused_with_what_to_do(content, says):
    assert says in refused(content)


def test_a_password_is_named():
    locked = odt("", more={"META-INF/manifest.xml": (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:encryption-data/></m:manifest>'
    )})  # fmt: skip
    assert "mật khẩu" in refused(locked) and "mật khẩu" in refused(encrypted_pdf())


def test_a_wrong_ending_does_not_matter():
    assert read_document("anh.pdf", saved(word("Lời."))).body == "Lời.\n"


def test_too_large_a_file_is_not_even_begun(monkeypatch):
    monkeypatch.setattr(importing, "MOST_BYTES", 10)
    with pytest.raises(BadDocument, match="lớn hơn"):
        read_document("a.docx", b"x" * 11)


class TestArchives:
    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        bomb = odt("", more={"x.xml": b" " * (39 * 1024 * 1024)})
        assert "bất thường" in refused(bomb)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(MOST_UNPACKED // (7 * 1024 * 1024) + 1):
                archive.writestr(f"{n}.bin", b"\0" * (7 * 1024 * 1024))
        assert "quá lớn" in refused(out.getvalue())
        assert "quá nhiều" in refused(zipped({f"{n}": "" for n in range(3001)}))

    def test_names_lead_nowhere(self):
        archive = Archive(zipped({"../../etc/passwd": "x", "a.xml": "<a/>"}))
        assert archive.read("/etc/passwd") is None and archive.beside("a/b.xml", "../../../c") == "../../c"

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE x [<!ENTITY a "b">]>',
            '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
            "<!ENTITY a 'b'>",
        ],
    )
    def test_xml_declares_no_entities(self, head):
        with pytest.raises(BadDocument):
            tree(f"<?xml version='1.0'?>{head}<x/>".encode())
        document = zipfile.ZipFile(BytesIO(saved(word("a"))))
        parts = {name: document.read(name) for name in document.namelist()}
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            b"<w:document", head.encode() + b"<w:document", 1
        )
        assert refused(zipped(parts))

    def test_a_type_that_is_only_named_fetches_nothing(self):
        assert tree(b'<!DOCTYPE m PUBLIC "x" "http://127.0.0.1:1/Manifest.dtd"><m/>').tag == "m"


def test_what_never_ends_is_a_refusal(monkeypatch):
    monkeypatch.setattr(importing, "SECONDS", 0.05)
    with pytest.raises(BadDocument, match="phức tạp"):
        read_document("a.docx", saved(word("Lời.")))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_a_lesson_or_a_refusal(content):
    try:
        made = formats.imported("a", content)
    except BadDocument as refusal:
        assert str(refusal)
    else:
        parse(made.body)


SEEDS = {
    "docx": lambda: saved(word(("Bài", "Title"), "Lời.", ("a", "List Bullet"))),
    "pptx": lambda: saved(_show()),
    "odt": lambda: odt("<text:h>Bài</text:h><text:p>Lời</text:p>"),
    "epub": lambda: epub("<h1>Bài</h1><p>Lời</p>"),
    "pdf": lambda: pdf("= Bài\nLời."),
}


def _show():
    show = presentation()
    show.slides.add_slide(show.slide_layouts[1]).shapes.title.text = "Bài"
    return show


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_files_are_a_lesson_or_a_refusal(kind):
    good, luck = SEEDS[kind](), random.Random(kind)
    assert read_document("a", good).title in ("Bài", "Sách")
    for n in range(6):
        spoiled = bytearray(good if n % 2 else good[: len(good) * n // 6])
        for _change in range(n):
            if spoiled:
                spoiled[luck.randrange(len(spoiled))] = luck.randrange(256)
        began = time.monotonic()
        try:
            parse(read_document("a", bytes(spoiled)).body)
        except BadDocument as refusal:
            assert str(refusal)
        assert time.monotonic() - began < 30


@pytest.mark.parametrize("kind", ["docx", "pptx", "odt", "epub"])
def test_damaged_parts_in_a_sound_archive_are_a_lesson_or_a_refusal(kind):
    archive, luck = zipfile.ZipFile(BytesIO(SEEDS[kind]())), random.Random(kind)
    parts = {name: archive.read(name) for name in archive.namelist()}
    for name in [one for one in parts if one.endswith((".xml", ".rels", ".xhtml", ".opf"))][:5]:
        spoiled = bytearray(parts[name])
        for _change in range(3):
            spoiled[luck.randrange(len(spoiled))] = luck.choice(b"<>\"'&/ a\0")
        for changed in (parts | {name: bytes(spoiled)}, {key: part for key, part in parts.items() if key != name}):
            try:
                parse(read_document("a", zipped(changed)).body)
            except BadDocument as refusal:
                assert str(refusal)
