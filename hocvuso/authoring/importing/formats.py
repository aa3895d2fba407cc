"""What a file is, its content says: which reader it gets, or what whoever sent it can do. Runs apart (`base.apart`)."""

from __future__ import annotations

import re

import msgspec

from . import epub, html, markdown, opendocument, pdf, slides, word
from .archives import BROKEN, PASSWORD, Archive
from .model import BadDocument, Gathered, Imported
from .shaping import shaped
from .writing import to_markdown

_MAIN = re.compile(rb'PartName="/?[^"]+"[^>]*ContentType="([^"]+)"|ContentType="([^"]+)"[^>]*PartName="/?[^"]+"')
_KINDS = "Hãy gửi tệp Word (.docx), PowerPoint (.pptx), OpenDocument (.odt), PDF, EPUB, HTML hoặc Markdown."
_OLD = {
    "WordDocument": "Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word rồi lưu thành .docx.",
    "PowerPoint Document": "Đây là tệp PowerPoint đời cũ (.ppt). Hãy mở bằng PowerPoint rồi lưu thành .pptx.",
    "Workbook": "Đây là bảng tính Excel. " + _KINDS,
    "Book": "Đây là bảng tính Excel. " + _KINDS,
}
_SIGNS = (
    (b"{\\rtf", "Đây là tệp RTF. Hãy mở bằng Word rồi lưu thành .docx."),
    (b"MIME-Version:", "Đây là trang web lưu dạng MHT. Hãy mở bằng Word rồi lưu thành .docx."),
    (b"\x89PNG", "Đây là một tấm hình, không phải tài liệu. Hãy thêm hình ngay khi sửa bài."),
    (b"\xff\xd8\xff", "Đây là một tấm hình, không phải tài liệu. Hãy thêm hình ngay khi sửa bài."),
    (b"GIF8", "Đây là một tấm hình, không phải tài liệu. Hãy thêm hình ngay khi sửa bài."),
    (b"Rar!", "Đây là tệp nén RAR. Hãy giải nén rồi gửi từng tài liệu."),
    (b"7z\xbc\xaf", "Đây là tệp nén 7z. Hãy giải nén rồi gửi từng tài liệu."),
)
_A_PAGE = re.compile(r"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
_A_PART = re.compile(r"\s*<(p|div|h[1-6]|ul|ol|table|section|article|main|header|span|font|b|strong|center)\b", re.I)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.I)


def told(packed: bytes) -> bytes:
    """The document of `packed` (name and content) as packed answer. Raises BadDocument."""
    name, content = msgspec.msgpack.decode(packed, type=tuple[str, bytes])
    return msgspec.msgpack.encode(imported(name, content))


def imported(name: str, content: bytes) -> Imported:
    """A document as the text of a lesson, read in this process. Raises BadDocument, and whatever a library does."""
    gathered, declared = _read(content)
    title, blocks = shaped(gathered, name, declared=declared)
    body = to_markdown(blocks)
    if not body.strip():
        only = "; ".join(list(dict.fromkeys(left.what for left in gathered.left_out))[:3])
        raise BadDocument(
            "Tài liệu không có chữ hay hình nào dùng được cho bài học" + (f", chỉ có: {only}." if only else ".")
        )
    return Imported(title, body, gathered.pictures, gathered.left_out)


def _read(content: bytes) -> tuple[Gathered, str]:
    if not content.strip(b"\0 \t\r\n"):
        raise BadDocument("Tệp trống. Hãy chọn lại tệp.")
    for sign, says in _SIGNS:
        if content.startswith(sign):
            raise BadDocument(says)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise BadDocument(_of_old_office(content))
    if content.startswith(b"PK"):
        return _of_archive(content)
    if b"%PDF-" in content[:1024]:
        return pdf.read(content)
    return _of_text(content)


def _of_old_office(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return PASSWORD
    found = (says for stream, says in _OLD.items() if stream.encode("utf-16-le") in content)
    return next(found, f"Đây là tệp Office đời cũ. {_KINDS}")


def _of_archive(content: bytes) -> tuple[Gathered, str]:
    archive = Archive(content)
    kind = (archive.read("mimetype") or b"").decode("ascii", "replace").strip()
    if (
        kind == "application/epub+zip"
        or "META-INF/container.xml" in archive.names
        and "content.xml" not in archive.names
    ):
        return epub.read(content)
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return opendocument.read(content)
    if kind.startswith("application/vnd.oasis.opendocument.presentation"):
        raise BadDocument("Đây là tệp trình chiếu .odp. Hãy mở bằng LibreOffice Impress rồi lưu thành .pptx.")
    types = archive.read("[Content_Types].xml")
    if types is None:
        raise BadDocument(f"Đây là tệp nén hoặc loại tệp không nhận. {_KINDS}")
    main = {(one or other).decode("ascii", "replace") for one, other in _MAIN.findall(types)}
    if any("wordprocessingml.document.main" in one or "ms-word." in one for one in main):
        return word.read(content)
    if any("presentationml.presentation.main" in one or "presentationml.slideshow.main" in one for one in main):
        return slides.read(content)
    if any("spreadsheetml" in one for one in main):
        raise BadDocument("Đây là bảng tính Excel. " + _KINDS)
    raise BadDocument(BROKEN)


def _of_text(content: bytes) -> tuple[Gathered, str]:
    text = _decoded(content)
    if _A_PAGE.match(text) or (_A_PART.match(text) and "</" in text):
        return html.read(text)
    if re.match(r"\s*<(\?xml|svg)\b", text):
        raise BadDocument(f"Đây là tệp XML. {_KINDS}")
    return markdown.read(text)


def _decoded(content: bytes) -> str:
    """Letters of a text file: of Unicode, or as a page of HTML says. Raises BadDocument."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _CHARSET.search(content[:4096])
        try:
            text = content.decode(said.group(1).decode("ascii") if said else "ascii")
        except (UnicodeDecodeError, LookupError):
            raise BadDocument(f"Không nhận ra loại tệp, hoặc chữ không theo mã UTF-8. {_KINDS}") from None
    controls = sum(sign < " " and sign not in "\t\n\r\f" for sign in text[:20_000])
    if controls > len(text[:20_000]) / 100:
        raise BadDocument(f"Không nhận ra loại tệp. {_KINDS}")
    return text
