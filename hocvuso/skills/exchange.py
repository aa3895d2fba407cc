"""Frameworks as 1EdTech CASE 1.1 JSON (a CFPackage) and as CSV, out and in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Model
from django.utils import timezone

from hocvuso.base.sheets import quoted, read_rows

from .models import Competency, Domain, Framework, Tier

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
TIERS = frozenset("12345678")


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
    except (KeyError, TypeError, AttributeError) as error:
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


def from_csv(content: bytes, *, head: dict[str, Any]) -> dict[str, Any]:
    """The framework in a CSV of `to_csv`, with title and version from `head`. Raises BadFile with row and column."""
    read = read_rows("", content, {name: (name, name) for name in CSV_FIELDS}, CSV_FIELDS, of_lines=["descriptor"])
    faults = list(map(str, read.faults))
    domains: dict[str, dict[str, Any]] = {}
    for number, row in read.rows:
        needed = ("framework", "domain", "domain_title", "code", "title")
        faults += [f"dòng {number}, cột {name}: để trống" for name in needed if not row[name]]
        domain = {"code": row["domain"], "title": row["domain_title"], "title_en": row["domain_title_en"]}
        within = domains.setdefault(row["domain"], {**domain, "by": {}})
        competency = {name: row[name] for name in ("code", "title", "title_en")}
        found = within["by"].setdefault(row["code"], {**competency, "descriptors": {}})
        if any(domain[name] != within[name] for name in domain) or any(competency[n] != found[n] for n in competency):
            faults.append(f"dòng {number}: {row['domain']}, {row['code']} mang tên khác ở dòng trên")
        if row["tier"] and row["tier"] not in TIERS:
            faults.append(f"dòng {number}, cột tier: {row['tier'][:40]!r} không phải bậc từ 1 đến 8")
        elif row["tier"] in found["descriptors"]:
            faults.append(f"dòng {number}, cột tier: bậc {row['tier']} của {row['code']} đã có ở dòng trên")
        if row["tier"]:
            found["descriptors"][row["tier"]] = row["descriptor"]
    if faults:
        raise BadFile(faults)
    return head | {"domains": [{**d, "competencies": list(d.pop("by").values())} for d in domains.values()]}


def checked(data: Any) -> dict[str, Any]:
    """The framework that a file holds, once all of it can be stored. Raises BadFile, which names every fault."""
    if not isinstance(data, dict) or not isinstance(data.get("domains"), list):
        raise BadFile(["tệp này không phải một khung: cần key, title, domains"])
    faults = list(_wrong_texts("khung", Framework, data, ("key", "title")))
    if not re.fullmatch(r"[\w-]+", str(data.get("key")), re.ASCII):
        faults.append("khung: key chỉ gồm chữ không dấu, số, “-” và “_”, vì đứng trong địa chỉ trang")
    for n, domain in enumerate(data["domains"], 1):
        faults += _wrong_texts(f"miền {n}", Domain, domain, ("code", "title"))
        competencies = domain.get("competencies") or [] if isinstance(domain, dict) else []
        for m, competency in enumerate(competencies if isinstance(competencies, list) else [None], 1):
            faults += _wrong_competency(f"miền {n}, năng lực {m}", competency)
    if faults:
        raise BadFile(faults)
    return data


def _wrong_competency(place: str, data: Any) -> Iterator[str]:
    yield from _wrong_texts(place, Competency, data, ("code", "title"))
    tiers = (data.get("descriptors") or {}) if isinstance(data, dict) else {}
    for tier, text in tiers.items() if isinstance(tiers, dict) else [(tiers, "")]:
        if str(tier) not in TIERS or not isinstance(text, str):
            yield f"{place}: {str(tier)[:40]!r} không phải bậc từ 1 đến 8 có mô tả"


def _wrong_texts(place: str, model: type[Model], data: Any, needed: Sequence[str]) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{place}: cần {', '.join(needed)}"
        return
    for field in model._meta.get_fields():
        longest, value = getattr(field, "max_length", None), data.get(field.name)
        if field.name in needed and value in (None, ""):
            yield f"{place}: thiếu {field.name}"
        elif longest and value is not None and len(str(value)) > longest:
            yield f"{place}: {field.name} dài hơn {longest} ký tự"
