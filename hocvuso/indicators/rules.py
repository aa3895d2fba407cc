"""The register of measures: named, versioned counting functions that rooms above bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A named, versioned query over what the platform itself recorded. `count()` gives one number."""

    name: str
    version: int
    title: Any
    count: Callable[[], int]


REGISTER: dict[str, Measure] = {}


def measure(name: str, *, version: int, title: Any) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Decorator: register a counting function. Raises ValueError when the name is taken."""

    def register(count: Callable[[], int]) -> Callable[[], int]:
        if name in REGISTER:
            raise ValueError(f"measure {name} is registered twice")
        REGISTER[name] = Measure(name, version, title, count)
        return count

    return register
