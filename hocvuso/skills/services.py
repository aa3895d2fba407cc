"""Verbs on frameworks: load versions, crosswalks and audiences; keep outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal

from .models import Audience, Competency, Crosswalk, Domain, Framework, Outcome, Tier


class UnknownCompetency(Refusal):
    """Something cites a competency that no loaded framework has."""

    code = "unknown-competency"
    says = _("Không có năng lực thành phần %(reference)s trong các khung đã nạp.")


@transaction.atomic
def load_framework(data: dict[str, Any]) -> Framework:
    """Load one framework (shape of `data/frameworks/*.yaml`); the same key again brings titles and tiers up to date."""
    head = ("version", "title", "title_en", "issuer", "number", "date", "in_force", "sources")
    framework, _made = Framework.objects.update_or_create(
        key=data["key"],
        defaults={
            name: data.get(name) or ([] if name == "sources" else None if name in ("date", "in_force") else "")
            for name in head
        }
        | {"levels": data.get("tiers") or []},
    )
    for position, d in enumerate(data["domains"]):
        domain, _made = Domain.objects.update_or_create(
            framework=framework,
            code=str(d["code"]),
            defaults={"title": d["title"], "title_en": d.get("title_en") or "", "position": position},
        )
        for place, c in enumerate(d.get("competencies") or []):
            _load_competency(framework, domain, place, c)
    return framework


def _load_competency(framework: Framework, domain: Domain, position: int, data: dict[str, Any]) -> None:
    competency, _made = Competency.objects.update_or_create(
        reference=f"{framework.key}/{data['code']}",
        defaults={
            "domain": domain,
            "code": str(data["code"]),
            "title": data["title"],
            "title_en": data.get("title_en") or "",
            "position": position,
        },
    )
    for number, text in (data.get("descriptors") or {}).items():
        Tier.objects.update_or_create(competency=competency, number=int(number), defaults={"descriptor": text})


@transaction.atomic
def load_crosswalk(data: dict[str, Any]) -> int:
    """Load links between two frameworks (shape of `data/crosswalks/*.yaml`)."""
    source = "; ".join(str(s.get("title", s)) if isinstance(s, dict) else str(s) for s in data.get("sources", []))
    for link in data["links"]:
        Crosswalk.objects.update_or_create(
            origin=competency(f"{data['from']}/{link['from']}"),
            target=competency(f"{data['to']}/{link['to']}"),
            defaults={"relation": link["relation"], "note": link.get("note") or "", "source": source[:300]},
        )
    return len(data["links"])


@transaction.atomic
def load_audiences(rows: Iterable[dict[str, Any]]) -> int:
    """Load the audiences (shape of `data/audiences.yaml`)."""
    rows = list(rows)
    for row in rows:
        Audience.objects.update_or_create(
            key=row["key"],
            defaults={
                "title": row["title"],
                "title_en": row["title_en"],
                "framework": Framework.objects.filter(key=row.get("framework")).first(),
                "universal_tier": row.get("universal_tier"),
                "source": str(row.get("source") or "")[:300],
            },
        )
    return len(rows)


@transaction.atomic
def keep_outcome(*, code: str, reference: str, tier: int, can_do: str, can_do_en: str) -> Outcome:
    """Create or reword an outcome. Raises UnknownCompetency."""
    outcome, _made = Outcome.objects.update_or_create(
        code=code,
        defaults={"competency": competency(reference), "tier": tier, "can_do": can_do, "can_do_en": can_do_en},
    )
    return outcome


def competency(reference: str) -> Competency:
    """The competency with this reference. Raises UnknownCompetency."""
    found = Competency.objects.filter(reference=reference).first()
    if found is None:
        raise UnknownCompetency(reference=reference)
    return found
