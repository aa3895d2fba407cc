"""Placements of whoever has no account, or has nothing kept: nothing is stored, all of it stands in a signed token."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Self

from django.core import signing
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.library.models import Programme

from . import rules
from .models import Attempt, Item
from .queries import Question, asked, bank_of, expect_fitting, live_items, tier_of

_SALT = "placement"
LASTS = timedelta(days=1)


class Outworn(Refusal):
    """The token is not ours, not of this programme, or of another day."""

    code = "placement-outworn"
    says = _("Bài xếp bậc này không còn dùng được. Hãy làm lại từ đầu: chỉ vài phút.")


@dataclass(frozen=True)
class Placement:
    """A placement under way: items in the order in which they are asked (ids), and the responses so far.

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
        seed = secrets.randbits(60)
        first = rules.next_item(
            bank_of(programme, cls.kind), now=rules.Ability(0.0, rules.PRIOR_SD), asked=[], seed=seed
        )
        return cls(programme, seed, (first.id,) if first else ())

    @classmethod
    def of(cls, programme: Programme, token: str) -> Self:
        """What `token` says. Raises Outworn."""
        try:
            key, seed, items, responses = signing.loads(token, salt=_SALT, max_age=LASTS)
        except signing.BadSignature:
            raise Outworn from None
        if key != programme.key:
            raise Outworn
        return cls(programme, seed, tuple(items), tuple(map(tuple, responses)))

    @property
    def token(self) -> str:
        """All of it but what is right, signed: whoever reads it learns no key."""
        return signing.dumps([self.programme.key, self.seed, self.items, self.responses], salt=_SALT, compress=True)

    @property
    def question(self) -> Question | None:
        """The open question; None when all is answered."""
        position = len(self.responses)
        if position >= len(self.items):
            return None
        return asked(Item.objects.get(pk=self.items[position]), self.seed, position, count=0, adaptive=True)

    def answered(self, response: Sequence[int]) -> Self:
        """It with an answer to the open question, and the question that follows, if any. Raises BadResponse."""
        expect_fitting(Item.objects.get(pk=self.items[len(self.responses)]), response)
        more = replace(self, responses=(*self.responses, tuple(response)))
        marked = more._marked()
        now = rules.ability([(item.difficulty, right) for item, right in marked])
        there = [item for item, _right in marked]
        following = rules.next_item(live_items(self.programme, self.kind), now=now, asked=there, seed=self.seed)
        return replace(more, items=(*more.items, following.id)) if following else more

    def _marked(self) -> list[tuple[rules.BankItem, bool]]:
        """What was answered, and whether rightly."""
        rows = Item.objects.select_related("outcome").in_bulk(self.items)
        given = {str(pk): item for pk, item in rows.items()}
        answered = [(given[pk], said) for pk, said in zip(self.items, self.responses, strict=False)]
        return [
            (rules.BankItem(str(item.pk), item.outcome.code, item.difficulty), rules.is_right(item.answer, said))
            for item, said in answered
        ]

    @property
    def result(self) -> dict[str, Any]:
        """As of an attempt: ability with its standard error, standing in each outcome, the tier to begin with."""
        edition = self.programme.published_edition
        estimate, result = rules.standing(self._marked(), tier=tier_of(edition.pk))
        return result | {
            "tier": rules.starting_tier(estimate, sorted({o["tier"] for o in edition.content["outcomes"]}))
        }
