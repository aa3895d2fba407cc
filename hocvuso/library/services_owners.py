"""Verbs on whose a programme is: the first publication gives it a unit, and it can be handed over."""

from __future__ import annotations

from django.db import transaction

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.skills.models import Outcome
from hocvuso.skills.services import hand_outcomes
from hocvuso.units.models import Unit

from .models import Lesson, Programme


@transaction.atomic
def hand_over(*, programme: Programme, to: Unit, by: Person | None) -> Programme:
    """Give a programme to another unit, and with it the outcomes that no other programme teaches.

    By somebody who may approve at both units, so that nobody is given what they did not take; or by the operator at the
    command line, who also gives one that has no owner yet. Certificates stay with who owned it then. Raises NotAllowed.
    """
    found = Programme.objects.select_for_update(of=("self",)).select_related("owner").get(pk=programme.pk)
    owner = found.owner
    if by is not None and not (owner and may(by, May.APPROVE, owner) and may(by, May.APPROVE, to)):
        raise NotAllowed
    if owner == to:
        return found
    if owner:
        others = Lesson.objects.exclude(programme=found)
        own = Outcome.objects.filter(owner=owner, lessons__programme=found).exclude(lessons__in=others)
        hand_outcomes(outcomes=own, to=to)
    return give(programme=found, to=to, by=by)


def give(*, programme: Programme, to: Unit, by: Person | None) -> Programme:
    """Make a unit the owner of a programme whose row is locked; whether it may be is asked before."""
    before = programme.owner.code if programme.owner else ""
    programme.owner = to
    programme.save(update_fields=["owner"])
    journal.write("programme.given", programme, by=by, before=before, after=to.code)
    return programme
