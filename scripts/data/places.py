"""Writes data/places.csv from the package `vietnam-provinces` (official codes and types as of 1 July 2025).

pip install vietnam-provinces==2026.3.0 && python scripts/data/places.py > data/places.csv
"""

import csv
import sys
from importlib.metadata import version

from vietnam_provinces import Province, Ward

FIELDS = [
    "code", "name", "name_en", "kind", "type", "parent", "valid_from", "valid_to", "successors",
    "latitude", "longitude", "special_difficulty", "source",
]  # fmt: skip
SOURCE = f"PyPI vietnam-provinces {version('vietnam-provinces')}"
TYPES = {"tỉnh": "tinh", "thành": "thanh-pho", "xã": "xa", "phường": "phuong", "đặc": "dac-khu"}
IN_FORCE = "2025-07-01"


def row(**values: str) -> dict[str, str]:
    """One row; what no source states stays empty."""
    name = values["name"][0].upper() + values["name"][1:]
    kind = TYPES.get(name.split()[0].lower(), "quoc-gia")
    return {f: values.get(f, "") for f in FIELDS} | {"name": name, "type": kind, "source": SOURCE}


def main() -> None:
    """Country, provinces, communes, in order of their codes."""
    writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerow(row(code="VN", name="Việt Nam", name_en="Viet Nam", kind="country"))
    for p in sorted(Province.iter_all(), key=lambda p: int(p.code)):
        writer.writerow(row(code=f"{int(p.code):02}", name=p.name, kind="province", parent="VN", valid_from=IN_FORCE))
    for w in sorted(Ward.iter_all(), key=lambda w: int(w.code)):
        parent = f"{int(w.province_code):02}"
        writer.writerow(row(code=f"{int(w.code):05}", name=w.name, kind="commune", parent=parent, valid_from=IN_FORCE))


main()
