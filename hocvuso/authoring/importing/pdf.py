"""PDF: only its letters, from which lines, paragraphs and headings are made out again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from . import old_fonts
from .archives import BROKEN, PASSWORD
from .model import BadDocument, Gathered, Run, Text, is_page_number, line, quoted

MOST_PAGES = 300
_REPEATED = 0.6  # of the pages: a line at the edge that stands on so many belongs to the page, not to the text
_ENDS = (".", ":", "!", "?", ";", "…", "”", '"')
_BEGINS = re.compile(
    r"^([-–—•●▪➢✓+*]\s|\d{1,3}[.)]\s|[a-zđ][.)]\s|(Bài|Chương|Phần|Mục|Điều|Bước|Hình|Bảng)\s+[\dIVX]+)"
)
_RUNNING = re.compile(r"(?i)(?<=trang )\d+|(?<=page )\d+|\d+(?= ?/ ?\d)")  # the number of a page within a line
_BOLD = re.compile(r"(?i)bold|black|heavy|-bd")
_BROKEN = (PyPdfError, DependencyError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
           NotImplementedError, ArithmeticError, OSError, AssertionError, UnicodeError)  # fmt: skip


@dataclass
class _Line:
    text: str
    size: float
    bold: bool
    gap: float = 0.0  # to the line above, in heights of letters
    page: int = 0


@dataclass(frozen=True)
class _Piece:
    text: str
    font: str
    height: float
    place: float  # from the lower edge of the page


def read(content: bytes) -> tuple[Gathered, str]:
    """What a PDF says, and the title it declares. Raises BadDocument."""
    try:
        pdf = PdfReader(BytesIO(content))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise BadDocument(PASSWORD)
        pages = len(pdf.pages)
        title = str(pdf.metadata.get("/Title") or "") if pdf.metadata else ""
    except BadDocument:
        raise
    except _BROKEN as error:
        raise BadDocument(BROKEN) from error
    gathered = Gathered()
    lines = [one for number in range(min(pages, MOST_PAGES)) for one in _page(gathered, pdf, number)]
    if not any(sign.isalpha() for one in lines for sign in one.text):
        raise BadDocument(
            "PDF này không có chữ, thường là bản quét hoặc ảnh chụp. Hãy dùng tệp Word gốc, "
            "hoặc cho máy nhận dạng chữ (OCR) trước."
        )
    if pages > MOST_PAGES:
        gathered.leave(f"các trang sau trang {MOST_PAGES}: không lấy", f"trang {MOST_PAGES + 1} trở đi")
    _paragraphs(gathered, _without_edges(gathered, lines, pages))
    return gathered, title


def _page(gathered: Gathered, pdf: PdfReader, number: int) -> list[_Line]:
    gathered.at = f"trang {number + 1}"
    pieces: list[_Piece] = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        name = str((font or {}).get("/BaseFont") or "").rpartition("+")[2]
        height = abs(float(size or 0) * float(tm[3] or tm[1] or 1) * float(cm[3] or cm[1] or 1))
        down = float(tm[4]) * float(cm[1]) + float(tm[5]) * float(cm[3]) + float(cm[5])
        pieces.append(_Piece(text, name, height, down))

    try:
        page = pdf.pages[number]
        text = page.extract_text(visitor_text=visit)
        if count := _pictures(page):
            gathered.leave(f"{count} hình: từ PDF chỉ lấy chữ, hãy chụp hình rồi thêm")
        if kinds := _annotations(page):
            gathered.leave(f"{', '.join(kinds)}: không lấy")
    except _BROKEN:
        gathered.leave("trang này không đọc được")
        return []
    return _lines(text, pieces, number)


def _pictures(page: Any) -> int:
    named = (page.get("/Resources") or {}).get("/XObject") or {}
    return sum(named[key].get_object().get("/Subtype") == "/Image" for key in list(named)[:200])


def _annotations(page: Any) -> list[str]:
    """What hangs on a page and is said, drawn or filled in there."""
    names = {"/Text": "nhận xét", "/FreeText": "chữ ghi thêm", "/Widget": "ô của biểu mẫu", "/Movie": "video",
             "/Screen": "video hoặc âm thanh", "/Sound": "âm thanh", "/FileAttachment": "tệp đính kèm"}  # fmt: skip
    found = [str(one.get_object().get("/Subtype")) for one in list(page.get("/Annots") or [])[:500]]
    return sorted({names[kind] for kind in found if kind in names})


def _lines(text: str, pieces: list[_Piece], page: int) -> list[_Line]:
    """The lines of a page, each with the size and weight of its letters.

    `text` has the spaces that pypdf makes out between pieces; the pieces know how their letters look.
    """
    letters = [(sign, piece) for piece in pieces for sign in piece.text if not sign.isspace()]
    if "".join(sign for sign, _piece in letters) != "".join(text.split()):
        text = "".join(piece.text for piece in pieces)
    lines: list[_Line] = []
    above, begin = 0.0, 0
    for row in text.split("\n"):
        end = begin + len("".join(row.split()))
        said, begin = [piece for _sign, piece in letters[begin:end]], end
        if not said:
            continue
        size = Counter(round(piece.height, 1) for piece in said).most_common(1)[0][0] or 1.0
        gap = (above - said[0].place) / size if lines else 0.0
        above = said[0].place
        lines.append(_Line(line(_converted(row, said)), size, all(_BOLD.search(p.font) for p in said), gap, page))
    return [one for one in lines if one.text]


def _converted(row: str, said: list[_Piece]) -> str:
    """A line whose letters of old fonts are those that are seen."""
    if not any(old_fonts.is_old(piece.font) for piece in said):
        return row
    fonts = iter(piece.font for piece in said)
    parts: list[tuple[str, str]] = []  # font and letters
    for sign in row:
        font = parts[-1][0] if sign.isspace() and parts else ("" if sign.isspace() else next(fonts))
        if parts and parts[-1][0] == font:
            parts[-1] = (font, parts[-1][1] + sign)
        else:
            parts.append((font, sign))
    return "".join(old_fonts.converted(text, font) if old_fonts.is_old(font) else text for font, text in parts)


def _without_edges(gathered: Gathered, lines: list[_Line], pages: int) -> list[_Line]:
    """The lines without numbers of pages and what is repeated on most of them."""
    by_page: dict[int, list[_Line]] = {}
    for one in lines:
        by_page.setdefault(one.page, []).append(one)
    edges = {id(one): _RUNNING.sub("#", one.text) for page in by_page.values() for one in (*page[:2], *page[-2:])}
    counted = Counter(text for page in by_page.values() for text in {edges.get(id(one), "") for one in page})
    often = {text for text, n in counted.items() if text and n >= max(2, _REPEATED * pages)}
    for text in sorted(often):
        if any(sign.isalpha() for sign in text) and not is_page_number(text.replace("#", "1")):
            gathered.leave(f"chữ lặp lại ở đầu hoặc chân trang: {quoted(text)}", "mọi trang")
    return [one for one in lines if id(one) not in edges or not (edges[id(one)] in often or is_page_number(one.text))]


def _paragraphs(gathered: Gathered, lines: list[_Line]) -> None:
    body = Counter({one.size: 0 for one in lines})
    for one in lines:
        body[one.size] += len(one.text)
    usual = body.most_common(1)[0][0] if body else 1.0
    full = sorted(len(one.text) for one in lines)[int(len(lines) * 0.85)] if lines else 0
    larger = sorted({one.size for one in lines if one.size >= usual * 1.12}, reverse=True)
    gaps = sorted(one.gap for one in lines if 0.8 < one.gap < 3)
    step = gaps[len(gaps) // 3] if gaps else 1.3
    above: _Line | None = None
    for one in lines:
        level = larger.index(one.size) + 1 if one.size in larger else None
        last = gathered.blocks[-1] if gathered.blocks else None
        if above and isinstance(last, Text) and _continues(above, one, heading=level is not None, full=full, step=step):
            last.runs = [*last.runs, Run(" " + one.text, bold=one.bold and level is None)]
        else:
            gathered.at = f"trang {one.page + 1}"
            kind = "text" if level is None else "heading"
            gathered.add(Text([Run(one.text, bold=one.bold and level is None)], kind, level or 0))
        above = one
    gathered.leave(
        "tiêu đề, danh sách, bảng của PDF do máy đoán: hãy đọc lại; có tệp Word gốc thì nên dùng", "cả tài liệu"
    )


def _continues(above: _Line, here: _Line, *, heading: bool, full: int, step: float) -> bool:
    """Whether a line goes on with the paragraph above it."""
    if abs(above.size - here.size) > 0.3 or above.bold != here.bold or _BEGINS.match(here.text):
        return False
    if above.page == here.page and here.gap > step * 1.3:
        return False
    if heading:
        return above.page == here.page
    return here.text[0].islower() or (
        len(above.text) >= full * 0.8 and not (above.text.endswith(_ENDS) and len(above.text) < full * 0.95)
    )
