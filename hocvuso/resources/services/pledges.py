"""Verbs on pledges: offer, change, verify or refuse, make available, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hocvuso.base.errors import IllegalMove, NotAllowed, TwoEyes
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from ..models import Pledge
from ..queries import may_verify, wrote
from ..rules import EDITABLE, PledgeState
from .common import StillGiven, checked, locked, move, need_pledger, need_words, note_move


@transaction.atomic
def offer(*, unit: Unit, by: Person, at: datetime | None = None, **fields: Any) -> Pledge:
    """A unit offers something; `fields` are those of `outreach.checked`. It waits for somebody else's look."""
    need_pledger(by, unit)
    made = Pledge.objects.create(unit=unit, offered_by=by, **checked(unit=unit, **fields))
    note_move(made, by=by, at=at or timezone.now(), kind=made.kind, quantity=made.quantity)
    return made


@transaction.atomic
def edit(*, pledge: Pledge, by: Person, at: datetime | None = None, version: int | None = None, **fields: Any) -> None:
    """Change what was not verified yet, seen at `version`; what was refused is offered again.

    Who changes it does not verify it. Raises IllegalMove, Stale and what `common.checked` raises.
    """
    held = locked(pledge)
    need_pledger(by, held.unit)
    before = PledgeState(held.state)
    if before not in EDITABLE:
        raise IllegalMove(now=before.label, to=PledgeState.OFFERED.label)
    expect(held, version, by=by)
    for name, value in checked(unit=held.unit, **fields).items():
        setattr(held, name, value)
    held.state, held.refusal = PledgeState.OFFERED, ""
    held.save()
    note_move(held, by=by, at=at or timezone.now(), before=before, kind=held.kind, quantity=held.quantity)


@transaction.atomic
def verify(*, pledge: Pledge, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """Somebody else says that it is so, as it stood at `version`. Raises TwoEyes, Stale."""
    held = _for_verifier(pledge, by)
    expect(held, version, by=by)
    held.verified_by = by
    move(held, to=PledgeState.VERIFIED, by=by, at=at or timezone.now())


@transaction.atomic
def refuse(*, pledge: Pledge, why: str, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """Somebody else says that it is not so, and why. Raises TwoEyes, NeedsWords, Stale."""
    held = _for_verifier(pledge, by)
    expect(held, version, by=by)
    held.refusal = need_words(why, "why")
    move(held, to=PledgeState.REFUSED, by=by, at=at or timezone.now())


@transaction.atomic
def make_available(*, pledge: Pledge, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """From now on it can be allocated, and everybody who may give sees it. Raises Stale."""
    held = locked(pledge)
    need_pledger(by, held.unit)
    expect(held, version, by=by)
    move(held, to=PledgeState.AVAILABLE, by=by, at=at or timezone.now())


@transaction.atomic
def withdraw(*, pledge: Pledge, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """The giver takes it back. Raises StillGiven while parts of it are promised or in use, Stale."""
    held = locked(pledge)
    need_pledger(by, held.unit)
    if held.allocations.live().exists():
        raise StillGiven
    expect(held, version, by=by)
    move(held, to=PledgeState.WITHDRAWN, by=by, at=at or timezone.now())


def _for_verifier(pledge: Pledge, by: Person) -> Pledge:
    held = locked(pledge)
    if not may_verify(by, held.unit):
        raise NotAllowed
    if wrote(by, held):
        raise TwoEyes
    return held
