"""Verbs: issue, suspend, revoke, restore, rotate the key, choose what is shown."""

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
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from . import documents
from .documents import credential_document, method_of
from .events import CredentialIssued
from .models import Credential, IssuerKey
from .rules import with_proof

State = Credential.State
MOVES: dict[Credential.State, set[Credential.State]] = {
    State.ISSUED: {State.SUSPENDED, State.REVOKED},
    State.SUSPENDED: {State.ISSUED, State.REVOKED},
    State.REVOKED: set(),
}


class NotPassed(Refusal):
    """A credential needs a passed final test."""

    code = "not-passed"
    says = _("Cần đạt bài kiểm tra cuối trước khi nhận chứng nhận.")


class NameFirst(Refusal):
    """A certificate needs the name that will stand on it."""

    code = "name-first"
    says = _("Hãy ghi họ tên như bạn muốn in trên chứng nhận.")


class ReasonFirst(Refusal):
    """Nothing is suspended, restored or revoked without a reason."""

    code = "reason-first"
    says = _("Hãy ghi lý do.")


@transaction.atomic
def issue(*, attempt: Attempt, holder_name: str = "") -> Credential:
    """Sign a credential for a passed final test; a second call returns the first one. Raises NotPassed, NameFirst."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("person", "edition__programme")
    attempt = rows.get(pk=attempt.pk)
    result = attempt.result or {}
    if attempt.kind != Attempt.Kind.FINAL or not result.get("passed"):
        raise NotPassed
    found = Credential.objects.filter(attempt=attempt).first()
    if found:
        return found
    name = clean(holder_name or attempt.person.name)
    if not name:
        raise NameFirst(field="name")
    key = current_key()
    credential = Credential(
        holder=attempt.person,
        edition=attempt.edition,
        unit_id=attempt.edition.programme.owner_id,
        attempt=attempt,
        holder_name=name,
        tier=result["tier"],
        key=key,
        status_index=(Credential.objects.aggregate(last=Max("status_index"))["last"] or 0) + 1,
        issued_at=timezone.now().replace(microsecond=0),
    )
    credential.signed = with_proof(
        credential_document(credential, attempt),
        method=method_of(key),
        at=credential.issued_at,
        sign=lambda data: signing.sign(key.sealed, data),
    )
    credential.save(force_insert=True)
    journal.write("credential.issued", credential, by=attempt.person, key=key.public)
    emit(CredentialIssued(credential_id=str(credential.pk)))
    return credential


@transaction.atomic
def current_key() -> IssuerKey:
    """The key that signs now, made at first use; its row is locked, so issuing is one at a time."""
    key = IssuerKey.objects.select_for_update().filter(retired_at=None).first()
    return key or _new_key()


@transaction.atomic
def rotate_key(*, compromised: bool = False) -> IssuerKey:
    """Retire the signing key and make a new one. `compromised`: what the old key signed is no longer trusted.

    For the operator at the command line only: it concerns what every unit issued.
    """
    old = current_key()
    old.retired_at = timezone.now()
    old.compromised_at = old.retired_at if compromised else None
    old.save(update_fields=["retired_at", "compromised_at"])
    journal.write("issuer-key.retired", old, compromised=compromised)
    return _new_key()


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


def revoke(*, credential: Credential, reason: str, by: Person | None) -> Credential:
    """Issued or suspended → revoked, for good."""
    return _move(credential, State.REVOKED, reason, by)


@transaction.atomic
def _move(credential: Credential, to: Credential.State, reason: str, by: Person | None) -> Credential:
    locked = Credential.objects.select_for_update(of=("self",)).select_related("unit").get(pk=credential.pk)
    if by is not None and not may(by, May.REVOKE, locked.unit):
        raise NotAllowed
    before = State(locked.state)
    check_move(MOVES, now=before, to=to)
    reason = reason.strip()[:300]
    if not reason:
        raise ReasonFirst(field="reason")
    locked.state, locked.ended_reason = to, reason
    locked.ended_at = None if to == State.ISSUED else timezone.now()
    locked.save(update_fields=["state", "ended_reason", "ended_at"])
    journal.write("credential.moved", locked, by=by, before=before, after=to, reason=reason)
    return locked


def choose_name(*, credential: Credential, show: bool, by: Person) -> None:
    """The holder chooses whether the public page shows the name."""
    if credential.holder_id != by.pk:
        raise NotAllowed
    credential.show_name = show
    credential.save(update_fields=["show_name"])


def forget_holder(*, person_id: str) -> None:
    """Anonymise the credentials of an erased person: they stay checkable, without a name."""
    Credential.objects.filter(holder__pk=person_id).update(holder=None, holder_name="", show_name=False)


def status_list(purpose: str) -> dict[str, Any]:
    """The signed status list of a purpose; makes the first signing key if there is none yet."""
    return documents.status_list(purpose, current_key())
