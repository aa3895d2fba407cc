"""What progress follows from what was done. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hocvuso.records.rules import Fact

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Progress:
    """One learner's standing in one lesson."""

    done: bool = False
    best: float = 0.0
    seconds: int = 0
    last_at: datetime = NEVER
    done_at: datetime | None = None


def advance(progress: Progress, fact: Fact) -> Progress:
    """Progress after one more fact. It only rises, and the order of facts does not matter to it."""
    done = progress.done or is_completion(fact)
    done_at = progress.done_at
    if is_completion(fact):
        done_at = min(fact.at, done_at) if done_at else fact.at
    best = max(progress.best, fact.scaled or 0.0) if fact.kind == "practice" else progress.best
    last = max(fact.at, progress.last_at)
    return replace(
        progress, done=done, done_at=done_at, best=best, seconds=progress.seconds + fact.seconds, last_at=last
    )


def is_completion(fact: Fact) -> bool:
    """Whether the fact says that its lesson is done."""
    return fact.verb == "completed" and fact.kind == "lesson"
