"""One figure in many schemes: shares, and sums that count nothing twice. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

WHOLE = Decimal(1)


@dataclass(frozen=True)
class Link:
    """A figure (a task or an indicator) counted for a scheme with a share."""

    scheme: str
    figure: str
    share: Decimal


def over_whole(links: Iterable[Link], families: Mapping[str, str]) -> dict[tuple[str, str], Decimal]:
    """What is given away twice: (family, figure) → sum of shares, where that sum exceeds one.

    `families`: scheme → family; a scheme without a family is a family of its own.
    """
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for link in links:
        sums[families.get(link.scheme) or link.scheme, link.figure] += link.share
    return {key: share for key, share in sums.items() if share > WHOLE}


def by_share(values: Mapping[str, float], links: Iterable[Link]) -> dict[str, float]:
    """What each scheme may call its own: each figure by its share."""
    totals: dict[str, float] = defaultdict(float)
    for link in links:
        if link.figure in values:
            totals[link.scheme] += values[link.figure] * float(link.share)
    return dict(totals)


def once(values: Mapping[str, float], links: Iterable[Link], schemes: Collection[str]) -> float:
    """The sum over several schemes together: a figure linked to more than one of them enters once."""
    figures = {link.figure for link in links if link.scheme in schemes and link.share > 0}
    return sum(value for figure, value in sorted(values.items()) if figure in figures)


def topmost(paths: Collection[str]) -> set[str]:
    """Of unit paths only those that lie under no other: what a subtree counts is not added again for its parts."""
    kept: set[str] = set()
    for path in sorted(paths):
        parts = path.split(".")[:-1]
        if not any(".".join(parts[:n]) + "." in kept for n in range(1, len(parts))):
            kept.add(path)
    return kept
