"""Passkeys (WebAuthn Level 2) and the second factor by authenticator app (TOTP, RFC 6238)."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import pyotp
import webauthn
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hocvuso.base import journal, throttle
from hocvuso.base.errors import Refusal, TooMany
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.base.text import clean, digits

from ..models import Passkey, Person, new_salt
from ..queries import label_of
from . import notices
from .signin import WrongCode

_TOTP = "totp"
_CHALLENGE = "passkey-challenge"
CHALLENGE_MINUTES = 10
MAX_PASSKEYS = 10


class BadPasskey(Refusal):
    """The answer of the device does not hold."""

    code = "bad-passkey"
    says = _("Khoá truy cập này không được chấp nhận. Hãy thử lại, hoặc đăng nhập bằng cách khác.")


def _site() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def passkey_options(person: Person) -> tuple[str, str]:
    """(options as JSON for the browser, sealed challenge to keep in the session) for adding a passkey."""
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name="Học vụ số",
        user_id=person.pk.bytes,
        user_name=label_of(person),
        user_display_name=label_of(person),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(base64url_to_bytes(p.credential_id)) for p in person.passkeys.all()
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options), _dated(options.challenge)


def add_passkey(*, person: Person, answer: dict[str, Any], challenge: str, label: str) -> Passkey:
    """Store a new passkey after checking the device's answer. Raises BadPasskey."""
    if person.passkeys.count() >= MAX_PASSKEYS:
        raise BadPasskey
    expected = _used_up(challenge)
    try:
        checked = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=expected,
            expected_rp_id=_site(),
            expected_origin=settings.BASE_URL,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey from error
    with transaction.atomic():
        passkey = Passkey.objects.create(
            person=person,
            credential_id=bytes_to_base64url(checked.credential_id),
            public_key=bytes_to_base64url(checked.credential_public_key),
            sign_count=checked.sign_count,
            label=clean(label)[:80] or "Passkey",
        )
        journal.write("passkey.added", passkey, by=person)
        _changed(person, notices.Change.PASSKEY)
    return passkey


@transaction.atomic
def remove_passkey(*, person: Person, passkey: Passkey) -> None:
    """Remove one of one's own passkeys."""
    journal.write("passkey.removed", passkey, by=person)
    passkey.delete()
    _changed(person, notices.Change.PASSKEY_GONE)


def _changed(person: Person, what: notices.Change) -> None:
    """Sessions begun before a change of factors end (the caller keeps its own), and the owner is told."""
    person.session_salt = new_salt()
    person.save(update_fields=["session_salt"])
    notices.tell(person, what)


def signin_options() -> tuple[str, str]:
    """(options as JSON, sealed challenge) for signing in with any passkey of this site."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), _dated(options.challenge)


def person_of_passkey(*, answer: dict[str, Any], challenge: str) -> Person:
    """The person whose passkey signed the challenge; a challenge serves once. Raises BadPasskey."""
    expected = _used_up(challenge)
    with transaction.atomic():
        return _checked_owner(answer, expected)


def _checked_owner(answer: dict[str, Any], expected: bytes) -> Person:
    passkey = (
        Passkey.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(credential_id=clean(str(answer.get("id", ""))), person__is_active=True)
        .first()
    )
    if passkey is None:
        raise BadPasskey
    try:
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=expected,
            expected_rp_id=_site(),
            expected_origin=settings.BASE_URL,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey from error
    passkey.sign_count, passkey.last_used_at = checked.new_sign_count, timezone.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey.person


def _dated(challenge: bytes) -> str:
    """A challenge with its time, sealed: the session lies with the browser, which may send an old one again."""
    return signing.dumps(bytes_to_base64url(challenge), salt=_CHALLENGE)


def _used_up(sealed: str) -> bytes:
    """The challenge, which from now on serves no more. Raises BadPasskey for an old or used one."""
    try:
        challenge = signing.loads(sealed, salt=_CHALLENGE, max_age=CHALLENGE_MINUTES * 60)
        throttle.count(_CHALLENGE, challenge, limit=1, minutes=2 * CHALLENGE_MINUTES)
    except (signing.BadSignature, TooMany) as error:
        raise BadPasskey from error
    return base64url_to_bytes(challenge)


def new_totp_secret() -> str:
    """A fresh shared secret, base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, person: Person) -> str:
    """The `otpauth://` address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=label_of(person), issuer_name="Học vụ số")


def set_totp(*, person: Person, secret: str, code: str) -> None:
    """Turn on the authenticator app after a first right code. Raises WrongCode, TooMany."""
    throttle.count("totp", str(person.pk), limit=10, minutes=10)  # kept when the code is wrong: outside the transaction
    step = _step_of(pyotp.TOTP(secret), digits(code))
    if step is None:
        raise WrongCode(field="code")
    with transaction.atomic():
        person.totp_sealed, person.totp_last = encrypt(secret, purpose=_TOTP), step
        person.save(update_fields=["totp_sealed", "totp_last"])
        journal.write("totp.set", person, by=person)
        _changed(person, notices.Change.APP)


def _step_of(totp: pyotp.TOTP, typed: str, after: int = 0) -> int | None:
    """The step of thirty seconds, now or beside it and later than `after`, of which this is the code."""
    step = int(time.time()) // 30
    fitting = (at for at in (step, step - 1, step + 1) if pyotp.utils.strings_equal(typed, totp.at(at * 30)))
    return next((at for at in fitting if at > after), None)


@transaction.atomic
def forget_factors(*, person: Person) -> None:
    """Somebody lost their devices: no authenticator app, passkeys or sessions; the next sign-in sets one up anew."""
    person.passkeys.all().delete()
    person.totp_sealed, person.session_salt = "", new_salt()
    person.save(update_fields=["totp_sealed", "session_salt"])
    journal.write("factors.forgotten", person)


def check_totp(*, person: Person, code: str) -> None:
    """Check a code of the authenticator app; each code works once. Raises WrongCode, TooMany."""
    throttle.count("totp", str(person.pk), limit=10, minutes=10)
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        totp = pyotp.TOTP(decrypt(row.totp_sealed, purpose=_TOTP)) if row.totp_sealed else None
        if totp and (step := _step_of(totp, digits(code), row.totp_last)):
            Person.objects.filter(pk=row.pk).update(totp_last=step)
            return
    raise WrongCode(field="code")
