"""Verbs on needs: ask, change, withdraw, close; and whether a need is met."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hocvuso.base import journal
from hocvuso.base.errors import IllegalMove
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from ..models import Need
from ..rules import NeedState
from .common import StillGiven, checked, locked, move, need_pledger, note_move


@transaction.atomic
def ask_need(*, unit: Unit, by: Person, at: datetime | None = None, **fields: Any) -> Need:
    """A unit says what it lacks; `fields` are those of `outreach.checked`. Everybody who may give sees it."""
    need_pledger(by, unit)
    made = Need.objects.create(unit=unit, asked_by=by, **checked(unit=unit, **fields))
    note_move(made, by=by, at=at or timezone.now(), kind=made.kind, quantity=made.quantity)
    return made


@transaction.atomic
def edit_need(*, need: Need, by: Person, version: int | None = None, **fields: Any) -> None:
    """Change an open need for which nothing is allocated, seen at `version`. Raises StillGiven, Stale."""
    held = locked(need)
    need_pledger(by, held.unit)
    if held.given:
        raise StillGiven
    if held.state != NeedState.OPEN:
        raise IllegalMove(now=NeedState(held.state).label, to=NeedState.OPEN.label)
    expect(held, version, by=by)
    for name, value in checked(unit=held.unit, **fields).items():
        setattr(held, name, value)
    held.save()
    journal.write("need.changed", held, by=by, kind=held.kind, quantity=held.quantity)


@transaction.atomic
def withdraw_need(*, need: Need, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """It was asked by mistake, or is needed no more. Raises StillGiven while something is promised or in use, Stale."""
    _end(need, to=NeedState.WITHDRAWN, by=by, at=at, version=version)


@transaction.atomic
def close_need(*, need: Need, by: Person, at: datetime | None = None, version: int | None = None) -> None:
    """What came has done its work and was given back; nothing more is looked for. Raises StillGiven, Stale."""
    _end(need, to=NeedState.CLOSED, by=by, at=at, version=version)


def _end(need: Need, *, to: NeedState, by: Person, at: datetime | None, version: int | None) -> None:
    held = locked(need)
    need_pledger(by, held.unit)
    if held.allocations.live().exists():
        raise StillGiven
    expect(held, version, by=by)
    move(held, to=to, by=by, at=at or timezone.now())


def settle(*, need: Need, by: Person, at: datetime) -> None:
    """After an allocation came or went: how much is given, and whether that is all. `need` is locked."""
    need.given = need.allocations.counting().total()
    now = NeedState.MET if need.given >= need.quantity else NeedState.OPEN
    if need.state != now:
        move(need, to=now, by=by, at=at)
    else:
        need.save()
