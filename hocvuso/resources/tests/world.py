"""Pledges and needs made with the real verbs: the commune next door gives (Nga), the committee here needs (Tư)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from hocvuso.resources.services import allocations, needs, pledges

TODAY = timezone.localdate()
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))


def day(number):
    return TODAY + timedelta(days=number)


def noon(number):
    return NOON + timedelta(days=number)


FIELDS = {"kind": "device", "title": "Máy tính bảng", "details": "Còn tốt", "quantity": 10, "place": None,
          "starts_on": TODAY, "ends_on": day(60)}  # fmt: skip


def offer(there, **changes):
    return pledges.offer(**{"unit": there.next_door, "by": there.nga, "at": NOON} | FIELDS | changes)


def available(there, **changes):
    """Offered, verified by the province above, opened for allocation."""
    made = offer(there, **changes)
    pledges.verify(pledge=made, by=there.lan, at=NOON)
    pledges.make_available(pledge=made, by=made.offered_by, at=NOON)
    made.refresh_from_db()
    return made


def ask(there, **changes):
    return needs.ask_need(**{"unit": there.committee, "by": there.tu, "at": NOON} | FIELDS | changes)


def give(there, pledge, need, quantity=4, first=0, last=9, **changes):
    fields = {"pledge": pledge, "need": need, "quantity": quantity, "by": there.nga, "at": NOON}
    return allocations.allocate(**fields | {"starts_on": day(first), "ends_on": day(last)} | changes)


def state(thing):
    thing.refresh_from_db()
    return thing.state
