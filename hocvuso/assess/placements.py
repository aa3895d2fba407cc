"""Placements of whoever has no account, or has nothing kept: nothing is stored, all of it stands in a signed token.

They ask the questions that stand in lessons, whose keys are public: those of tests would give themselves away to
whoever may try as often as they like.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Self

from django.core import signing
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.library import queries as library
from hocvuso.library.models import Programme
from hocvuso.library.source.schema import ItemSource

from . import rules
from .models import Attempt
from .queries import LEAST_ITEMS, BadResponse, NoTest, Question, tier_of

_SALT = "placement"
LASTS = timedelta(days=1)


class Outworn(Refusal):
    """The token is not ours, not of this programme, of another day, or asks what no lesson asks any more."""

    code = "placement-outworn"
    says = _("Bài xếp bậc ấy không còn dùng được. Đây là bài mới: chỉ vài phút.")


@dataclass(frozen=True)
class Placement:
    """A placement under way: questions in the order in which they are asked (ids), and the responses so far.

    While a question is open there is one item more than there are responses.
    """

    programme: Programme
    seed: int
    items: tuple[str, ...]
    responses: tuple[tuple[int, ...], ...] = ()
    kind = Attempt.Kind.PLACEMENT

    @classmethod
    def begin(cls, programme: Programme) -> Self:
        """With the first question. Raises NoTest."""
        if not is_offered(programme):
            raise NoTest
        seed = secrets.randbits(60)
        banked = [one for one, _item in _pool(programme).values()]
        first = rules.next_item(banked, now=rules.Ability(0.0, rules.PRIOR_SD), asked=[], seed=seed)
        return cls(programme, seed, (first.id,) if first else ())

    @classmethod
    def of(cls, programme: Programme, token: str) -> Self:
        """What `token` says. Raises Outworn."""
        try:
            key, seed, items, responses = signing.loads(token, salt=_SALT, max_age=LASTS)
        except signing.BadSignature:
            raise Outworn from None
        found = cls(programme, seed, tuple(items), tuple(map(tuple, responses)))
        if key != programme.key or not set(items) <= found._pool.keys():
            raise Outworn
        return found

    @cached_property
    def _pool(self) -> Mapping[str, tuple[rules.BankItem, ItemSource]]:
        """Asked for once."""
        return _pool(self.programme)

    @property
    def token(self) -> str:
        return signing.dumps([self.programme.key, self.seed, self.items, self.responses], salt=_SALT, compress=True)

    @property
    def question(self) -> Question | None:
        """The open question; None when all is answered."""
        position = len(self.responses)
        if position >= len(self.items):
            return None
        _banked, item = self._pool[self.items[position]]
        options = list(enumerate(_options(item)))
        random.Random(f"{self.seed}/{position}").shuffle(options)
        return Question(position, 0, adaptive=True, type=item.type, stem=item.stem, options=options)

    def answered(self, response: Sequence[int]) -> Self:
        """It with an answer to the open question, and the question that follows, if any. Raises BadResponse."""
        pool = self._pool
        _banked, item = pool[self.items[len(self.responses)]]
        if not rules.fits(item.type, len(_options(item)), response):
            raise BadResponse(field="response")
        more = replace(self, responses=(*self.responses, tuple(response)))
        marked = more._marked()
        now = rules.ability([(one.difficulty, right) for one, right in marked])
        banked = [one for one, _item in pool.values()]
        following = rules.next_item(banked, now=now, asked=[one for one, _right in marked], seed=self.seed)
        return replace(more, items=(*more.items, following.id)) if following else more

    def _marked(self) -> list[tuple[rules.BankItem, bool]]:
        """What was answered, and whether rightly."""
        pool = self._pool
        answered = [(pool[name], said) for name, said in zip(self.items, self.responses, strict=False)]
        return [(banked, rules.is_right(_key(item), said)) for (banked, item), said in answered]

    @property
    def result(self) -> dict[str, Any]:
        """As of an attempt: ability with its standard error, standing in each outcome, the tier to begin with."""
        edition = self.programme.published_edition
        estimate, result = rules.standing(self._marked(), tier=tier_of(edition.pk))
        tiers = sorted({outcome["tier"] for outcome in edition.content["outcomes"]})
        return result | {"tier": rules.starting_tier(estimate, tiers)}


def is_offered(programme: Programme) -> bool:
    """Whether lessons for its audience ask enough to tell anything."""
    return len(_pool(programme)) >= LEAST_ITEMS


def _pool(programme: Programme) -> Mapping[str, tuple[rules.BankItem, ItemSource]]:
    """The questions in the lessons of all published programmes for the same audience, by programme/lesson/item."""
    found = {}
    for other in library.published().filter(audience=programme.audience):
        tiers = {outcome["code"]: outcome["tier"] for outcome in other.published_edition.content["outcomes"]}
        for address, item in library.check_questions(other.published_edition.bundle).items():
            name = f"{other.key}/{address}"
            difficulty = rules.location(tiers[item.outcome]) + rules.AUTHOR_ESTIMATE[item.difficulty]
            found[name] = rules.BankItem(name, item.outcome, difficulty), item
    return found


def _options(item: ItemSource) -> list[str]:
    return item.sequence or [option.text for option in item.options]


def _key(item: ItemSource) -> dict[str, list[int]]:
    if item.sequence:
        return {"sequence": list(range(len(item.sequence)))}
    return {"right": [n for n, option in enumerate(item.options) if option.right]}
