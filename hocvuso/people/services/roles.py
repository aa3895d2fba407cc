"""Roles at units: granted by someone who holds as much there or above, ended, never deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.units.models import Unit

from ..models import Person, RoleGrant
from ..queries import grants_of
from ..rules import Role, may_grant


class AlreadyHolds(Refusal):
    """The person holds this role at this unit."""

    code = "already-holds"
    says = _("%(person)s đã giữ vai trò này ở đây.")


class NotYourself(Refusal):
    """Two eyes: nobody grants a role to themselves."""

    code = "not-yourself"
    says = _("Không ai tự giao vai trò cho chính mình.")


@transaction.atomic
def grant(
    *,
    person: Person,
    role: Role,
    unit: Unit,
    by: Person | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    name: str = "",
) -> RoleGrant:
    """Grant `role` at `unit`. `by` None is the operator at the command line (the first leader of an installation).

    `name`: what colleagues will read, when the person has not given a name.
    Raises NotAllowed, NotYourself, AlreadyHolds.
    """
    if by is not None:
        if by.pk == person.pk:
            raise NotYourself(field="person")
        _gate(by, role, unit)
    if RoleGrant.objects.active(timezone.now()).filter(person=person, role=role, unit=unit).exists():
        raise AlreadyHolds(field="person", person=person)
    made = RoleGrant.objects.create(
        person=person, role=role, unit=unit, granted_by=by, starts_at=starts_at or timezone.now(), ends_at=ends_at
    )
    if name.strip() and not person.name:
        person.name = name.strip()[:120]
        person.save(update_fields=["name"])
    journal.write("role.granted", made, by=by, role=role, unit=unit.code, person=person.pk)
    return made


@transaction.atomic
def end(*, grant: RoleGrant, by: Person | None) -> RoleGrant:
    """End a role now. Its holder may lay it down; others need what granting it needs."""
    if by is not None and by.pk != grant.person_id:
        _gate(by, Role(grant.role), grant.unit)
    grant.ends_at = max(timezone.now(), grant.starts_at)
    grant.save(update_fields=["ends_at"])
    journal.write("role.ended", grant, by=by, role=grant.role, unit=grant.unit.code)
    return grant


def _gate(by: Person, role: Role, unit: Unit) -> None:
    if not any(may_grant(Role(g.role), role) and unit.path.startswith(g.unit.path) for g in grants_of(by)):
        raise NotAllowed(field="role")
