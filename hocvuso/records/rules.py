"""What a statement must look like, and what it says. No database, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

VERBS = {
    f"http://adlnet.gov/expapi/verbs/{name}": name for name in ("initialized", "progressed", "answered", "completed")
}
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_OBJECT = re.compile(r"^urn:hocvuso:(lesson|practice|item):([a-z0-9-]+/[a-z0-9-]+)(?:/([a-z0-9-]+))?$")
_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$")
MAX_SECONDS = 30 * 60  # one statement tells of at most half an hour: a phone left lying must not count
MAX_BATCH = 50
DEVICE = "urn:hocvuso:device"  # the extension in which a device names itself, at random
MAX_DEVICE = 40
MAX_BYTES = 4096
MAX_BATCH_BYTES = 300_000
LATEST = timedelta(days=365)  # what was done longer ago counts as done then: a clock that is off moves nothing further

Scaled = Annotated[float, msgspec.Meta(ge=0, le=1)]
Short = Annotated[str, msgspec.Meta(max_length=500)]


class Named(msgspec.Struct):
    """A verb or object by its IRI."""

    id: Annotated[str, msgspec.Meta(max_length=200)]


class Score(msgspec.Struct):
    """xAPI score; only `scaled` is used."""

    scaled: Scaled | None = None


class Result(msgspec.Struct):
    """xAPI result."""

    success: bool | None = None
    completion: bool | None = None
    score: Score | None = None
    response: Short | None = None
    duration: Annotated[str, msgspec.Meta(max_length=30)] | None = None


class StatementIn(msgspec.Struct):
    """One statement as a device sends it (xAPI 1.0.3, 4.1; the actor is the person who is signed in)."""

    id: UUID
    verb: Named
    object: Named
    timestamp: datetime
    result: Result | None = None
    context: dict[str, Any] | None = None


class BadStatement(ValueError):
    """A statement that cannot be accepted; the text says why."""


@dataclass(frozen=True)
class Fact:
    """A statement understood: what was done, to which lesson (address) or item, with what result.

    `at` is the device's time, bounded by ours (`stored_at`): no right and no order may hang on it.
    """

    id: UUID
    verb: str
    kind: str
    lesson: str
    item: str
    at: datetime
    stored_at: datetime
    scaled: float | None
    success: bool | None
    seconds: int
    device: str = ""


def in_order(fact: Fact) -> tuple[datetime, datetime, UUID]:
    """The one order in which facts follow each other: as they reached us, those of one batch by the device's time."""
    return fact.stored_at, fact.at, fact.id


def understand(statement: StatementIn, *, stored_at: datetime) -> Fact:
    """The fact in a statement that reached us at `stored_at`. Raises BadStatement."""
    verb = VERBS.get(statement.verb.id)
    match = _OBJECT.match(statement.object.id)
    if verb is None:
        raise BadStatement(_("không hiểu việc này: %(verb)s") % {"verb": statement.verb.id})
    if match is None or (match.group(1) == "item") != bool(match.group(3)):
        raise BadStatement(_("không hiểu đối tượng này: %(object)s") % {"object": statement.object.id})
    result = statement.result or Result()
    return Fact(
        id=statement.id,
        verb=verb,
        kind=match.group(1),
        lesson=match.group(2),
        item=match.group(3) or "",
        at=bounded(statement.timestamp, stored_at),
        stored_at=stored_at,
        scaled=result.score.scaled if result.score else None,
        success=result.success,
        seconds=seconds_of(result.duration),
        device=_device(statement.context),
    )


def bounded(timestamp: datetime, stored_at: datetime) -> datetime:
    """The device's time within the year before `stored_at`; no clock of a device reaches further. Raises BadStatement.

    What the device said stays in the statement's content.
    """
    if timestamp.tzinfo is None:
        raise BadStatement(_("thời điểm thiếu múi giờ"))
    try:
        moment = timestamp.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar, where a few hours do not matter
        moment = timestamp.replace(tzinfo=UTC)
    return max(stored_at - LATEST, min(moment, stored_at))


def _device(context: dict[str, Any] | None) -> str:
    extensions = (context or {}).get("extensions")
    device = extensions.get(DEVICE, "") if isinstance(extensions, dict) else ""
    return device if isinstance(device, str) and len(device) <= MAX_DEVICE else ""


def seconds_of(duration: str | None) -> int:
    """Whole seconds of an ISO 8601 duration of hours, minutes, seconds; at most MAX_SECONDS. Raises BadStatement."""
    if not duration:
        return 0
    match = _DURATION.match(duration)
    if match is None:
        raise BadStatement(_("thời lượng %(duration)s không có dạng như PT1M30S") % {"duration": duration})
    hours, minutes, seconds = (int(g or 0) for g in match.groups())
    return min(hours * 3600 + minutes * 60 + seconds, MAX_SECONDS)


def fingerprint(statement: StatementIn | dict[str, Any]) -> str:
    """Tells one content from another under the same id (order of keys does not matter)."""
    return blake2b(msgspec.json.encode(statement, order="sorted"), digest_size=16).hexdigest()


def is_as_stored(content: dict[str, Any], content_hash: str) -> bool:
    """Whether a stored content is the one whose hash was taken when it came in."""
    try:
        return fingerprint(content) == content_hash or fingerprint(_short(content)) == content_hash
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError):
        return False


def _short(value: Any) -> Any:
    """JSON as PostgreSQL gives it back, with the numbers that it writes out in full as they came in."""
    if isinstance(value, dict):
        return {key: _short(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_short(inner) for inner in value]
    return float(value) if isinstance(value, int) and abs(value) >= 10**16 else value
