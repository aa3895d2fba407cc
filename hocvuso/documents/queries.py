"""Documents as they are laid out, and what they are composed from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from .models import DocumentProfile, NumberBook, OfficialDocument
from .rules import Letterhead, Sheet


def letterhead(unit: Unit) -> Letterhead:
    """How the unit stands on its documents: its profile, and where that is silent the tree of units."""
    profile: DocumentProfile = getattr(unit, "document_profile", None) or DocumentProfile(unit=unit)
    above = unit.parent.name if unit.parent and unit.kind == Unit.Kind.DEPARTMENT else ""
    return Letterhead(
        organ=profile.name or unit.name,
        organ_above=profile.organ_above or above,
        abbreviation=profile.abbreviation,
        place=profile.place,
    )


def sheet_of(document: OfficialDocument) -> Sheet:
    """Everything that stands on a document."""
    return Sheet(
        letterhead=letterhead(document.unit),
        kind=document.kind,
        kind_name=str(document.get_kind_display()),
        **{
            name: getattr(document, name)
            for name in (
                "title", "number", "issued_on", "addressees", "basis", "body", "authority", "position", "signer",
                "recipients",
            )
        },
    )  # fmt: skip


def to_issue(person: Person, units: Collection[Unit]) -> Any:
    """Drafts of these units with a signer, that somebody else wrote and the person may issue."""
    ready = OfficialDocument.objects.filter(state=OfficialDocument.State.DRAFT, unit__in=units)
    return ready.exclude(signer="").exclude(writers=person).select_related("unit").order_by("pk")


def books(unit: Unit) -> list[NumberBook]:
    """The numbering books of a unit, latest year first."""
    return list(NumberBook.objects.filter(unit=unit).order_by("-year", "kind"))
