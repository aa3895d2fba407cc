"""What the verbs on pledges, needs and allocations share: fields that can be, locks, moves written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import EndsBeforeItStarts, NeedsTitle, NeedsWords, NotAllowed, Refusal
from hocvuso.base.events import emit
from hocvuso.base.numbers import trimmed
from hocvuso.base.states import check_move
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Place, Unit

from ..events import ResourceMoved
from ..models import Allocation, Need, Pledge
from ..rules import ALLOCATION_MOVES, MOST, NEED_MOVES, PLEDGE_MOVES, Kind

MOVES: dict[type[Model], Mapping[Any, set[Any]]] = {
    Pledge: PLEDGE_MOVES,
    Need: NEED_MOVES,
    Allocation: ALLOCATION_MOVES,
}


class UnknownKind(Refusal):
    """A kind that is not in the list."""

    code = "unknown-kind"
    says = _("Hãy chọn loại trong danh sách.")


class BadQuantity(Refusal):
    """A quantity is a whole number of something."""

    code = "bad-quantity"
    says = _("Hãy ghi số lượng là số nguyên, từ 1 đến %(most)s.")


class NoDay(Refusal):
    """A day is missing."""

    code = "no-day"
    says = _("Hãy chọn ngày.")


class NoPlace(Refusal):
    """Neither the form nor the unit says where it is."""

    code = "no-place"
    says = _("Đơn vị chưa có địa bàn. Hãy chọn tỉnh, thành phố và xã, phường.")


class ClosedUnit(Refusal):
    """A unit that is closed gives and needs nothing."""

    code = "closed-unit"
    says = _("Đơn vị này đã thôi hoạt động.")


class StillGiven(Refusal):
    """Parts are promised or in use: they come back or are cancelled first."""

    code = "still-given"
    says = _("Còn phần đã phân bổ hoặc đang dùng. Hãy huỷ hoặc thu hồi trước.")


def need_pledger(by: Person, *units: Unit) -> None:
    """Raise NotAllowed unless the person gives and asks for one of the units, or above."""
    if not any(may(by, May.PLEDGE, unit) for unit in units):
        raise NotAllowed


def checked(
    *,
    unit: Unit,
    kind: str,
    title: str,
    details: str,
    quantity: int | None,
    place: Place | None,
    starts_on: date | None,
    ends_on: date | None,
) -> dict[str, Any]:
    """The fields of a pledge or need as they are stored, or the refusal of the first that cannot be."""
    if unit.closed_on:
        raise ClosedUnit(field="unit")
    if kind not in Kind.values:
        raise UnknownKind(field="kind")
    if not title.strip():
        raise NeedsTitle(field="title")
    many = checked_quantity(quantity)
    if starts_on is None:
        raise NoDay(field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeItStarts(field="ends_on")
    where = place or unit.place
    if where is None:
        raise NoPlace(field="place")
    return {
        "kind": kind, "title": title.strip()[:200], "details": details.strip()[:2000], "quantity": many,
        "place": where, "starts_on": starts_on, "ends_on": ends_on,
    }  # fmt: skip


def checked_quantity(quantity: int | None) -> int:
    """The quantity. Raises BadQuantity for what is none."""
    if quantity is None or not 1 <= quantity <= MOST:
        raise BadQuantity(field="quantity", most=trimmed(MOST))
    return quantity


def need_words(text: str, field: str) -> str:
    """A reason that says something. Raises NeedsWords."""
    if not text.strip():
        raise NeedsWords(field=field)
    return text.strip()[:1000]


def locked[R: (Pledge, Need)](thing: R) -> R:
    """The row as it is now, held until the end of the transaction. Pledges before needs, needs before allocations."""
    found = type(thing)._default_manager.select_for_update(of=("self",)).select_related("unit__place", "place")
    return found.get(pk=thing.pk)


def move(thing: Pledge | Need | Allocation, *, to: Any, by: Person, at: datetime) -> None:
    """Bring it to a state its table allows, and write that down."""
    check_move(MOVES[type(thing)], now=thing.State(thing.state), to=to)
    before, thing.state = thing.state, to
    thing.save()
    note_move(thing, by=by, at=at, before=before)


def note_move(thing: Pledge | Need | Allocation, *, by: Person, at: datetime, before: str = "", **data: Any) -> None:
    """Write the move, the journal, the event."""
    first = not thing.moves.filter(to=thing.state).exists()
    thing.moves.create(unit=thing.unit, place=thing.place, to=thing.state, by=by, at=at, first=first)
    journal.write(f"{thing.word}.moved", thing, by=by, before=before, after=thing.state, **data)
    emit(ResourceMoved(noun=thing.word, id=str(thing.pk), state=thing.state, at=at.isoformat()))
