"""Days as people and machines write them: `2026-11-24` or `24/11/2026`; nothing else, and none outside 1900–2200."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from .errors import Refusal
from .text import clean

FIRST = date(1900, 1, 1)
LAST = date(2200, 12, 31)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PEOPLES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class NotADay(Refusal):
    """The text is no day."""

    code = "not-a-day"
    says = _("“%(value)s” không phải một ngày. Hãy ghi ngày/tháng/năm như 24/11/2026.")


class DayOutOfRange(NotADay):
    """The day is one, but not one that may stand here."""

    code = "day-out-of-range"
    says = _("“%(value)s” nằm ngoài khoảng được ghi: từ %(earliest)s đến %(latest)s.")


def read(text: str, *, earliest: date = FIRST, latest: date = LAST, field: str = "") -> date:
    """The day that was written, between `earliest` and `latest`. Raises NotADay, DayOutOfRange (a NotADay)."""
    plain = clean(text)
    if iso := _ISO.fullmatch(plain):
        year, month, day = iso.groups()
    elif peoples := _PEOPLES.fullmatch(plain):
        day, month, year = peoples.groups()
    else:
        raise NotADay(field=field, value=plain[:40])
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise NotADay(field=field, value=plain[:40]) from None
    return within(found, earliest=earliest, latest=latest, field=field)


def within(day: date, *, earliest: date = FIRST, latest: date = LAST, field: str = "") -> date:
    """The day itself, for those that did not come as text. Raises DayOutOfRange."""
    earliest, latest = max(earliest, FIRST), min(latest, LAST)
    if not earliest <= day <= latest:
        raise DayOutOfRange(field=field, value=written(day), earliest=written(earliest), latest=written(latest))
    return day


def written(day: date) -> str:
    """A day as people write it: `24/11/2026`."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
