"""Frameworks as 1EdTech CASE 1.1 JSON (a CFPackage) and as CSV, out and in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from hocvuso.base.sheets import quoted, unquoted
from hocvuso.base.text import clean

from .models import Competency, Framework, Tier

NAMESPACE = uuid5(NAMESPACE_URL, "https://hocvuso.vn/khung-nang-luc")
CSV_FIELDS = [
    "framework",
    "domain",
    "domain_title",
    "domain_title_en",
    "code",
    "title",
    "title_en",
    "tier",
    "descriptor",
]


class BadFile(ValueError):
    """A file that cannot be read as a framework; `faults` name row, column and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE, "/".join(parts)))


def _link(kind: str, title: str, *parts: str) -> dict[str, str]:
    identifier = _id(*parts)
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def to_case(framework: Framework) -> dict[str, Any]:
    """CFPackage: one CFDocument; domains, competencies and tiers as CFItems; isChildOf associations (CASE 1.1, 4)."""
    now = timezone.now().replace(microsecond=0).isoformat().replace("+00:00", "Z")
    items: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    document = _link("CFDocument", framework.title, framework.key)

    def add(kind: str, code: str, text: str, parent: dict[str, str], place: int, *parts: str) -> dict[str, str]:
        me = _link("CFItem", text[:80], *parts)
        items.append(_item(me, document, kind, code, text) | {"lastChangeDateTime": now})
        links.append(_child_of(_id(*parts, "child-of"), me, parent, place) | {"lastChangeDateTime": now})
        return me

    for domain in framework.domains.prefetch_related("competencies__tiers"):
        at = add("Domain", domain.code, domain.title, document, domain.position + 1, framework.key, "d", domain.code)
        for c in domain.competencies.all():
            here = add("Competency", c.code, c.title, at, c.position + 1, framework.key, "c", c.code)
            for tier in c.tiers.all():
                code = f"{c.code}#{tier.number}"
                add("Tier", code, tier.descriptor, here, tier.number, framework.key, "t", code)
    head = _head(framework, document) | {"lastChangeDateTime": now}
    return {"CFDocument": head, "CFItems": items, "CFAssociations": links}


def _head(framework: Framework, document: dict[str, str]) -> dict[str, Any]:
    return {
        "identifier": document["identifier"],
        "uri": document["uri"],
        "creator": framework.issuer or "Học vụ số",
        "title": framework.title,
        "officialSourceURL": next((s.get("url") for s in framework.sources if s.get("url")), ""),
        "version": framework.version,
        "language": "vi",
        "adoptionStatus": "Adopted",
        "notes": framework.key,
    }


def _item(me: dict[str, str], document: dict[str, str], kind: str, code: str, text: str) -> dict[str, Any]:
    return {
        "identifier": me["identifier"],
        "uri": me["uri"],
        "CFDocumentURI": document,
        "fullStatement": text,
        "humanCodingScheme": code,
        "CFItemType": kind,
        "language": "vi",
    }


def _child_of(identifier: str, me: dict[str, str], parent: dict[str, str], place: int) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "associationType": "isChildOf",
        "sequenceNumber": place,
        "originNodeURI": me,
        "destinationNodeURI": parent,
    }


def from_case(package: dict[str, Any]) -> dict[str, Any]:
    """The framework in a CFPackage, in the shape `services.load_framework` takes. Raises BadFile."""
    try:
        head = package["CFDocument"]
        items = {item["identifier"]: item for item in package["CFItems"]}
        parents = {
            a["originNodeURI"]["identifier"]: (a["destinationNodeURI"]["identifier"], a.get("sequenceNumber", 0))
            for a in package["CFAssociations"]
            if a["associationType"] == "isChildOf"
        }
    except (KeyError, TypeError) as error:
        raise BadFile([f"CASE: thiếu {error}"]) from error
    children: dict[str, list[str]] = {}
    for child, (parent, _place) in sorted(parents.items(), key=lambda pair: pair[1][1]):
        children.setdefault(parent, []).append(child)
    domains = []
    for domain_id in children.get(head["identifier"], []):
        domain = items[domain_id]
        competencies = [
            _competency(items[i], [items[t] for t in children.get(i, [])]) for i in children.get(domain_id, [])
        ]
        domains.append(
            {
                "code": domain.get("humanCodingScheme", ""),
                "title": domain["fullStatement"],
                "competencies": competencies,
            }
        )
    if not domains:
        raise BadFile(["CASE: không có CFItem nào nối với CFDocument bằng isChildOf"])
    return {
        "key": (head.get("notes") or head["identifier"])[:40],
        "version": head.get("version", ""),
        "title": head["title"],
        "title_en": head["title"],
        "issuer": head.get("creator", ""),
        "sources": [{"title": head["title"], "url": head.get("officialSourceURL", "")}],
        "domains": domains,
    }


def _competency(item: dict[str, Any], tiers: list[dict[str, Any]]) -> dict[str, Any]:
    described = {
        t["humanCodingScheme"].rpartition("#")[2]: t["fullStatement"]
        for t in tiers
        if "#" in t.get("humanCodingScheme", "")
    }
    return {"code": item.get("humanCodingScheme", ""), "title": item["fullStatement"], "descriptors": described}


def to_csv(framework: Framework) -> str:
    """One row a tier (or a competency without tiers), with a header and a byte-order mark for spreadsheets."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, CSV_FIELDS)
    writer.writeheader()
    competencies = (
        Competency.objects.filter(domain__framework=framework).select_related("domain").prefetch_related("tiers")
    )
    for c in competencies.order_by("domain__position", "position"):
        common = {
            "framework": framework.key,
            "domain": c.domain.code,
            "domain_title": c.domain.title,
            "domain_title_en": c.domain.title_en,
            "code": c.code,
            "title": c.title,
            "title_en": c.title_en,
        }
        tiers: list[Tier | None] = [*c.tiers.all()]
        for tier in tiers or [None]:
            row = common | {"tier": str(tier.number) if tier else "", "descriptor": tier.descriptor if tier else ""}
            writer.writerow({name: quoted(text) for name, text in row.items()})
    return out.getvalue()


def from_csv(text: str, *, head: dict[str, Any]) -> dict[str, Any]:
    """The framework in a CSV of `to_csv`, with title and version from `head`. Raises BadFile with row and column."""
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    missing = [name for name in CSV_FIELDS if name not in (reader.fieldnames or [])]
    if missing:
        raise BadFile([f"thiếu cột {name}" for name in missing])
    faults: list[str] = []
    domains: dict[str, dict[str, Any]] = {}
    for number, row in _rows(reader, faults):
        domain = domains.setdefault(
            row["domain"],
            {"code": row["domain"], "title": row["domain_title"], "title_en": row["domain_title_en"], "by": {}},
        )
        found = domain["by"].setdefault(
            row["code"], {"code": row["code"], "title": row["title"], "title_en": row["title_en"], "descriptors": {}}
        )
        if not row["tier"]:
            continue
        if not row["tier"].isdigit() or not 1 <= int(row["tier"]) <= 8:
            faults.append(f"dòng {number}, cột tier: {row['tier']!r} không phải bậc từ 1 đến 8")
            continue
        found["descriptors"][row["tier"]] = row["descriptor"]
    if faults:
        raise BadFile(faults)
    return head | {"domains": [{**d, "competencies": list(d.pop("by").values())} for d in domains.values()]}


def _rows(reader: Any, faults: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    number = 1
    try:
        for number, cells in enumerate(reader, 2):
            row = {name: unquoted(clean(cells[name] or "", lines=name == "descriptor")) for name in CSV_FIELDS}
            if not any(row.values()):
                continue
            for name in ("framework", "domain", "domain_title", "code", "title"):
                if not row[name]:
                    faults.append(f"dòng {number}, cột {name}: để trống")
            yield number, row
    except csv.Error:
        faults.append(f'dòng {number + 1}: dấu nháy kép (") mở mà không đóng đúng chỗ')
