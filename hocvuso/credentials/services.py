"""Verbs: issue, correct, suspend, revoke, restore, rotate the key, choose what is shown."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.assess.models import Attempt
from hocvuso.base import journal, signing
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.events import emit
from hocvuso.base.states import check_move
from hocvuso.base.text import clean
from hocvuso.people.models import Person
from hocvuso.people.queries import consents as has_consented
from hocvuso.people.queries import may
from hocvuso.people.rules import Asked, May
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents, two_people
from hocvuso.records.services import expect_consent
from hocvuso.reminders.services import notices

from . import documents, fonts
from .documents import credential_document, evidence_of, method_of
from .events import CredentialIssued, RevocationLifted
from .models import Credential, IssuerKey, RevocationRequest
from .rules import TOLERANCE, with_proof

MOST_CORRECTIONS = 3  # of the name on one certificate: slips, not other people
State = Credential.State
Moves = dict[Credential.State, set[Credential.State]]
MOVES: Moves = {State.ISSUED: {State.SUSPENDED}, State.SUSPENDED: {State.ISSUED}, State.REVOKED: set()}  # of one person
MOVES_OF_HOLDER: Moves = {State.ISSUED: {State.SUPERSEDED}}
MOVES_OF_TWO: Moves = {State.ISSUED: {State.REVOKED}, State.SUSPENDED: {State.REVOKED}, State.REVOKED: {State.ISSUED}}
NEWS = {
    State.ISSUED: _("Chứng nhận “%(title)s” của bạn có hiệu lực trở lại. Lý do: %(reason)s. Cần hỏi thêm: %(unit)s."),
    State.SUSPENDED: _("Chứng nhận “%(title)s” của bạn bị tạm dừng. Lý do: %(reason)s. Cần hỏi thêm: %(unit)s."),
    State.REVOKED: _("Chứng nhận “%(title)s” của bạn bị thu hồi. Lý do: %(reason)s. Nếu chưa đúng, hãy hỏi %(unit)s."),
}


class NotPassed(Refusal):
    """A credential needs a passed final test."""

    code = "not-passed"
    says = _("Cần đạt bài kiểm tra cuối trước khi nhận chứng nhận.")


class NameFirst(Refusal):
    """A certificate needs the name that will stand on it."""

    code = "name-first"
    says = _("Hãy ghi họ tên như bạn muốn in trên chứng nhận.")


class LettersMissing(Refusal):
    """The name has letters that no font of certificates holds: paper with boxes on it is not given out."""

    code = "letters-missing"
    says = _("Chứng nhận chưa in được: %(letters)s. Hãy ghi họ tên bằng chữ khác, như trên giấy tờ.")


class SameName(Refusal):
    """The name that is put right is the one that stands there."""

    code = "same-name"
    says = _("Chứng nhận đang ghi đúng tên này.")


class CorrectedEnough(Refusal):
    """A name is put right a few times; after that, somebody has to look."""

    code = "corrected-enough"
    says = _("Tên trên chứng nhận này đã được sửa %(most)s lần. Muốn sửa nữa, hãy hỏi %(unit)s.")


class UnderReview(Refusal):
    """Somebody has asked that the certificate be revoked: until that is decided, it stays as it is."""

    code = "under-review"
    says = _("Chứng nhận này đang được xem lại, nên chưa sửa tên được. Cần hỏi thêm: %(unit)s.")


class UnknownKey(Refusal):
    """No key of the issuer bears this name."""

    code = "unknown-key"
    says = _("Không có khoá cấp chứng nhận nào là %(public)s.")


class ReasonFirst(Refusal):
    """Nothing is suspended, restored or revoked without a reason."""

    code = "reason-first"
    says = _("Hãy ghi lý do.")


@transaction.atomic
def issue(*, attempt: Attempt, holder_name: str = "") -> Credential:
    """Sign a credential for a passed final test; a second call returns the one that stands.

    Raises NotPassed, NeedsGuardian, NeedsConsent, NameFirst, LettersMissing.
    """
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("person", "edition__programme")
    attempt = rows.get(pk=attempt.pk)
    found = Credential.objects.filter(attempt=attempt).exclude(state=State.SUPERSEDED).first()
    if found:
        return found
    name = name_for(attempt=attempt, holder_name=holder_name)
    credential = Credential(  # type: ignore[misc]
        holder=attempt.person,
        edition=attempt.edition,
        unit_id=attempt.edition.programme.owner_id,  # what is published has one
        attempt=attempt,
        holder_name=name,
        tier=(attempt.result or {})["tier"],
    )
    return _sign(credential, evidence_of(attempt))


def name_for(*, attempt: Attempt, holder_name: str = "") -> str:
    """The name that a certificate for this test would carry.

    Raises NotPassed, NeedsGuardian and NeedsConsent (certificates are kept by consent too), NameFirst, LettersMissing.
    """
    if attempt.kind != Attempt.Kind.FINAL or not (attempt.result or {}).get("passed"):
        raise NotPassed
    expect_consent(attempt.person)
    return printable(holder_name=holder_name or attempt.person.name)


def printable(*, holder_name: str) -> str:
    """The name as it is printed. Raises NameFirst, LettersMissing."""
    name = clean(holder_name)
    if not name:
        raise NameFirst(field="holder_name")
    if missing := fonts.missing(name):
        raise LettersMissing(field="holder_name", letters=", ".join(missing))
    return name


def _sign(credential: Credential, evidence: dict[str, Any]) -> Credential:
    """Sign and store a new credential with the key that signs now."""
    key = current_key()
    credential.key = key
    credential.status_index = (Credential.objects.aggregate(last=Max("status_index"))["last"] or 0) + 1
    credential.issued_at = timezone.now().replace(microsecond=0)
    credential.signed = with_proof(
        credential_document(credential, evidence),
        method=method_of(key),
        at=credential.issued_at - TOLERANCE,
        sign=lambda data: signing.sign(key.sealed, data),
    )
    credential.save(force_insert=True)
    journal.write("credential.issued", credential, by=credential.holder, key=key.public)
    emit(CredentialIssued(credential_id=str(credential.pk)))
    return credential


@transaction.atomic
def correct(*, credential: Credential, holder_name: str, by: Person) -> Credential:
    """The holder puts the name right: a new certificate supersedes this one, for the same test. Returns the new one.

    Raises NotAllowed, IllegalMove, NameFirst, LettersMissing, SameName, CorrectedEnough, UnderReview.
    """
    old = _locked(credential)
    if old.holder_id != by.pk:
        raise NotAllowed
    name = printable(holder_name=holder_name)
    if old.state == State.SUPERSEDED and old.superseded_by.holder_name == name:
        return old.superseded_by  # pressed twice
    check_move(MOVES_OF_HOLDER, now=State(old.state), to=State.SUPERSEDED)
    if name == old.holder_name:
        raise SameName(field="holder_name")
    if Credential.objects.filter(attempt=old.attempt, state=State.SUPERSEDED).count() >= MOST_CORRECTIONS:
        raise CorrectedEnough(field="holder_name", most=MOST_CORRECTIONS, unit=old.unit)
    if old.key.compromised_at or old.requests.filter(state=Asked.OPEN).exists():
        raise UnderReview(unit=old.unit)
    shown = old.show_name
    old.state, old.ended_at, old.show_name = State.SUPERSEDED, timezone.now(), False
    old.save(update_fields=["state", "ended_at", "show_name"])
    same_of_old = {
        field: getattr(old, field) for field in ("holder", "edition", "unit", "attempt", "tier", "expires_at")
    }
    new = Credential(**same_of_old, holder_name=name, show_name=shown, supersedes=old)
    _sign(new, old.signed["evidence"][0])
    journal.write("credential.superseded", old, by=by, superseded_by=str(new.pk))
    return new


@transaction.atomic
def current_key() -> IssuerKey:
    """The key that signs now, made at first use; its row is locked, so issuing is one at a time."""
    key = IssuerKey.objects.select_for_update().filter(retired_at=None).first()
    return key or _new_key()


@transaction.atomic
def rotate_key() -> IssuerKey:
    """Retire the signing key and make a new one; what the old key signed stays valid.

    For the operator at the command line only, as `condemn_key`: it concerns what every unit issued.
    """
    old = current_key()
    _retire(old)
    return _new_key()


@transaction.atomic
def condemn_key(*, public: str) -> IssuerKey:
    """A key is known to others: what it signed is no longer trusted. Returns the key that signs now, a new one when it
    was this one. Twice is once. Raises UnknownKey.
    """
    key = IssuerKey.objects.select_for_update().filter(public=public).first()
    if key is None:
        raise UnknownKey(public=public)
    if key.compromised_at is None:
        key.compromised_at = timezone.now()
        key.save(update_fields=["compromised_at"])
        journal.write("issuer-key.compromised", key, public=public)
    if key.retired_at is None:
        _retire(key)
    return current_key()


def _retire(key: IssuerKey) -> None:
    key.retired_at = timezone.now()
    key.save(update_fields=["retired_at"])
    journal.write("issuer-key.retired", key, compromised=key.compromised_at is not None)


def _new_key() -> IssuerKey:
    sealed, public = signing.new_key()
    key = IssuerKey.objects.create(sealed=sealed, public=public)
    journal.write("issuer-key.made", key, public=public)
    return key


def suspend(*, credential: Credential, reason: str, by: Person) -> Credential:
    """Issued → suspended. Raises NotAllowed, IllegalMove, ReasonFirst, as do the others."""
    return _move(credential, State.SUSPENDED, reason, by)


def restore(*, credential: Credential, reason: str, by: Person) -> Credential:
    """Suspended → issued."""
    return _move(credential, State.ISSUED, reason, by)


def revoke(*, credential: Credential, reason: str) -> Credential:
    """Issued or suspended → revoked, by the operator at the command line, who stands outside; others ask."""
    return _move(credential, State.REVOKED, reason, None, MOVES_OF_TWO)


def ask_revocation(*, credential: Credential, reason: str, by: Person) -> RevocationRequest:
    """Ask that a certificate be revoked; another person confirms. Raises NotAllowed, IllegalMove, NeedsReason,
    AlreadyAsked, as does the other.
    """
    return _ask(credential, State.REVOKED, reason, by)


def ask_lifting(*, credential: Credential, reason: str, by: Person) -> RevocationRequest:
    """Ask that a revocation found wrong be lifted; another person confirms."""
    return _ask(credential, State.ISSUED, reason, by)


@transaction.atomic
def confirm(*, request: RevocationRequest, by: Person) -> Credential:
    """Do what another person asked. Raises NotAllowed, TwoEyes, AskerLeft, NotIndependent, IllegalMove."""
    _gate(request.credential, by)
    decided = two_people.decide(request=request, to=Asked.CONFIRMED, by=by)
    return _move(decided.credential, State(decided.to), decided.reason, by, MOVES_OF_TWO)


@transaction.atomic
def decline(*, request: RevocationRequest, by: Person) -> RevocationRequest:
    """Leave the certificate as it is: the one who asked takes it back, or another declines. Raises NotAllowed."""
    _gate(request.credential, by)
    return two_people.decide(request=request, to=Asked.DECLINED, by=by)


@transaction.atomic
def _ask(credential: Credential, to: Credential.State, reason: str, by: Person) -> RevocationRequest:
    locked = _locked(credential)
    _gate(locked, by)
    check_move(MOVES_OF_TWO, now=State(locked.state), to=to)
    return two_people.ask(request=RevocationRequest(credential=locked, to=to, reason=reason), by=by)


def _gate(credential: Credential, by: Person | None) -> None:
    if by is not None and not may(by, May.REVOKE, credential.unit):
        raise NotAllowed


def _locked(credential: Credential) -> Credential:
    rows = Credential.objects.select_for_update(of=("self",)).select_related("unit", "edition", "key")
    return rows.get(pk=credential.pk)


@transaction.atomic
def _move(
    credential: Credential, to: Credential.State, reason: str, by: Person | None, moves: Moves = MOVES
) -> Credential:
    locked = _locked(credential)
    _gate(locked, by)
    before = State(locked.state)
    check_move(moves, now=before, to=to)
    reason = reason.strip()[:300]
    if not reason:
        raise ReasonFirst(field="reason")
    locked.state, locked.ended_reason = to, reason
    locked.ended_at = None if to == State.ISSUED else timezone.now()
    locked.save(update_fields=["state", "ended_reason", "ended_at"])
    entry = journal.write("credential.moved", locked, by=by, before=before, after=to, reason=reason)
    if before == State.REVOKED:
        emit(RevocationLifted(credential_id=str(locked.pk)))
    if locked.holder is not None:
        notices.tell(
            about=f"journal:{entry.number}",
            people=[locked.holder],
            subject=_("Về một chứng nhận của bạn"),
            text=NEWS[to],
            title=locked.edition.content["title"],
            reason=reason,
            unit=locked.unit,
        )
    return locked


@transaction.atomic
def choose_name(*, credential: Credential, show: bool, by: Person) -> None:
    """The holder chooses whether the public page shows the name: showing it is consent, hiding the last withdraws it.

    Raises NotAllowed.
    """
    if credential.holder_id != by.pk:
        raise NotAllowed
    if show and not has_consented(by, Purpose.PUBLIC_NAME):
        hide_names(person_id=str(by.pk))  # what was withdrawn before ends now: its event may still be on its way
    credential.show_name = show
    credential.save(update_fields=["show_name"])
    shown = Credential.objects.filter(holder=by, show_name=True)
    if show or not shown.exists():
        said = Said.GIVEN if show else Said.WITHDRAWN
        consents.answer(person=by, purpose=Purpose.PUBLIC_NAME, said=said, evidence=f"credential:{credential.pk}")


def hide_names(*, person_id: str) -> None:
    """Show the holder's name on none of the person's certificates."""
    Credential.objects.filter(holder__pk=person_id).update(show_name=False)


def forget_holder(*, person_id: str) -> None:
    """Anonymise the credentials of an erased person: they stay checkable, without a name."""
    Credential.objects.filter(holder__pk=person_id).update(holder=None, holder_name="", show_name=False)


def status_list(purpose: str) -> dict[str, Any]:
    """The signed status list of a purpose; makes the first signing key if there is none yet."""
    return documents.status_list(purpose, current_key())
