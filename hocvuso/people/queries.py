"""Who may what, and who is who."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.errors import NotAllowed
from hocvuso.base.rows import first, read, table
from hocvuso.base.secrets import decrypt, keyed_hash
from hocvuso.units.models import Unit

from .models import Consent, Guardianship, Identifier, Person, RoleGrant, RoleOffer, active_grants
from .rules import GIVES, May, Role, masked, may_grant
from .rules_consent import NOTICE, Purpose, Said

SEALED = "identifier"


def lookup_of(kind: str, value: str, *, master: str | None = None) -> str:
    """The keyed hash by which an identifier is found; under another master secret than the site's when one is given."""
    return keyed_hash(f"{kind}:{value}", purpose="identifier-lookup", master=master)


def person_with(kind: str, value: str) -> Person | None:
    """The person who has this identifier."""
    mine = f"id = (SELECT person_id FROM {table(Identifier)} WHERE kind = %s AND lookup = %s)"
    return first(Person, mine, kind, lookup_of(kind, value))


def active_person(person_id: UUID) -> Person | None:
    """The person of a session, unless erased or barred. Every request of a signed-in person asks this."""
    return first(Person, "id = %s AND is_active", person_id)


def asker(person_id: UUID | None) -> Person:
    """Whoever asked for what is done only now. Raises NotAllowed when that person may no longer do anything."""
    person = active_person(person_id) if person_id else None
    if person is None:
        raise NotAllowed
    return person


def grants_of(person: Any) -> list[RoleGrant]:
    """Roles in force now; kept on the person object for the length of a request."""
    if not getattr(person, "is_authenticated", False):
        return []
    if not hasattr(person, "_grants"):
        person._grants = active_grants(person, timezone.now())
    return person._grants


def remember_no_grants(person: Any) -> None:
    """A person whose row was just made has none: the query is spared."""
    person._grants = []


def may(person: Any, permission: May, unit: Unit) -> bool:
    """The permission function: does a role that this person holds now, at this unit or above it, give this?"""
    return any(
        permission in GIVES[Role(grant.role)] and unit.path.startswith(grant.unit.path) for grant in grants_of(person)
    )


def grants_giving(person: Person, permission: May, unit: Unit) -> list[RoleGrant]:
    """The roles that give an active person this at a unit, as they stand in the database now."""
    held = active_grants(person, timezone.now()) if Person.objects.filter(pk=person.pk, is_active=True).exists() else []
    return [g for g in held if permission in GIVES[Role(g.role)] and unit.path.startswith(g.unit.path)]


def may_anywhere(person: Any, permission: May) -> bool:
    """Whether any role gives this somewhere: to offer a menu or a button, never to allow an act."""
    return any(permission in GIVES[Role(grant.role)] for grant in grants_of(person))


def is_staff(person: Any) -> bool:
    """Whether any role gives a permission: such people need a second factor."""
    return any(GIVES[Role(grant.role)] for grant in grants_of(person))


def has_second_factor(person: Person) -> bool:
    """Whether the person has set up an authenticator app or a passkey."""
    return bool(person.totp_sealed) or person.passkeys.exists()


def tops_of_reach(person: Any, permission: May) -> list[Unit]:
    """The units at which roles give the person a permission; it reaches each of their subtrees."""
    return [grant.unit for grant in grants_of(person) if permission in GIVES[Role(grant.role)]]


def units_in_reach(person: Any, permission: May) -> Any:
    """The units at which the person has a permission: a queryset by path prefixes."""
    reach = Q(pk__in=[])
    for top in tops_of_reach(person, permission):
        reach |= Q(path__startswith=top.path)
    return Unit.objects.filter(reach)


def shown_identifiers(person: Person) -> list[dict[str, Any]]:
    """A person's identifiers as they may be shown to the person."""
    return [
        {"id": i.pk, "kind": i.get_kind_display(), "masked": masked(i.kind, decrypt(i.sealed, purpose=SEALED))}
        for i in person.identifiers.order_by("created_at")
    ]


def address_of(person: Person) -> str:
    """The first address of a person, masked; a mark when there is none."""
    return next((str(one["masked"]) for one in shown_identifiers(person)), person.mark)


def label_of(person: Person) -> str:
    """By what a person tells their accounts apart on a device: name and masked address, of no name the address."""
    address = address_of(person)
    return f"{person.name} ({address})" if person.name else address


@cache
def ethnicities() -> dict[str, str]:
    """The 54 ethnic groups of the official list, key → name, in its order."""
    with (settings.REFERENCE_DATA / "ethnicities.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["name"] for row in csv.DictReader(file)}


def addresses_of(people: Iterable[Any], kind: str) -> dict[UUID, str]:
    """The verified address of a kind (phone, email) of each person who has one, for messages to them."""
    found = Identifier.objects.filter(person__in=people, kind=kind, verified_at__isnull=False).order_by("-created_at")
    return {i.person_id: decrypt(i.sealed, purpose=SEALED) for i in found}


def may_keep_records(person: Person) -> bool:
    """Whether results may be stored: after the consent that `records_need` names."""
    return not records_need(person)


def records_need(person: Person) -> str:
    """What is missing before results may be stored: "guardian" of a child under 16, one's own "consent", or nothing.

    Of a child a guardian agrees, and the last word, which may be the child's own no, is a yes.
    """
    if person.birth_year is not None and person.is_child(timezone.localdate()):
        agreed = Guardianship.objects.filter(child=person, consented_at__isnull=False, withdrawn_at=None)
        return "" if person.keeps_records and agreed.exists() else "guardian"
    return "" if person.keeps_records else "consent"


def consents_of(person: Person) -> dict[str, Consent]:
    """The last that was said to each purpose."""
    return {row.purpose: row for row in Consent.objects.filter(person=person).order_by("created_at", "pk")}


def consents(person: Person, purpose: Purpose) -> bool:
    """Whether the last that was said to a purpose is yes; the wording may be an older one."""
    said = Consent.objects.filter(person=person, purpose=purpose).order_by("-created_at", "-pk").values_list("said")
    return said.first() == (Said.GIVEN,)


def to_ask(person: Person) -> list[Purpose]:
    """Purposes to ask about, kindly: what was never answered, or was agreed to under an older notice or by a guardian.

    A no is not asked about again; what is asked where it comes up (ethnicity, a name shown) is asked here only when
    the notice changed. Children are not asked: their guardian is.
    """
    if person.is_child(timezone.localdate()):
        return []
    last = consents_of(person)
    fresh = [] if Purpose.LEARNING in last else [Purpose.LEARNING]
    agreed = (row for row in last.values() if row.said == Said.GIVEN and row.purpose in Purpose)
    return fresh + [Purpose(row.purpose) for row in agreed if row.wording != NOTICE or row.by_guardian]


def may_at_the_top(person: Any, permission: May) -> bool:
    """Whether somebody has a permission at the top of the tree: for the whole site."""
    return any(may(person, permission, root) for root in Unit.objects.filter(parent=None))


def may_grant_at(person: Any, role: Role, unit: Unit) -> bool:
    """Whether the person holds as much as `role` gives, and may grant, at the unit or above it."""
    return any(may_grant(Role(g.role), role) and unit.path.startswith(g.unit.path) for g in grants_of(person))


def offers_to(person: Person) -> Any:
    """Offers that wait for this person: those made to a number or address that is the person's."""
    mine = person.identifiers.values("lookup")
    return RoleOffer.objects.waiting(timezone.now()).filter(lookup__in=mine).select_related("unit", "offered_by")


def has_offers(person: Person) -> bool:
    """Whether one waits; everybody who signs in is asked."""
    mine = f"state = %s AND lookup IN (SELECT lookup FROM {table(Identifier)} WHERE person_id = %s)"
    now = timezone.now()
    return any(offer.expires_at > now for offer in read(RoleOffer, mine, RoleOffer.State.WAITING.value, person.pk))


def offers_at(unit: Unit) -> list[tuple[RoleOffer, str]]:
    """Offers that wait at a unit, each with the masked number or address it was made to; nothing of whose it is."""
    rows = RoleOffer.objects.waiting(timezone.now()).filter(unit=unit).select_related("offered_by")
    return [(offer, masked(offer.kind, decrypt(offer.sealed, purpose=SEALED))) for offer in rows]


def permissions_of(role: Role) -> list[str]:
    """What a role lets one do, in words."""
    return [str(May(permission).label) for permission in May if permission in GIVES[role]]


@dataclass(frozen=True)
class Leaving:
    """What it means that somebody's role ends, in sentences; none where others are there to go on."""

    grant: RoleGrant
    consequences: list[str]


def leaving(grant: RoleGrant) -> Leaving:
    """What would be missing at the unit without this role of this person."""
    others = RoleGrant.objects.active(timezone.now()).exclude(person=grant.person_id)
    there, said = others.filter(unit=grant.unit_id), []
    granting = [role for role, gives in GIVES.items() if May.GRANT_ROLES in gives]
    if grant.role == Role.OPERATOR and not others.filter(role=Role.OPERATOR).exists():
        said.append(
            _("Sau bạn, hệ thống không còn người vận hành; chỉ người quản trị máy chủ giao lại được vai trò này.")
        )
    elif grant.role in granting and not there.filter(role__in=granting).exists():
        said.append(
            _("Sau bạn, ở %(unit)s không còn ai mời được người khác giữ vai trò; đơn vị cấp trên phải mời.")
            % {"unit": grant.unit}
        )
    if not there.filter(role=grant.role).exists():
        said.append(
            _("Bạn là người duy nhất giữ vai trò %(role)s ở %(unit)s: việc cần vai trò này sẽ chờ người thay.")
            % {"role": Role(grant.role).label, "unit": grant.unit}
        )
    return Leaving(grant, said)


def who_could_fill(grant: RoleGrant) -> list[Person]:
    """Who can give this role to somebody else: those at the unit, or at the nearest above where there is one."""
    fit = [role for role in Role if may_grant(role, Role(grant.role))]
    above = RoleGrant.objects.active(timezone.now()).filter(role__in=fit, unit__in=Unit.objects.above(grant.unit))
    rows = list(above.exclude(person=grant.person_id).filter(person__is_active=True).select_related("unit", "person"))
    nearest = max((row.unit.path for row in rows), key=len, default="")
    return list({row.person_id: row.person for row in rows if row.unit.path == nearest}.values())
