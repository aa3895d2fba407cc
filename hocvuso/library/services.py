"""Verbs on editions: draft, review, approve, publish, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import files, journal, signing
from hocvuso.base.errors import NotAllowed, Refusal, TwoEyes
from hocvuso.base.events import emit
from hocvuso.base.states import check_move
from hocvuso.people.models import Person
from hocvuso.people.queries import may, tops_of_reach
from hocvuso.people.rules import Asked, May
from hocvuso.people.services import two_people
from hocvuso.skills.services import check_outcome, keep_outcome
from hocvuso.units.models import Unit

from .events import EditionPublished, EditionWithdrawn
from .indexing import index_lesson
from .models import Edition, Lesson, Programme, PublishingKey, ReviewComment, WithdrawalRequest
from .publishing import apart, sources
from .publishing.archive import BadArchive
from .publishing.compile import Compiled, compile_programme
from .rules import MOVES, MOVES_OF_TWO, EditionState
from .services_owners import give
from .services_owners import hand_over as hand_over
from .source.reader import SourceError, read_programme

Moves = dict[EditionState, set[EditionState]]


class CannotPublish(Refusal):
    """Checks found what must be mended first; `findings` holds the sentences."""

    code = "cannot-publish"
    says = _("Chưa phát hành được: %(first)s")

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__(first=findings[0])


class StandsAlready(Refusal):
    """Another edition of the programme is published: it is not put aside by bringing an old one back."""

    code = "stands-already"
    says = _("Chương trình đang có bản phát hành khác, nên không phát hành lại bản đã rút.")


class WhichUnit(Refusal):
    """The author writes for several units and has not said for which."""

    code = "which-unit"
    says = _("Hãy chọn đơn vị của bản soạn này.")


class OwnedElsewhere(Refusal):
    """The programme belongs to another unit than the one that was named."""

    code = "owned-elsewhere"
    says = _("Chương trình này thuộc %(unit)s (%(code)s).")


def may_write(person: Person, edition: Edition) -> bool:
    """Submit it: an author of the unit whose draft it is."""
    return may(person, May.AUTHOR, edition.unit)


def may_review(person: Person, edition: Edition) -> bool:
    """Send it back: a reviewer of the unit whose draft it is, or of the programme's owner."""
    return may(person, May.REVIEW, edition.unit) or may(person, May.REVIEW, edition.decided_at)


def may_decide(person: Person, edition: Edition) -> bool:
    """Approve, publish, withdraw: at the programme's owner, for each changes what is public of the programme."""
    return may(person, May.APPROVE, edition.decided_at)


def may_comment(person: Person, edition: Edition) -> bool:
    """Comment on it: whoever writes or reviews at either unit."""
    return may_write(person, edition) or may_review(person, edition) or may(person, May.AUTHOR, edition.decided_at)


def draft_from(*, folder: Path, by: Person | None, unit: Unit | None = None) -> Edition:
    """Compile a source folder into a draft edition of a unit; a source that the unit has not changed since gives the
    edition it already has. A programme belongs to the unit that first publishes it, not to the first that writes.

    `unit` None: the only unit the author writes for. `by` None is the operator at the command line, who writes for the
    owner of the programme and names `unit` for one that nobody owns. Raises SourceError (naming every fault),
    NotAllowed, WhichUnit, OwnedElsewhere.
    """
    if by is not None:
        _unit_of(by, unit)
    compiled = compile_programme(read_programme(folder))
    sources.keep(folder, compiled.source_hash)
    return draft_of(compiled, by=by, unit=unit)


@transaction.atomic
def draft_of(compiled: Compiled, *, by: Person | None, unit: Unit | None = None) -> Edition:
    """The draft edition of what was compiled, as `draft_from` says. Raises NotAllowed, WhichUnit."""
    unit = unit if by is None else _unit_of(by, unit)
    programme = _programme(compiled)
    if by is None:
        unit = _unit_of_operator(programme, unit)
    assert unit is not None
    latest = programme.editions.filter(unit=unit).order_by("-number").first()
    if latest and latest.source_hash == compiled.source_hash and latest.bundle == compiled.bundle:
        return latest
    edition = _new_edition(programme, unit, compiled, by)
    journal.write("edition.drafted", edition, by=by, bundle=edition.bundle)
    return edition


class BadSource(Refusal):
    """An archive is no readable programme; `faults` names everything that is wrong."""

    code = "bad-source"
    says = _("Tệp này chưa phải một chương trình đọc được.")

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(field="file")


def draft_from_archive(*, content: bytes, by: Person, unit: Unit | None = None) -> Edition:
    """A draft from a ZIP of a programme folder. Raises BadSource, NotAllowed, WhichUnit."""
    return draft_of(compile_archive(content=content, by=by, unit=unit), by=by, unit=unit)


def compile_archive(*, content: bytes, by: Person, unit: Unit | None = None) -> Compiled:
    """A ZIP of a programme folder, bounded in size, count, ratio, paths, memory and time, compiled; nothing of it is a
    draft yet. Raises BadSource, NotAllowed, WhichUnit.
    """
    _unit_of(by, unit)
    try:
        return apart.compile_archive(content)
    except SourceError as error:
        raise BadSource([str(fault) for fault in error.faults]) from error
    except BadArchive as error:
        raise BadSource([str(error)]) from error


def _unit_of(by: Person, unit: Unit | None) -> Unit:
    """The unit an author writes for: the one named, or the only one there is."""
    own = set(tops_of_reach(by, May.AUTHOR))
    if not own or (unit is not None and not may(by, May.AUTHOR, unit)):
        raise NotAllowed
    if unit is None and len(own) > 1:
        raise WhichUnit(field="unit")
    return unit or own.pop()


def _unit_of_operator(programme: Programme, unit: Unit | None) -> Unit:
    """The unit the operator writes for: the programme's owner, which is the one named if any is."""
    owner = programme.owner
    if owner and unit and owner != unit:
        raise OwnedElsewhere(unit=owner.name, code=owner.code)
    if found := owner or unit:
        return found
    raise WhichUnit(field="unit")


def _programme(compiled: Compiled) -> Programme:
    """The programme of a source, its row locked; a new one has no owner yet."""
    rows = Programme.objects.select_for_update(of=("self",)).select_related("owner")
    key, audience = compiled.content["key"], compiled.content["audience"]
    return rows.get_or_create(key=key, defaults={"audience": audience})[0]


def _new_edition(programme: Programme, unit: Unit, compiled: Compiled, by: Person | None) -> Edition:
    last = programme.editions.aggregate(last=Max("number"))["last"] or 0
    return Edition.objects.create(
        programme=programme,
        unit=unit,
        number=last + 1,
        bundle=compiled.bundle,
        source_hash=compiled.source_hash,
        content=compiled.content,
        items=compiled.items,
        findings=[f"{f.level}: {f.lesson}: {f.what}" for f in compiled.findings],
        written_by=by,
    )


def submit(*, edition: Edition, by: Person | None) -> Edition:
    """Draft → in review. Raises NotAllowed, and CannotPublish while a check refuses."""
    _gate(by is None or may_write(by, edition))
    _refuse_findings(edition)
    for outcome in _outcomes(edition, edition.decided_at):
        check_outcome(**outcome)
    return _move(edition, Edition.State.IN_REVIEW, by)


def return_for_revision(*, edition: Edition, by: Person | None) -> Edition:
    """In review or approved → draft. Raises NotAllowed."""
    _gate(by is None or may_review(by, edition))
    return _move(edition, Edition.State.DRAFT, by)


def approve(*, edition: Edition, by: Person | None) -> Edition:
    """In review → approved, by somebody other than its author. Raises NotAllowed, TwoEyes."""
    _gate(by is None or may_decide(by, edition))
    if by is not None and edition.written_by_id == by.pk:
        raise TwoEyes
    edition.approved_by = by
    return _move(edition, Edition.State.APPROVED, by, "approved_by")


def publish(*, edition: Edition, by: Person | None) -> Edition:
    """Approved → published: sign the manifest, move the programme's pointer, list its lessons, emit the event.

    What was withdrawn comes back by two people (`ask_republishing`), or by the operator at the command line; and only
    while nothing else of the programme is published (else StandsAlready). Raises NotAllowed, IllegalMove.
    """
    return _publish(edition, by, MOVES if by else MOVES_OF_TWO)


@transaction.atomic
def _publish(edition: Edition, by: Person | None, moves: Moves) -> Edition:
    rows = Programme.objects.select_for_update(of=("self",)).select_related("owner")
    edition.programme = programme = rows.get(pk=edition.programme_id)
    _gate(by is None or may_decide(by, edition))
    _refuse_findings(edition)
    if programme.owner is None:
        give(programme=programme, to=edition.unit, by=by)
    before = programme.current
    if before and Edition.objects.filter(pk=edition.pk, state=Edition.State.WITHDRAWN).exists():
        raise StandsAlready
    if before:
        programme.current = None
        programme.save(update_fields=["current"])
        _move(before, Edition.State.WITHDRAWN, by)
    edition.published_at = timezone.now()
    _move(edition, Edition.State.PUBLISHED, by, "published_at", moves=moves)
    _sign(edition)
    programme.current, programme.audience = edition, edition.content["audience"]
    programme.position = edition.content["position"]
    programme.save(update_fields=["current", "audience", "position"])
    _list_lessons(programme, edition)
    emit(EditionPublished(edition_id=str(edition.pk)))
    return edition


@transaction.atomic
def withdraw(*, edition: Edition) -> Edition:
    """Published → withdrawn by the operator at the command line, who stands outside; others ask."""
    return _withdraw(edition, None)


@transaction.atomic
def ask_withdrawal(*, edition: Edition, reason: str, by: Person) -> WithdrawalRequest:
    """Ask that a published edition be withdrawn; another person at the programme's owner confirms.

    Raises NotAllowed, IllegalMove, NeedsReason, AlreadyAsked.
    """
    _gate(may_decide(by, edition))
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    check_move(MOVES, now=Edition.State(locked.state), to=Edition.State.WITHDRAWN)
    return two_people.ask(request=WithdrawalRequest(edition=locked, reason=reason), by=by)


@transaction.atomic
def ask_republishing(*, edition: Edition, reason: str, by: Person) -> WithdrawalRequest:
    """Ask that an edition which is out be published again, whichever it was; another person at the owner confirms.

    Raises NotAllowed, IllegalMove, StandsAlready, NeedsReason, AlreadyAsked.
    """
    _gate(may_decide(by, edition))
    locked = Edition.objects.select_for_update(of=("self",)).select_related("programme").get(pk=edition.pk)
    if locked.state != Edition.State.WITHDRAWN:  # what was approved is published without asking
        check_move({}, now=Edition.State(locked.state), to=Edition.State.PUBLISHED)
    if locked.programme.current_id:
        raise StandsAlready
    return two_people.ask(request=WithdrawalRequest(edition=locked, to="published", reason=reason), by=by)


@transaction.atomic
def confirm_withdrawal(*, request: WithdrawalRequest, by: Person) -> Edition:
    """Withdraw, or publish again, what another person asked for.

    Raises NotAllowed, TwoEyes, AskerLeft, NotIndependent, IllegalMove, StandsAlready.
    """
    _gate(may_decide(by, request.edition))
    asked = two_people.decide(request=request, to=Asked.CONFIRMED, by=by)
    return _publish(asked.edition, by, MOVES_OF_TWO) if asked.brings_back else _withdraw(asked.edition, by)


@transaction.atomic
def decline_withdrawal(*, request: WithdrawalRequest, by: Person) -> WithdrawalRequest:
    """Leave it as it is: the one who asked takes it back, or another declines. Raises NotAllowed, IllegalMove."""
    _gate(may_decide(by, request.edition))
    return two_people.decide(request=request, to=Asked.DECLINED, by=by)


def _withdraw(edition: Edition, by: Person | None) -> Edition:
    """Its lessons leave lists and search, learners keep their records."""
    Programme.objects.filter(pk=edition.programme_id, current=edition).update(current=None)
    Lesson.objects.filter(programme=edition.programme_id).update(listed=False)
    _move(edition, Edition.State.WITHDRAWN, by)
    emit(EditionWithdrawn(edition_id=str(edition.pk)))
    return edition


@transaction.atomic
def comment(*, edition: Edition, lesson: str, line: int | None, text: str, by: Person) -> ReviewComment:
    """A reviewer's comment on a line of a lesson."""
    _gate(may_comment(by, edition))
    made = ReviewComment.objects.create(edition=edition, lesson=lesson, line=line, text=text, author=by)
    journal.write("edition.commented", edition, by=by, comment=made.pk)
    return made


@transaction.atomic
def resolve_comment(*, comment: ReviewComment, by: Person) -> ReviewComment:
    """Mark a comment as dealt with."""
    _gate(may_comment(by, comment.edition))
    comment.resolved_at = timezone.now()
    comment.save(update_fields=["resolved_at"])
    return comment


def publish_folder(*, folder: Path, unit: Unit | None = None) -> Edition:
    """The operator's short way: draft, review, approval and publishing of a folder in one go. `unit`: the owner of the
    programme, else OwnedElsewhere; None for that of one that has an owner.

    A published edition of an unchanged folder is made whole: missing files are there again, and it is signed anew.
    """
    edition = draft_from(folder=folder, by=None, unit=unit)
    steps = {Edition.State.DRAFT: submit, Edition.State.IN_REVIEW: approve, Edition.State.APPROVED: publish}
    while edition.state in steps:
        edition = steps[Edition.State(edition.state)](edition=edition, by=None)
    if edition.state == Edition.State.PUBLISHED:
        _sign(edition)
    return edition


def _gate(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed


def _refuse_findings(edition: Edition) -> None:
    refusals = [f.removeprefix("refusal: ") for f in edition.findings if f.startswith("refusal: ")]
    if refusals:
        raise CannotPublish(refusals)


@transaction.atomic
def _move(edition: Edition, to: EditionState, by: Person | None, *fields: str, moves: Moves = MOVES) -> Edition:
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    now = Edition.State(locked.state)
    check_move(moves, now=now, to=to)
    edition.state = to
    edition.save(update_fields=["state", *fields])
    journal.write("edition.moved", edition, by=by, before=now, after=to)
    return edition


def _sign(edition: Edition) -> None:
    """Sign the manifest beside it. The signature is no part of the bundle's name: keys change, content does not."""
    key = PublishingKey.objects.filter(retired_at=None).first()
    if key is None:
        sealed, public = signing.new_key()
        key = PublishingKey.objects.create(public=public, sealed=sealed)
    folder = settings.BUNDLES / edition.bundle
    signature = signing.sign(key.sealed, (folder / "manifest.json").read_bytes())
    files.replace(folder / "manifest.sig", f"{key.public} {signature.hex()}\n".encode())


def _outcomes(edition: Edition, owner: Unit) -> list[dict[str, Any]]:
    """The outcomes of an edition as the room of skills takes them."""
    names = ("code", "tier", "can_do", "can_do_en")
    told = edition.content["outcomes"]
    return [{n: o[n] for n in names} | {"reference": o["competency"], "owner": owner} for o in told]


def _list_lessons(programme: Programme, edition: Edition) -> None:
    content = edition.content
    outcomes = {o["code"]: keep_outcome(**o) for o in _outcomes(edition, edition.decided_at)}
    Lesson.objects.filter(programme=programme).update(listed=False)
    keys = [key for module in content["modules"] for key in module["lessons"]]
    for position, key in enumerate(keys):
        data = content["lessons"][key]
        fields = ("title", "title_en", "goal", "goal_en", "promise", "icon", "minutes")
        lesson, _made = Lesson.objects.update_or_create(
            programme=programme,
            key=key,
            defaults={f: data[f] for f in fields}
            | {"address": f"{programme.key}/{key}", "position": position, "listed": True},
        )
        lesson.outcomes.set([outcomes[code] for code in data["outcomes"]])
        index_lesson(lesson, data["words"], [outcomes[c].can_do for c in data["outcomes"]], data["text"])
