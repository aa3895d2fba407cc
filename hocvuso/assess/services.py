"""Verbs: keep the item bank, start, answer, submit."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import tally
from hocvuso.base.errors import Refusal
from hocvuso.base.events import emit
from hocvuso.base.states import check_move
from hocvuso.library.models import Edition, Programme
from hocvuso.people.models import Person
from hocvuso.people.queries import records_need
from hocvuso.records.queries import studied_since
from hocvuso.skills.models import Outcome

from . import rules
from .events import AttemptScored
from .models import Answer, Attempt, Item
from .queries import BadResponse, bank_of, live_items, tier_of

State = Attempt.State
MOVES: dict[Attempt.State, set[Attempt.State]] = {
    State.STARTED: {State.SUBMITTED},
    State.SUBMITTED: {State.SCORED},
    State.SCORED: set(),
}


class StudyFirst(Refusal):
    """A new try comes after study, or after a rest."""

    code = "study-first"
    says = _("Hãy học lại một bài trong chương trình trước, hoặc quay lại sau %(hours)s giờ.")


class GuardianFirst(Refusal):
    """A child under 16 takes tests after a guardian's consent."""

    code = "guardian-first"
    says = _("Bạn dưới 16 tuổi. Hãy nhờ người giám hộ đồng ý trước khi làm bài kiểm tra.")


class ConsentFirst(Refusal):
    """A test keeps answers and a result: whoever did not agree to that takes none."""

    code = "consent-first"
    says = _(
        "Bài kiểm tra cần lưu câu trả lời và kết quả. Hãy đồng ý ở trang Tài khoản, mục “Sự đồng ý của tôi”, rồi làm "
        "bài."
    )


class NotThisQuestion(Refusal):
    """The answer is for a question that is not open: answered already, or not asked yet."""

    code = "not-this-question"
    says = _("Câu này đã trả lời rồi. Hãy làm câu tiếp theo.")


class Finished(Refusal):
    """The test is over."""

    code = "finished"
    says = _("Bài kiểm tra này đã kết thúc.")


@transaction.atomic
def sync_items(*, edition: Edition) -> int:
    """Bring the bank up to a published edition: changed items get a new version, missing ones retire."""
    live = {
        i.key: i for i in Item.objects.select_for_update().filter(programme=edition.programme, state=Item.State.LIVE)
    }
    outcomes = {o.code: o for o in Outcome.objects.filter(code__in={i["outcome"] for i in edition.items})}
    numbers = dict(Item.objects.filter(programme=edition.programme).values_list("key").annotate(last=Max("version")))
    for data in edition.items:
        made = _item(edition, outcomes[data["outcome"]], data)
        old = live.pop(made.key, None)
        if old and old.hash == made.hash:
            continue
        if old:
            _retire(old)
        made.version = numbers.get(made.key, 0) + 1
        made.save()
    for gone in live.values():
        _retire(gone)
    return len(edition.items)


def _item(edition: Edition, outcome: Outcome, data: dict[str, Any]) -> Item:
    content: dict[str, Any] = {"type": data["type"], "stem": data["stem"]}
    answer: dict[str, Any] = {"why": data["why"]}
    if data["type"] == "order":
        content["options"] = data["sequence"]
        answer["sequence"] = list(range(len(data["sequence"])))
    else:
        content["options"] = [o["text"] for o in data["options"]]
        answer["right"] = [n for n, o in enumerate(data["options"]) if o["right"]]
        if any(o.get("why") for o in data["options"]):
            answer["whys"] = [o.get("why") or "" for o in data["options"]]
    lesson = f"{edition.programme.key}/{data['lesson']}"
    return Item(
        key=f"{lesson}/{data['key']}",
        state=Item.State.LIVE,
        programme=edition.programme,
        outcome=outcome,
        lesson=lesson,
        content=content,
        answer=answer,
        hash=sha256(
            json.dumps([content, answer, data["difficulty"], outcome.code], sort_keys=True).encode()
        ).hexdigest(),
        difficulty=rules.location(outcome.tier) + rules.AUTHOR_ESTIMATE[data["difficulty"]],
    )


def _retire(item: Item) -> None:
    item.state = Item.State.RETIRED
    item.save(update_fields=["state"])


def start(*, person: Person, programme: Programme, kind: Attempt.Kind) -> Attempt:
    """Start a test, or continue the one that is open. Raises GuardianFirst, ConsentFirst, NoTest, StudyFirst."""
    _expect_consent(person)
    with transaction.atomic():
        Person.objects.select_for_update().only("pk").get(pk=person.pk)
        earlier = Attempt.objects.filter(person=person, programme=programme, kind=kind).defer("form", "result")
        tried = list(earlier.order_by("-created_at"))
        if open_one := next((one for one in tried if one.state == State.STARTED), None):
            return open_one
        _refuse_haste(person, programme, next((one for one in tried if one.state == State.SCORED), None))
        bank = bank_of(programme, kind)
        edition = programme.published_edition
        seed = secrets.randbits(60)
        drawn = _draw(bank, kind, seed)
        form = {
            "rules": {"cut": rules.MASTERY, "z": rules.Z, "tier": tier_of(edition.pk)},
            "items": [_placed(i) for i in drawn],
        }
        Item.objects.filter(pk__in=[i.id for i in drawn]).update(exposure=F("exposure") + 1)
        return Attempt.objects.create(
            person=person, programme=programme, edition=edition, kind=kind, seed=seed, form=form
        )


def _expect_consent(person: Person) -> None:
    if need := records_need(person):
        raise GuardianFirst if need == "guardian" else ConsentFirst


def _draw(bank: list[rules.BankItem], kind: str, seed: int) -> list[rules.BankItem]:
    """The items a test begins with: of a final test all, of a placement the first."""
    if kind == Attempt.Kind.FINAL:
        return rules.assemble_form(bank, seed=seed)
    first = rules.next_item(bank, now=rules.Ability(0.0, rules.PRIOR_SD), asked=[], seed=seed)
    return [first] if first else []


def _refuse_haste(person: Person, programme: Programme, last: Attempt | None) -> None:
    """A final test follows the one before after study in the programme, or after a rest; both by our time."""
    if last is None or last.kind != Attempt.Kind.FINAL or last.submitted_at is None:
        return
    left = last.submitted_at + rules.REST - timezone.now()
    if left > timedelta(0) and not studied_since(person, programme, last.submitted_at):
        raise StudyFirst(hours=max(1, round(left.total_seconds() / 3600)))


def _placed(item: rules.BankItem) -> dict[str, Any]:
    """What an attempt freezes of an item: its version (by id), outcome and difficulty; the seed orders its options."""
    return {"id": item.id, "outcome": item.outcome, "difficulty": item.difficulty}


def answer(*, attempt: Attempt, position: int, response: list[int]) -> Answer:
    """Record the answer to the open question; the same answer again changes nothing.

    Raises NotThisQuestion, BadResponse, Finished; GuardianFirst, ConsentFirst since the consent was taken back.
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("person").get(pk=attempt.pk)
        given = list(locked.answers.all())
        earlier = next((a for a in given if a.position == position), None)
        if earlier and earlier.response == response:
            return earlier
        if locked.state != State.STARTED:
            raise Finished
        if earlier or position != len(given) or position >= len(locked.form["items"]):
            raise NotThisQuestion
        _expect_consent(locked.person)
        placed = locked.form["items"][position]
        item = Item.objects.get(pk=placed["id"])
        if not rules.fits(item.content["type"], len(item.content["options"]), response):
            raise BadResponse(field="response")
        made = Answer.objects.create(
            attempt=locked,
            position=position,
            item=item,
            response=response,
            correct=rules.is_right(item.answer, response),
        )
        if locked.kind == Attempt.Kind.PLACEMENT:
            _ask_next(locked, [*given, made])
        return made


def _ask_next(attempt: Attempt, given: list[Answer]) -> None:
    """Add the next item of a placement; where nothing is left to ask, as after a withdrawal, it ends there."""
    bank = live_items(attempt.programme, attempt.kind)
    placed = {p["id"]: rules.BankItem(p["id"], p["outcome"], p["difficulty"]) for p in attempt.form["items"]}
    now = rules.ability([(placed[str(a.item_id)].difficulty, a.correct) for a in given])
    following = rules.next_item(bank, now=now, asked=list(placed.values()), seed=attempt.seed)
    if following:
        attempt.form["items"].append(_placed(following))
        attempt.save(update_fields=["form", "fingerprint"])
        Item.objects.filter(pk=following.id).update(exposure=F("exposure") + 1)


@transaction.atomic
def submit(*, attempt: Attempt) -> Attempt:
    """Finish and score; questions without an answer count as wrong in a final test. Twice is the same as once.

    Raises GuardianFirst, ConsentFirst since the consent was taken back.
    """
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("edition", "person")
    locked = rows.get(pk=attempt.pk)
    if locked.state == State.SCORED:
        return locked
    _expect_consent(locked.person)
    for to in (State.SUBMITTED, State.SCORED):
        check_move(MOVES, now=State(locked.state), to=to)
        locked.state = to
    locked.submitted_at = timezone.now()
    locked.result = _result(locked)
    locked.save(update_fields=["state", "submitted_at", "result", "fingerprint"])
    emit(AttemptScored(attempt_id=str(locked.pk)))
    return locked


def _result(attempt: Attempt) -> dict[str, Any]:
    """Ability with its standard error, tier shown, standing in each outcome; computed from what the attempt froze."""
    right = dict(attempt.answers.values_list("position", "correct"))
    placed = attempt.form["items"]
    if attempt.kind == Attempt.Kind.PLACEMENT:
        placed = placed[: len(right)]
    marked = [
        (rules.BankItem(p["id"], p["outcome"], p["difficulty"]), right.get(n, False)) for n, p in enumerate(placed)
    ]
    target = attempt.form["rules"]["tier"]
    estimate, result = rules.standing(marked, tier=target)
    if attempt.kind == Attempt.Kind.PLACEMENT:
        tiers = sorted({o["tier"] for o in attempt.edition.content["outcomes"]})
        return result | {"tier": rules.starting_tier(estimate, tiers)}
    return result | {"tier": target, "passed": estimate.lower >= rules.cut_score(target)}


@transaction.atomic
def erase(*, person_id: str) -> None:
    """Cut the tie between attempts and an anonymised person: the attempts go, item statistics stay."""
    theirs = Attempt.objects.filter(person_id=person_id)
    tally.forget(theirs)
    tally.forget(Answer.objects.filter(attempt__in=theirs))
    theirs.delete()
