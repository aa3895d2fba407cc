"""`hocvuso rotate-secret`: everything that is sealed under the master secret, sealed anew under another."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils import timezone

from hocvuso.base import journal, master, tally
from hocvuso.base.files import sync
from hocvuso.base.models import DoneOnce, Mark, Tries
from hocvuso.base.secrets import KEY_FILE, decrypt, encrypt, keep, long_enough
from hocvuso.base.words import name_of
from hocvuso.credentials.models import IssuerKey
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.interop.models import Webhook
from hocvuso.library.models import PublishingKey
from hocvuso.people.models import Guardianship, Identifier, OneTimeCode, Person, RoleOffer
from hocvuso.people.queries import lookup_of
from hocvuso.reminders.models import PushDevice, PushKey

from . import in_use

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column of sealed texts, and the purpose they are sealed for."""

    model: type[Model]
    column: str
    purpose: str


SEALED = [
    Sealed(Identifier, "sealed", "identifier"),
    Sealed(RoleOffer, "sealed", "identifier"),
    Sealed(Guardianship, "guardian_sealed", "identifier"),
    Sealed(Guardianship, "token_sealed", "guardian-link"),
    Sealed(Person, "totp_sealed", "totp"),
    Sealed(ResidentRequest, "contact_sealed", "request-contact"),
    Sealed(Webhook, "sealed", "webhook"),
    Sealed(IssuerKey, "sealed", "signing-key"),
    Sealed(PublishingKey, "sealed", "signing-key"),
    Sealed(PushDevice, "sealed", "push-device"),
    Sealed(PushKey, "sealed", "push-key"),
]
LOOKED_UP: list[type[Model]] = [Identifier, RoleOffer]  # found by a keyed hash of what is sealed
# Kept as hashes only, or for a day: they go, and people ask for a new code.
SHORT_LIVED: list[type[Model]] = [OneTimeCode, Tries, DoneOnce]


class CannotOpen(Exception):
    """A sealed text does not open with the secret that there is; says which."""


def rotate(to: Path | None) -> int:
    """Change the master secret: to the one in the file `to`, else to a new one. All or nothing; again goes on."""
    if settings.ENV["HOCVUSO_SECRET"] and to is None:
        print("HOCVUSO_SECRET is set: write the new secret to a file, and name it with --to FILE.")
        return 1
    try:
        with in_use.alone(moving=False):
            return _rotate(to)
    except (in_use.InUse, CannotOpen, DatabaseError) as error:
        print(f"{error} Nothing was changed.")
        return 1


def _rotate(to: Path | None) -> int:
    if why := master.broken_off():
        print(why)
        return 1
    if not _is_half_done():  # else the database has changed already: only the file is left
        if master.kept_check() != master.check_value():
            print(master.fault() or "There is nothing sealed here yet. Run: hocvuso setup")
            return 1
        print(f"{_seal_anew(_coming(to))} values sealed anew.")
    _change_file()
    print("Everybody signs in anew. Make a backup now: those before need the secret of then.")
    return 0


def _is_half_done() -> bool:
    coming = settings.DATA / master.NEXT_KEY_FILE
    return coming.exists() and master.check_value(coming.read_text().strip()) == master.kept_check()


def _coming(to: Path | None) -> str:
    """The secret that shall be, kept before anything is sealed with it."""
    path = settings.DATA / master.NEXT_KEY_FILE
    new = secrets.token_urlsafe(48) if to is None else long_enough(to.read_text().strip(), str(to))
    path.unlink(missing_ok=True)  # of a try that changed nothing
    if not settings.ENV["HOCVUSO_SECRET"]:
        keep(new, path)
    return new


@transaction.atomic
def _seal_anew(new: str) -> int:
    journal.write("master-secret.changed", Mark)
    count = 0
    for sealed in SEALED:
        for rows in _batches(sealed):
            columns = [sealed.column, "lookup"] if sealed.model in LOOKED_UP else [sealed.column]
            for row in rows:
                _turn(row, sealed, new)
            sealed.model._base_manager.bulk_update(rows, columns)
            count += len(rows)
    for model in SHORT_LIVED:
        model._base_manager.all().delete()
    journal.reseal_end(master=new)
    tally.reseal(master=new)
    master.keep_check(new)
    return count


def _turn(row: Any, sealed: Sealed, new: str) -> None:
    clear = opened(row, sealed)
    setattr(row, sealed.column, encrypt(clear, purpose=sealed.purpose, master=new))
    if sealed.model in LOOKED_UP:
        row.lookup = lookup_of(row.kind, clear, master=new)


def opened(row: Any, sealed: Sealed) -> str:
    """The clear text of a row. Raises CannotOpen."""
    try:
        return decrypt(getattr(row, sealed.column), purpose=sealed.purpose)
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{name_of(row)} ({sealed.column}) does not open with this master secret.") from None


def _batches(sealed: Sealed) -> Iterator[list[Any]]:
    """The rows that hold something sealed, some at a time, by key: a row that was changed does not come again."""
    rows = sealed.model._base_manager.exclude(**{sealed.column: ""}).order_by("pk")
    found = list(rows[:BATCH])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1].pk)[:BATCH])


def _change_file() -> None:
    """The new secret takes its place; the old one stays beside it, for the backups that were made with it."""
    coming, path = settings.DATA / master.NEXT_KEY_FILE, settings.DATA / KEY_FILE
    if not coming.exists():
        print("Set HOCVUSO_SECRET to the new secret before anything is started; keep the old one with old backups.")
        return
    if path.exists():
        old = path.with_name(f"{KEY_FILE}.until-{timezone.now():%Y%m%dT%H%M%S}")
        os.link(path, old)
        print(f"The old secret is kept in {old}.")
    os.replace(coming, path)
    sync(path.parent)


@transaction.atomic
def settle() -> None:
    """Keep the secret at the first set-up, and begin the journal. Raises SystemExit when people are here already whom
    it does not open.
    """
    if not master.kept_check() and not _open_some():
        journal.write("site.set-up", Mark)  # before the site knows its secret: from then on the end must be there
    master.settle()


def _open_some() -> bool:
    """Whether something sealed is here already; one of each kind is opened. Raises SystemExit."""
    found = False
    try:
        for sealed in SEALED:
            for row in sealed.model._base_manager.exclude(**{sealed.column: ""})[:1]:
                opened(row, sealed)
                found = True
    except CannotOpen as error:
        raise SystemExit(
            f"{error} Bring the right one back: set HOCVUSO_SECRET, or take {KEY_FILE} from a backup. "
            "No new one is made."
        ) from None
    return found
