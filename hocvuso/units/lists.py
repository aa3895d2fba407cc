"""Lists of units from CSV or Excel: plan → preview → apply.

All or nothing; every fault says row, column, value, reason.
Lists come as people keep them: a title above the header, Vietnamese column names, merged cells, blank lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvuso.base import journal
from hocvuso.base.sheets import Fault, quoted, read_rows
from hocvuso.base.text import fold, same

from .models import Place, Unit
from .rules import MAX_DEPTH
from .services import open_units

COLUMNS = {
    "code": ("code", "ma", "ma don vi", "ma truong"),
    "name": ("name", "ten", "ten don vi", "ten truong"),
    "name_en": ("name en", "name_en", "ten tieng anh"),
    "kind": ("kind", "loai", "loai don vi", "loai hinh"),
    "parent": ("parent", "ma cap tren", "don vi cap tren", "cap tren", "truc thuoc"),
    "place": ("place", "ma dia ban", "dia ban", "ma xa", "xa phuong"),
}
NEEDED = ("code", "name", "kind", "parent")
LONGEST = {name: getattr(Unit._meta.get_field(name), "max_length", 0) or 0 for name in ("code", "name", "name_en")}


@dataclass
class Plan:
    """What an import would do."""

    new: list[dict[str, str]] = field(default_factory=list)
    changed: list[tuple[Unit, dict[str, str | None]]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What rows are judged by: units and places that are there, units that earlier rows bring, where one may write.

    Units are found by their codes without case; `coming` holds rows, `depths` how deep a unit stands or would stand.
    """

    units: dict[str, Unit]
    places: set[str]
    under: Collection[Unit] | None
    coming: dict[str, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)

    def reaches(self, unit: Unit) -> bool:
        return self.under is None or any(unit.path.startswith(top.path) for top in self.under)


def plan(
    name: str,
    content: bytes,
    *,
    under: Collection[Unit] | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """What the file would do. `under`: only units in the subtrees of these may be added or changed. `tell`: how far."""
    read = read_rows(name, content, COLUMNS, NEEDED, lenient=True)
    made = Plan(faults=read.faults)
    if read.unused:
        made.warnings.append(_("Không đọc các cột: %(columns)s.") % {"columns": ", ".join(read.unused)[:300]})
    known = _Known(
        units={same(u.code): u for u in Unit.objects.select_related("parent")},
        places=set(Place.objects.values_list("code", flat=True)),
        under=under,
    )
    known.depths.update({code: unit.tree_path.depth for code, unit in known.units.items()})
    for done, (number, row) in enumerate(read.rows):
        tell(done, len(read.rows))
        row["kind"] = _kind(row["kind"])
        row["parent"] = parent.code if (parent := known.units.get(same(row["parent"]))) else row["parent"]
        found = list(_row_faults(number, row, known))
        made.faults += found
        known.coming.setdefault(same(row["code"]), number)
        known.depths.setdefault(same(row["code"]), known.depths.get(same(row["parent"]), 0) + 1)
        if not found:
            _place_row(made, row, known.units.get(same(row["code"])))
    made.warnings += _alike(row["code"] for row in made.new)
    return made


def _alike(codes: Iterable[str]) -> Iterator[str]:
    """Codes of digits that differ only by zeros in front, which spreadsheets like to take away."""
    there = {code.lstrip("0"): code for code in Unit.objects.values_list("code", flat=True) if code.isdecimal()}
    for code in codes:
        if code.isdecimal() and (other := there.setdefault(code.lstrip("0"), code)) != code:
            yield _("Mã %(code)s và mã %(other)s chỉ khác nhau ở số 0 đứng đầu. Có phải là một đơn vị?") % {
                "code": code, "other": other,
            }  # fmt: skip


def _kind(text: str) -> str:
    labels = {fold(str(label)): value for value, label in Unit.Kind.choices}
    return text if text in Unit.Kind.values else labels.get(fold(text), text)


def _row_faults(number: int, row: dict[str, str], known: _Known) -> Iterator[Fault]:
    unit = known.units.get(same(row["code"]))
    is_root = unit is not None and unit.parent is None
    for key in NEEDED:
        if not row[key] and not (key == "parent" and is_root):
            yield Fault(number, COLUMNS[key][1], "", _("để trống"))
    for key, longest in LONGEST.items():
        if len(row.get(key, "")) > longest:
            yield Fault(number, COLUMNS[key][1], row[key][:80], _("dài hơn %(most)s ký tự") % {"most": longest})
    if same(row["code"]) in known.coming:
        said = _("trùng với dòng %(row)s") % {"row": known.coming[same(row["code"])]}
        yield Fault(number, "ma", row["code"], said)
    if row["kind"] and row["kind"] not in Unit.Kind.values:
        allowed = ", ".join(str(label) for label in Unit.Kind.labels)
        yield Fault(number, "loai", row["kind"], _("không có loại này; có: %(kinds)s") % {"kinds": allowed})
    if row.get("place") and row["place"] not in known.places:
        yield Fault(number, "dia ban", row["place"], _("không có mã địa bàn này"))
    yield from _new_faults(number, row, known) if unit is None else _old_faults(number, row, unit, known)


def _new_faults(number: int, row: dict[str, str], known: _Known) -> Iterator[Fault]:
    """Where a new unit would stand."""
    parent = known.units.get(same(row["parent"]))
    if row["parent"] and parent is None and same(row["parent"]) not in known.coming:
        said = _("không có đơn vị mang mã này; cấp trên phải đứng trước")
        yield Fault(number, "cap tren", row["parent"], said)
    if parent is not None and not known.reaches(parent):
        yield Fault(number, "cap tren", row["parent"], _("nằm ngoài phạm vi của bạn"))
    if known.depths.get(same(row["parent"]), 0) >= MAX_DEPTH:
        yield Fault(number, "cap tren", row["parent"], _("cây đơn vị sâu nhất %(most)s bậc") % {"most": MAX_DEPTH})


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
    open_units(made.new, source="import")
    for unit, changes in made.changed:
        for name, value in changes.items():
            setattr(unit, name, value)
        unit.search = f"{fold(unit.name)} {fold(unit.code)}"
        unit.save(update_fields=[*changes, "search"])  # no more: units added above have moved its counter of children
    journal.write("units.imported", Unit, by=by, added=len(made.new), changed=len(made.changed))
    return len(made.new) + len(made.changed)


def export_csv(units: Any) -> str:
    """Units as a CSV that imports again unchanged. Cells that a spreadsheet would run as formulas are quoted."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(["code", "name", "name_en", "kind", "parent", "place"])
    for u in units.select_related("parent").iterator(chunk_size=2000):
        row = [u.code, u.name, u.name_en, u.kind, u.parent.code if u.parent else "", u.place_id or ""]
        writer.writerow([quoted(cell) for cell in row])
    return out.getvalue()
