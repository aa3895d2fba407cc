"""Verbs on frameworks: load versions, crosswalks and audiences; keep outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.units.models import Unit

from .models import Audience, Competency, Crosswalk, Domain, Framework, Outcome, Tier


class UnknownCompetency(Refusal):
    """Something cites a competency that no loaded framework has."""

    code = "unknown-competency"
    says = _("Không có năng lực thành phần %(reference)s trong các khung đã nạp.")


class OutcomeElsewhere(Refusal):
    """An outcome of this code belongs to another unit, and says something else."""

    code = "outcome-elsewhere"
    says = _(
        "Yêu cầu cần đạt %(code)s là của %(unit)s (%(owner)s). Hãy đặt mã khác, hoặc giữ nguyên năng lực, bậc và câu."
    )


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


def check_outcome(*, code: str, reference: str, tier: int, can_do: str, can_do_en: str, owner: Unit) -> None:
    """A unit may teach to an outcome that is new, is its own, or is another's and stays as that one says it.

    Raises OutcomeElsewhere.
    """
    found = Outcome.objects.select_related("owner", "competency").filter(code=code).first()
    if found is None or found.owner_id == owner.pk:
        return
    if (found.competency.reference, found.tier, found.can_do, found.can_do_en) != (reference, tier, can_do, can_do_en):
        raise OutcomeElsewhere(code=code, unit=found.owner.name, owner=found.owner.code)


@transaction.atomic
def keep_outcome(*, code: str, reference: str, tier: int, can_do: str, can_do_en: str, owner: Unit) -> Outcome:
    """The outcome of a code: made for its unit, or reworded by it; another unit's stays as it is.

    Raises UnknownCompetency, OutcomeElsewhere.
    """
    wanted = {"competency": competency(reference), "tier": tier, "can_do": can_do, "can_do_en": can_do_en}
    outcome, made = Outcome.objects.select_for_update(of=("self",)).get_or_create(
        code=code, defaults=wanted | {"owner": owner}
    )
    check_outcome(code=code, reference=reference, tier=tier, can_do=can_do, can_do_en=can_do_en, owner=owner)
    if not made and outcome.owner_id == owner.pk:
        for name, value in wanted.items():
            setattr(outcome, name, value)
        outcome.save(update_fields=list(wanted))
    return outcome


def hand_outcomes(*, outcomes: QuerySet[Outcome], to: Unit) -> int:
    """Give outcomes to another unit, in the transaction and by the right of whoever hands their programme over."""
    return Outcome.objects.filter(pk__in=list(outcomes.values_list("pk", flat=True))).update(owner=to)


def competency(reference: str) -> Competency:
    """The competency with this reference. Raises UnknownCompetency."""
    found = Competency.objects.filter(reference=reference).first()
    if found is None:
        raise UnknownCompetency(reference=reference)
    return found
