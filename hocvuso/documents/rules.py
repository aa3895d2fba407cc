"""The form of administrative documents by Decree 30/2020/NĐ-CP (5 March 2020), Annex I; pure tables and functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
FONT = "Times New Roman"
PAGE_MM = (210, 297)
MARGINS_MM = {"top": 20, "bottom": 20, "left": 30, "right": 16}  # I.3: 20–25, 20–25, 30–35, 15–20
# Sizes in points, within the ranges of Annex I, section V.
SIZE = {"national_title": 12, "motto": 13, "organ": 12, "number": 13, "date": 13, "kind": 14, "title": 14, "about": 12,
        "body": 14, "signature": 14, "recipients_head": 12, "recipients": 11, "page": 13}  # fmt: skip


@dataclass(frozen=True)
class Letterhead:
    """Who issues: the organ above, the organ, its abbreviation in symbols, the place before the date."""

    organ: str
    organ_above: str = ""
    abbreviation: str = ""
    place: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on one document, ready to be laid out."""

    letterhead: Letterhead
    kind: str
    kind_name: str
    title: str
    number: int | None = None
    issued_on: date | None = None
    addressees: list[str] = field(default_factory=list)
    basis: list[str] = field(default_factory=list)
    body: list[dict[str, Any]] = field(default_factory=list)
    authority: str = ""
    position: str = ""
    signer: str = ""
    recipients: list[str] = field(default_factory=list)


def is_complete(letterhead: Letterhead) -> bool:
    """Whether a number's symbol and a dateline can be written."""
    return bool(letterhead.organ and letterhead.abbreviation and letterhead.place)


def symbol(sheet: Sheet) -> str:
    """`12/KH-SGDĐT`; letters name only the organ: `12/SGDĐT`. A draft leaves the number open for the pen."""
    number = f"{sheet.number:02}" if sheet.number is not None else "      "
    tail = sheet.letterhead.abbreviation
    if sheet.kind != "CV":
        tail = f"{sheet.kind}-{tail}" if tail else sheet.kind
    return f"{number}/{tail}" if tail else number


def dateline(place: str, day: date | None) -> str:
    """Place and date; days below 10 and months 1 and 2 with a leading zero (Annex I, II.4)."""
    if day is None:
        words = "ngày      tháng      năm      "
    else:
        month = f"{day.month:02}" if day.month < 3 else str(day.month)
        words = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{place}, {words}" if place else words


def ending(lines: list[str]) -> list[str]:
    """Recipients as they are listed: each after a dash, `;` between, the last one with a full stop."""
    return [f"- {line.rstrip('.;')}{'.' if n == len(lines) - 1 else ';'}" for n, line in enumerate(lines)]
