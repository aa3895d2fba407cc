"""`hocvuso import` and `hocvuso export`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from hocvuso.indicators import exchange as tables
from hocvuso.indicators.services import importing, table_import
from hocvuso.skills import exchange, services
from hocvuso.skills.models import Framework
from hocvuso.units import lists
from hocvuso.units.models import Unit
from hocvuso.units.services import apply_places, plan_places


def import_file(what: str, file: Path, *, apply: bool, numbers: str | None = None) -> int:
    """Show what a file would do; do it with `apply`. `numbers`: the language of a table's numbers, where it is said."""
    if not file.is_file():
        print(f"there is no file {file}")
        return 1
    if what == "places":
        return _places(file, apply=apply)
    if what == "framework":
        return _framework(file, apply=apply)
    if what == "values":
        return _values(file, apply=apply, numbers=numbers)
    return _list(what, file, apply=apply)


def _places(file: Path, *, apply: bool) -> int:
    made = plan_places(file.name, file.read_bytes())
    print(f"{len(made.places)} places, faults {len(made.faults)}")
    for fault in made.faults[:100]:
        print(f"  {fault}")
    if apply and not made.faults:
        print(f"{apply_places(made)} places written")
    return 1 if made.faults else 0


def _list(what: str, file: Path, *, apply: bool) -> int:
    """Units, populations, targets: lists that say what would be new and what changed."""
    name, content = file.name, file.read_bytes()
    plan: Any
    if what == "units":
        plan = lists.plan(name, content)
    else:
        read = table_import.plan_targets if what == "targets" else table_import.plan_populations
        plan = read(name=name, content=content, by=None)
    for warning in getattr(plan, "warnings", []):
        print(f"  {warning}")
    print(f"new {len(plan.new)}, changed {len(plan.changed)}, same {plan.same}, faults {len(plan.faults)}")
    for fault in plan.faults:
        print(f"  {fault}")
    if plan.faults:
        return 1
    if apply:
        done = (
            lists.apply(plan, by=None) if what == "units" else table_import.apply_table(made=plan, by=None, source=name)
        )
        print(f"{done} {what} written")
    return 0


def _values(file: Path, *, apply: bool, numbers: str | None) -> int:
    """Values in bulk; row by row, so that millions of them need little memory."""
    try:
        with file.open("rb") as table:
            made = importing.plan(
                rows=tables.read(table, language=numbers),
                by=None,
                progress=lambda n: print(f"  {n} rows", file=sys.stderr),
            )
    except tables.BadTable as error:
        print(error)
        return 1
    print(f"{made.count} values, {len(made.faults) + made.more_faults} faults")
    for fault in made.faults[:100]:
        print(f"  row {fault.row}, {fault.column}: {fault.value!r}: {fault.reason}")
    if made.faults:
        return 1
    if apply:
        print(f"{importing.apply(made=made, by=None, source=file.name)} values stored")
    return 0


def _framework(file: Path, *, apply: bool) -> int:
    try:
        if file.suffix == ".csv":
            key = file.stem
            head = {"key": key, "version": "", "title": key, "title_en": key}
            data = exchange.from_csv(file.read_bytes(), head=head)
        elif file.suffix == ".json":
            data = exchange.from_case(json.loads(file.read_text("utf-8-sig")))
        else:
            data = yaml.safe_load(file.read_text("utf-8-sig"))
        exchange.checked(data)
    except (exchange.BadFile, ValueError, yaml.YAMLError) as error:
        print(error)
        return 1
    count = sum(len(d.get("competencies") or []) for d in data["domains"])
    print(f"{data['key']}: {len(data['domains'])} domains, {count} competencies")
    if apply:
        services.load_framework(data)
    return 0


def export(what: str, key: str, form: str) -> int:
    """Write units, or one framework, to standard output."""
    if what == "units":
        sys.stdout.write(lists.export_csv(Unit.objects.all()))
        return 0
    found = Framework.objects.filter(key=key).first()
    if found is None:
        print("Frameworks: " + ", ".join(Framework.objects.values_list("key", flat=True)), file=sys.stderr)
        return 1
    sys.stdout.write(
        exchange.to_csv(found) if form == "csv" else json.dumps(exchange.to_case(found), ensure_ascii=False)
    )
    return 0
