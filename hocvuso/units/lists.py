"""Lists of units from CSV or Excel: plan → preview → apply.

All or nothing; every fault says row, column, value, reason.
Lists come as people keep them: a title above the header, Vietnamese column names, merged cells, blank lines.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.base import journal
from hocvuso.base.text import fold

from .models import Place, Unit
from .services import open_unit

MAX_ROWS = 50_000
MAX_UNPACKED = 100 * 1024 * 1024
COLUMNS = {
    "code": ("code", "ma", "ma don vi", "ma truong"),
    "name": ("name", "ten", "ten don vi", "ten truong"),
    "name_en": ("name en", "name_en", "ten tieng anh"),
    "kind": ("kind", "loai", "loai don vi", "loai hinh"),
    "parent": ("parent", "ma cap tren", "don vi cap tren", "cap tren", "truc thuoc"),
    "place": ("place", "ma dia ban", "dia ban", "ma xa", "xa phuong"),
}
NEEDED = ("code", "name", "kind", "parent")
_FORMULA = tuple("=+-@\t\r")  # what a spreadsheet would run; goes out behind a quote, which comes off on the way in


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return _("dòng %(row)s, cột %(column)s: “%(value)s” – %(reason)s") % {
            "row": self.row, "column": self.column, "value": self.value, "reason": self.reason,
        }  # fmt: skip


@dataclass
class Plan:
    """What an import would do."""

    new: list[dict[str, str]] = field(default_factory=list)
    changed: list[tuple[Unit, dict[str, str | None]]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


def read_rows(name: str, content: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Rows by column key, each with its number in the file. Judged by content: an .xlsx begins with `PK`."""
    table = _excel(content) if content[:2] == b"PK" else _csv(content)
    if table is None:
        return [], [Fault(0, "", name, _("không phải tệp Excel (.xlsx) hay CSV (UTF-8) đọc được"))]
    at, keys = _header(table)
    missing = [COLUMNS[k][1] for k in NEEDED if k not in keys.values()]
    if missing:
        return [], [Fault(at + 1, "", "", _("thiếu cột: %(columns)s") % {"columns": ", ".join(missing)})]
    rows = []
    for number, cells in enumerate(table[at + 1 :], at + 2):
        row = {key: _unquoted(cells[i].strip()) if i < len(cells) else "" for i, key in keys.items()}
        if any(row.values()):
            rows.append((number, row))
    if len(rows) > MAX_ROWS:
        return [], [Fault(0, "", str(len(rows)), _("nhiều hơn %(most)s dòng; hãy chia tệp") % {"most": MAX_ROWS})]
    return rows, []


def _unquoted(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _excel(content: bytes) -> list[list[str]] | None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                return None
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (BadZipFile, CalamineError, OSError, ValueError, IndexError):
        return None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _csv(content: bytes) -> list[list[str]] | None:
    try:
        text = content.decode("utf-8-sig")
        dialect = csv.Sniffer().sniff(text[:4000], ",;\t") if text.strip() else csv.excel
        return list(csv.reader(StringIO(text), dialect))
    except (UnicodeDecodeError, csv.Error):
        return None


def _header(table: list[list[str]]) -> tuple[int, dict[int, str]]:
    """The header row is the one, of the first twenty, in which most columns are known."""
    names = {alias: key for key, aliases in COLUMNS.items() for alias in aliases}
    best: tuple[int, dict[int, str]] = (0, {})
    for at, cells in enumerate(table[:20]):
        keys = {i: names[fold(cell)] for i, cell in enumerate(cells) if fold(cell) in names}
        if len(keys) > len(best[1]):
            best = (at, keys)
    return best


@dataclass(frozen=True)
class _Known:
    """What rows are judged by: units and places that are there, units that earlier rows bring, where one may write."""

    units: dict[str, Unit]
    places: set[str]
    coming: dict[str, int]
    under: Collection[Unit] | None

    def reaches(self, unit: Unit) -> bool:
        return self.under is None or any(unit.path.startswith(top.path) for top in self.under)


def plan(name: str, content: bytes, *, under: Collection[Unit] | None = None) -> Plan:
    """What the file would do. `under`: only units in the subtrees of these may be added or changed."""
    rows, faults = read_rows(name, content)
    made = Plan(faults=faults)
    known = _Known(
        units={u.code: u for u in Unit.objects.select_related("parent")},
        places=set(Place.objects.values_list("code", flat=True)),
        coming={},
        under=under,
    )
    for number, row in rows:
        row["kind"] = _kind(row["kind"])
        found = list(_row_faults(number, row, known))
        made.faults += found
        known.coming.setdefault(row["code"], number)
        if not found:
            _place_row(made, row, known.units.get(row["code"]))
    return made


def _kind(text: str) -> str:
    labels = {fold(str(label)): value for value, label in Unit.Kind.choices}
    return text if text in Unit.Kind.values else labels.get(fold(text), text)


def _row_faults(number: int, row: dict[str, str], known: _Known) -> Iterator[Fault]:
    unit = known.units.get(row["code"])
    is_root = unit is not None and unit.parent is None
    for key in NEEDED:
        if not row[key] and not (key == "parent" and is_root):
            yield Fault(number, COLUMNS[key][1], "", _("để trống"))
    if row["code"] in known.coming:
        said = _("trùng với dòng %(row)s") % {"row": known.coming[row["code"]]}
        yield Fault(number, "ma", row["code"], said)
    if row["kind"] and row["kind"] not in Unit.Kind.values:
        allowed = ", ".join(str(label) for label in Unit.Kind.labels)
        yield Fault(number, "loai", row["kind"], _("không có loại này; có: %(kinds)s") % {"kinds": allowed})
    if row.get("place") and row["place"] not in known.places:
        yield Fault(number, "dia ban", row["place"], _("không có mã địa bàn này"))
    yield from _new_faults(number, row, known) if unit is None else _old_faults(number, row, unit, known)


def _new_faults(number: int, row: dict[str, str], known: _Known) -> Iterator[Fault]:
    """Where a new unit would stand."""
    parent = known.units.get(row["parent"])
    if row["parent"] and parent is None and row["parent"] not in known.coming:
        said = _("không có đơn vị mang mã này; cấp trên phải đứng trước")
        yield Fault(number, "cap tren", row["parent"], said)
    if parent is not None and not known.reaches(parent):
        yield Fault(number, "cap tren", row["parent"], _("nằm ngoài phạm vi của bạn"))


def _old_faults(number: int, row: dict[str, str], unit: Unit, known: _Known) -> Iterator[Fault]:
    """Where a unit that is there stands: a list may reword it, and moves nothing."""
    stands_under = unit.parent.code if unit.parent else ""
    if not known.reaches(unit):
        yield Fault(number, "ma", row["code"], _("nằm ngoài phạm vi của bạn"))
    elif row["parent"] not in ("", stands_under):
        yield Fault(number, "cap tren", row["parent"], _("nhập danh sách không đổi được cấp trên của đơn vị đã có"))


def _place_row(made: Plan, row: dict[str, str], unit: Unit | None) -> None:
    if unit is None:
        made.new.append(row)
        return
    fields: dict[str, str | None] = {key: row[key] for key in ("name", "name_en", "kind") if key in row}
    if "place" in row:
        fields["place_id"] = row["place"] or None
    changes = {k: v for k, v in fields.items() if getattr(unit, k) != v}
    if changes:
        made.changed.append((unit, changes))
    else:
        made.same += 1


@transaction.atomic
def apply(made: Plan, *, by: Any) -> int:
    """Carry a faultless plan out, all or nothing; returns how many units were added or changed."""
    if made.faults:
        raise ValueError("a plan with faults is not applied")
    for row in made.new:
        open_unit(
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            kind=row["kind"],
            parent=Unit.objects.get(code=row["parent"]),
            place_code=row.get("place") or None,
            source="import",
        )
    for unit, changes in made.changed:
        for name, value in changes.items():
            setattr(unit, name, value)
        unit.search = f"{fold(unit.name)} {fold(unit.code)}"
        unit.save(update_fields=[*changes, "search"])  # no more: units added above have moved its counter of children
    journal.write("units.imported", "units", by=by, added=len(made.new), changed=len(made.changed))
    return len(made.new) + len(made.changed)


def export_csv(units: Any) -> str:
    """Units as a CSV that imports again unchanged. Cells that a spreadsheet would run as formulas are quoted."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(["code", "name", "name_en", "kind", "parent", "place"])
    for u in units.select_related("parent").iterator(chunk_size=2000):
        row = [u.code, u.name, u.name_en, u.kind, u.parent.code if u.parent else "", u.place_id or ""]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()
