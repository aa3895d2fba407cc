"""Roles at units: offered by someone who holds as much there or above, held once accepted; ended, never deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.events import emit
from hocvuso.base.secrets import encrypt
from hocvuso.units.models import Unit

from ..events import RoleEnded, RoleOfferDeclined
from ..models import Person, RoleGrant, RoleOffer
from ..queries import SEALED, lookup_of, may_grant_at, offers_to, person_with
from ..rules import GIVES, Role
from . import two_people
from .signin import read_address

State = RoleOffer.State


class AlreadyHolds(Refusal):
    """The person holds this role at this unit. Does not say who that is: a number is not a way to ask for a name."""

    code = "already-holds"
    says = _("Người này đã giữ vai trò này ở đây.")


class AlreadyOffered(Refusal):
    """The same offer waits already."""

    code = "already-offered"
    says = _("Vai trò này đã được mời và đang chờ người ấy nhận.")


class OfferGone(Refusal):
    """The offer does not wait any more, or who made it may not give the role any more."""

    code = "offer-gone"
    says = _("Lời mời này không còn hiệu lực. Nếu bạn vẫn muốn nhận vai trò, hãy nhờ đơn vị mời lại.")


class NotYourself(Refusal):
    """Two eyes: nobody grants a role to themselves."""

    code = "not-yourself"
    says = _("Không ai tự giao vai trò cho chính mình.")


@transaction.atomic
def offer(*, address: str, role: Role, unit: Unit, by: Person, name: str = "") -> RoleOffer:
    """Offer `role` at `unit` to whoever has this phone number or address, with an account or without.

    Nothing says whether there is an account, nor whose. `name`: what colleagues will read, when the person gave none.
    Raises NotAnAddress, NotAllowed, NotYourself, AlreadyHolds, AlreadyOffered.
    """
    _gate(by, role, unit)
    kind, value = read_address(address)
    person, now = person_with(kind, value), timezone.now()
    if person is not None and person.pk == by.pk:
        raise NotYourself(field="address")
    if person is not None:
        _only_once(person, role, unit, field="address")
    same = RoleOffer.objects.filter(state=State.WAITING, lookup=lookup_of(kind, value), role=role, unit=unit)
    for older in same.select_for_update():
        if older.expires_at > now:
            raise AlreadyOffered(field="address")
        _close(older, State.EXPIRED, by=None)
    made = RoleOffer.objects.create(
        kind=kind,
        lookup=lookup_of(kind, value),
        sealed=encrypt(value, purpose=SEALED),
        role=role,
        unit=unit,
        name=name.strip()[:120],
        offered_by=by,
        expires_at=now + timedelta(days=settings.ENV["HOCVUSO_OFFER_DAYS"]),
    )
    journal.write("role.offered", made, by=by, role=role, unit=unit.code)
    return made


@transaction.atomic
def accept(*, offer: RoleOffer, by: Person) -> RoleGrant:
    """The person to whom it was made takes the role: from now on it is held.

    Raises OfferGone (also when who offered may not give it any more), AlreadyHolds.
    """
    found = _waiting_for(by, offer)
    giver = Person.objects.get(pk=found.offered_by_id)
    if not giver.is_active or not may_grant_at(giver, Role(found.role), found.unit):
        raise OfferGone
    _only_once(by, Role(found.role), found.unit)
    name = found.name  # closing forgets it
    _close(found, State.ACCEPTED, by=by)
    return _give(by, Role(found.role), found.unit, giver, name=name)


@transaction.atomic
def decline(*, offer: RoleOffer, by: Person) -> RoleOffer:
    """The person to whom it was made does not want the role; who offered is told, without a name. Raises OfferGone."""
    found = _close(_waiting_for(by, offer), State.DECLINED, by=by)
    emit(RoleOfferDeclined(offer_id=str(found.pk)))
    return found


@transaction.atomic
def withdraw(*, offer: RoleOffer, by: Person) -> RoleOffer:
    """Take an offer back. Raises NotAllowed for who could not have made it, OfferGone."""
    _gate(by, Role(offer.role), offer.unit)
    found = RoleOffer.objects.waiting(timezone.now()).select_for_update().filter(pk=offer.pk).first()
    if found is None:
        raise OfferGone
    return _close(found, State.WITHDRAWN, by=by)


def expire(now: datetime) -> int:
    """Close offers that waited too long; returns how many."""
    with transaction.atomic():
        late = list(RoleOffer.objects.select_for_update().filter(state=State.WAITING, expires_at__lte=now))
        for offer in late:
            _close(offer, State.EXPIRED, by=None)
    return len(late)


@transaction.atomic
def grant(
    *,
    person: Person,
    role: Role,
    unit: Unit,
    by: Person | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Give a role at once, unasked: by the operator at the command line (`by` None), or to the account of a program.

    Raises NotAllowed, NotYourself, AlreadyHolds.
    """
    if by is not None:
        if by.pk == person.pk:
            raise NotYourself(field="person")
        _gate(by, role, unit)
    _only_once(person, role, unit, field="person")
    return _give(person, role, unit, by, starts_at=starts_at, ends_at=ends_at)


@transaction.atomic
def end(*, grant: RoleGrant, by: Person | None) -> RoleGrant:
    """End a role now, and what its holder asked by it. Its holder may lay it down; others need what granting needs."""
    own = by is not None and by.pk == grant.person_id
    if by is not None and not own:
        _gate(by, Role(grant.role), grant.unit)
    grant.ends_at = max(timezone.now(), grant.starts_at)
    grant.save(update_fields=["ends_at"])
    journal.write("role.ended", grant, by=by, role=grant.role, unit=grant.unit.code)
    two_people.close_lapsed(asked_by=grant.person)
    emit(RoleEnded(grant_id=str(grant.pk), own=own))
    return grant


def end_all(*, person: Person) -> None:
    """End everything the person holds, made or was offered, as when the account is erased."""
    for held in RoleGrant.objects.filter(person=person).exclude(ends_at__lte=timezone.now()).select_related("unit"):
        end(grant=held, by=person)
    for waiting in offers_to(person):
        _close(waiting, State.DECLINED, by=person)
    for made in RoleOffer.objects.filter(offered_by=person, state=State.WAITING):
        _close(made, State.WITHDRAWN, by=person)


def _give(
    person: Person,
    role: Role,
    unit: Unit,
    by: Person | None,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    name: str = "",
) -> RoleGrant:
    made = RoleGrant.objects.create(
        person=person, role=role, unit=unit, granted_by=by, starts_at=starts_at or timezone.now(), ends_at=ends_at
    )
    person.name, person.serves = person.name or name, person.serves or bool(GIVES[role])
    person.save(update_fields=["name", "serves"])
    journal.write("role.granted", made, by=by, role=role, unit=unit.code, person=person.pk)
    return made


def _waiting_for(person: Person, offer: RoleOffer) -> RoleOffer:
    found = offers_to(person).select_for_update(of=("self",)).filter(pk=offer.pk).first()
    if found is None:
        raise OfferGone
    return found


def _close(offer: RoleOffer, to: State, *, by: Person | None) -> RoleOffer:
    offer.state, offer.closed_at = to, timezone.now()
    offer.sealed = offer.lookup = offer.name = ""
    offer.save(update_fields=["state", "closed_at", "sealed", "lookup", "name"])
    journal.write(f"role-offer.{to}", offer, by=by, role=offer.role, unit=offer.unit.code)
    return offer


def _only_once(person: Person, role: Role, unit: Unit, field: str = "") -> None:
    held = RoleGrant.objects.filter(person=person, role=role, unit=unit)
    if held.exclude(ends_at__lte=timezone.now()).exists():  # also one that begins later
        raise AlreadyHolds(field=field)


def _gate(by: Person, role: Role, unit: Unit) -> None:
    if not may_grant_at(by, role, unit):
        raise NotAllowed(field="role")
