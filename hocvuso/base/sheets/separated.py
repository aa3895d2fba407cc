"""Text files with separated values, read strictly: a quote that is not closed swallows no rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO, TextIOWrapper
from typing import IO

from django.utils.translation import gettext as _

from .excel import Line
from .faults import BadFile

DELIMITERS = ",;\t"
MAX_LINE = 1024 * 1024
SAMPLE = 64 * 1024


def no_text() -> BadFile:
    """The refusal of a file that is neither a workbook nor text."""
    return BadFile(why=_("tệp này không phải văn bản UTF-8. Hãy mở bằng Excel rồi lưu thành .xlsx hoặc “CSV UTF-8”."))


def sample(file: IO[bytes], delimiter: str, rows: int) -> list[list[str]]:
    """The first rows as one delimiter has them, whatever else is wrong with them."""
    file.seek(0)
    text = file.read(SAMPLE).decode("utf-8-sig", "ignore")
    file.seek(0)
    reader = csv.reader(StringIO(_without_hint(text), newline=""), delimiter=delimiter)
    found = []
    try:
        for row in reader:
            found.append(row)
            if len(found) == rows:
                break
    except csv.Error:
        pass
    return found


def _without_hint(text: str) -> str:
    """Excel may name the delimiter in a line of its own."""
    return text[text.find("\n") + 1 :] if text[:4].lower() == "sep=" else text


def lines(file: IO[bytes], delimiter: str) -> Iterator[Line]:
    """Records with their numbers. Raises BadFile, also later."""
    number = 0
    try:
        text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        bounded = _Bounded(text)
        for number, cells in enumerate(csv.reader(bounded, delimiter=delimiter, strict=True), 1):
            bounded.size = 0
            yield number, cells
        text.detach()
    except UnicodeDecodeError:
        raise BadFile(
            why=_("có chữ không phải UTF-8. Hãy mở bằng Excel rồi lưu thành .xlsx hoặc “CSV UTF-8”.")
        ) from None
    except csv.Error:
        raise BadFile(
            why=_('dòng %(row)s có dấu nháy kép (") mở mà không đóng đúng chỗ. Hãy sửa dòng ấy.') % {"row": number + 1}
        ) from None


class _Bounded:
    """The lines of a file; those of one record (quotes may hold breaks) are together no longer than one may be."""

    def __init__(self, text: TextIOWrapper) -> None:
        self.text, self.first, self.size = text, True, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(MAX_LINE):
            self.size += len(line)
            if "\0" in line:
                raise no_text()
            if self.size >= MAX_LINE:
                raise BadFile(why=_("có dòng dài hơn %(most)s ký tự.") % {"most": MAX_LINE})
            if not (self.first and line[:4].lower() == "sep="):
                yield line
            self.first = False
