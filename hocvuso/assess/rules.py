"""Arithmetic of tests: the Rasch model, ability with its standard error, drawing of forms, marking, results.

The scale: logits. Tier 1 lies at 0, each tier TIER_STEP higher. Until an item has been calibrated its difficulty is its
tier's location plus the author's estimate.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

TIER_STEP = 1.0
AUTHOR_ESTIMATE = {"easy": -0.7, "medium": 0.0, "hard": 0.7}
PRIOR_SD = 1.5
_GRID = [i / 10 for i in range(-60, 121)]  # −6 to 12 logits: tiers 1–8 with room on both sides

QUESTIONS = 20  # of a final test, at most
MASTERY = 0.6  # share of questions at the tier that somebody at the cut would answer right
Z = 1.2816  # one-sided 90 %: a pass is wrong for at most one in ten of those exactly at the cut
PLACEMENT_MOST = 12
PLACEMENT_SE = 0.55
REST = timedelta(hours=12)  # between two final tests without study


@dataclass(frozen=True)
class BankItem:
    """One item as drawing sees it."""

    id: str
    outcome: str
    difficulty: float
    exposure: int = 0


@dataclass(frozen=True)
class Ability:
    """An estimate on the logit scale with its standard error."""

    theta: float
    se: float

    @property
    def lower(self) -> float:
        """Lower bound of the one-sided 90 % interval."""
        return self.theta - Z * self.se


def location(tier: int) -> float:
    """Where a tier lies on the scale."""
    return (tier - 1) * TIER_STEP


def cut_score(tier: int) -> float:
    """The ability that answers MASTERY of average questions of the tier: location + logit(MASTERY)."""
    return location(tier) + math.log(MASTERY / (1 - MASTERY))


def p_correct(theta: float, difficulty: float) -> float:
    """Rasch (1960): probability of a right answer."""
    return 1 / (1 + math.exp(difficulty - theta))


def ability(responses: Sequence[tuple[float, bool]], *, prior: float = 0.0) -> Ability:
    """Expected a posteriori ability (Bock & Mislevy 1982) from (difficulty, right) pairs, prior N(prior, PRIOR_SD²)."""
    logs = []
    for theta in _GRID:
        total = -((theta - prior) ** 2) / (2 * PRIOR_SD**2)
        for difficulty, right in responses:
            p = p_correct(theta, difficulty)
            total += math.log(p if right else 1 - p)
        logs.append(total)
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    mass = sum(weights)
    mean = sum(t * w for t, w in zip(_GRID, weights, strict=True)) / mass
    variance = sum((t - mean) ** 2 * w for t, w in zip(_GRID, weights, strict=True)) / mass
    return Ability(mean, math.sqrt(variance))


def assemble_form(bank: Sequence[BankItem], *, seed: int, most: int = QUESTIONS) -> list[BankItem]:
    """Items of a final form: outcomes in turn, least exposed first, chance among equals; order shuffled."""
    chooser = random.Random(seed)
    queues: dict[str, list[BankItem]] = defaultdict(list)
    for item in sorted(bank, key=lambda i: (i.exposure, chooser.random())):
        queues[item.outcome].append(item)
    drawn: list[BankItem] = []
    while len(drawn) < most and any(queues.values()):
        for outcome in sorted(queues, key=lambda _o: chooser.random()):
            if queues[outcome] and len(drawn) < most:
                drawn.append(queues[outcome].pop(0))
    chooser.shuffle(drawn)
    return drawn


def next_item(bank: Sequence[BankItem], *, now: Ability, asked: Sequence[BankItem], seed: int) -> BankItem | None:
    """The most informative item not asked yet (nearest in difficulty), outcomes asked least first; None to stop."""
    left = [item for item in bank if item.id not in {a.id for a in asked}]
    if not left or len(asked) >= PLACEMENT_MOST or (len(asked) >= 4 and now.se <= PLACEMENT_SE):
        return None
    chooser = random.Random(f"{seed}/{len(asked)}")
    seen: dict[str, int] = defaultdict(int)
    for item in asked:
        seen[item.outcome] += 1
    fewest = min(seen[i.outcome] for i in left)
    fresh = [i for i in left if seen[i.outcome] == fewest]
    return min(fresh, key=lambda i: (round(abs(i.difficulty - now.theta), 1), chooser.random()))


def tier_shown(estimate: Ability, tiers: Sequence[int]) -> int | None:
    """The highest of `tiers` whose cut the lower bound clears; None when none is shown."""
    cleared = [tier for tier in tiers if estimate.lower >= cut_score(tier)]
    return max(cleared) if cleared else None


def starting_tier(estimate: Ability, tiers: Sequence[int]) -> int:
    """Where to begin: the tier after the highest that is shown, within what there is."""
    shown = tier_shown(estimate, tiers)
    higher = [tier for tier in tiers if shown is None or tier > shown]
    return min(higher) if higher else max(tiers)


def fits(kind: str, count: int, response: Sequence[int]) -> bool:
    """Whether a response chooses among `count` options as an item of that kind asks."""
    if not response or len(set(response)) != len(response) or not all(0 <= n < count for n in response):
        return False
    return len(response) == {"order": count, "choice": 1}.get(kind, len(response))


def is_right(answer: Mapping[str, Any], response: Sequence[int]) -> bool:
    """Marking: the same set of options, or for `order` the same sequence."""
    if "sequence" in answer:
        return list(response) == answer["sequence"]
    return set(response) == set(answer["right"])


def slip(answer: dict[str, Any], response: Sequence[int]) -> tuple[str, int]:
    """How a wrong answer fails, and by how many, without saying what would be right."""
    if "sequence" in answer:
        return "places", sum(a != b for a, b in zip(response, answer["sequence"], strict=True))
    lacking, extra = set(answer["right"]) - set(response), set(response) - set(answer["right"])
    if len(answer["right"]) == len(response) == 1:
        return "other", 1
    if lacking and extra:
        return "mixed", len(extra)
    return ("lacking", len(lacking)) if lacking else ("extra", len(extra))


def is_shown(right: int, asked: int) -> bool:
    """Whether the answers to questions of one outcome speak for it: a word for the learner, no part of passing."""
    return right >= MASTERY * asked


def by_outcome(rows: Sequence[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """(right, asked) for each outcome."""
    counts: dict[str, tuple[int, int]] = {}
    for outcome, right in rows:
        good, asked = counts.get(outcome, (0, 0))
        counts[outcome] = (good + right, asked + 1)
    return counts


def standing(marked: Sequence[tuple[BankItem, bool]], *, tier: int) -> tuple[Ability, dict[str, Any]]:
    """The ability that answers, of a test at `tier`, and what its result keeps: theta, se, right, asked, outcomes."""
    estimate = ability([(item.difficulty, right) for item, right in marked], prior=location(tier))
    return estimate, {
        "theta": round(estimate.theta, 3),
        "se": round(estimate.se, 3),
        "right": sum(right for _item, right in marked),
        "asked": len(marked),
        "outcomes": by_outcome([(item.outcome, right) for item, right in marked]),
    }
