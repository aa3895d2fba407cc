"""What `hocvuso doctor` compares with what it was when it was written: the database's own pages, rows, files, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, update_wrapper
from hashlib import sha256
from itertools import islice

from django.db import connection
from django.db.models import Model

from hocvuso.authoring.models import DraftFile
from hocvuso.base import journal, tally
from hocvuso.base.attachments import path_of
from hocvuso.base.fields import FingerprintField
from hocvuso.base.models import Attachment
from hocvuso.base.words import name_of, word_of
from hocvuso.records import queries as records
from hocvuso.records.models import Statement
from hocvuso.web.kit import finished

type Finding = tuple[str, str]
NEWEST = 100_000  # rows of a kind that are looked at every time; all of them with --full
NEWEST_BYTES = 500 * 1024 * 1024  # of files, likewise
MOST_TOLD = 20  # of one kind of trouble, one by one
_COMPARE = "somebody or a disk changed it outside the software: compare with a backup, and keep this state as evidence"


def checks(*, full: bool) -> list[Callable[[], Iterator[Finding]]]:
    """All checks of this file; over everything when `full`, else over what is newest."""
    bounded = [update_wrapper(partial(check, full=full), check) for check in (statements, rows, attachments, drafts)]
    return [damage, chain, *bounded, counts, pages]


def damage() -> Iterator[Finding]:
    """The database's file can be read from end to end."""
    remedy = "stop the site, check the disk, restore the last backup that is whole (hocvuso restore)"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(20)")
            faults = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
        else:
            cursor.execute("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
            failed = (cursor.fetchone() or [0])[0]
            faults = [f"{failed} pages failed their checksum"] if failed else []
    for fault in faults:
        yield f"The database is damaged: {fault}", remedy


def chain() -> Iterator[Finding]:
    """The journal's hash chain holds, to the end that is remembered."""
    broken = journal.first_broken()
    if broken is not None:
        yield (
            f"The journal is broken at entry {broken}: somebody changed it outside the software.",
            "compare with a backup; keep this database as evidence",
        )
    if cut := journal.what_is_cut():
        yield f"The journal's end is not what it was: {cut}.", "compare with a backup; keep this database as evidence"


def statements(*, full: bool) -> Iterator[Finding]:
    """What learners did is what came in."""
    for row in islice(records.altered(newest=None if full else NEWEST), MOST_TOLD):
        yield f"The statement {row.pk} of {row.stored_at:%Y-%m-%d} was changed.", _COMPARE


def rows(*, full: bool) -> Iterator[Finding]:
    """Figures, tests and answers are as they were written: every model with a fingerprint."""
    for model in tally.kinds():
        for field in model._meta.concrete_fields:
            if isinstance(field, FingerprintField) and model is not Statement:  # those are read with their content
                yield from islice(_changed(model, field, full), MOST_TOLD)


def _changed(model: type[Model], field: FingerprintField, full: bool) -> Iterator[Finding]:
    found = model._base_manager.order_by("-pk")
    for row in (found if full else found[:NEWEST]).iterator(2000):
        if field.of(row) != getattr(row, field.attname):
            yield f"The {word_of(model)} {row.pk} was changed.", _COMPARE


def counts() -> Iterator[Finding]:
    """As many statements, tests, answers and figures are there as were counted on each day that is closed."""
    for word, what in islice(tally.faults(), MOST_TOLD):
        yield f"Rows of the kind “{word}”: {what}.", _COMPARE


def attachments(*, full: bool) -> Iterator[Finding]:
    """Every file that somebody attached is there with its content; content of the newest, size of all."""
    left = NEWEST_BYTES
    for file in Attachment.objects.order_by("-pk").iterator(2000):
        path = path_of(file.sha256)
        try:
            size = path.stat().st_size
            left -= size
            whole = size == file.size
            if whole and (full or left > 0):
                whole = sha256(path.read_bytes()).hexdigest() == file.sha256
        except OSError:
            whole = False
        if not whole:
            yield (
                f"{name_of(file)} ({file.name}): its file {path} is missing or was changed.",
                f"bring {path} from a backup",
            )


def drafts(*, full: bool) -> Iterator[Finding]:
    """Every picture of a draft that is written is there; with its content when `full`."""
    for file in DraftFile.objects.exclude(sha256="").select_related("draft").iterator(2000):
        path = path_of(file.sha256)
        if not path.is_file() or (full and sha256(path.read_bytes()).hexdigest() != file.sha256):
            yield (
                f"The draft “{file.draft}”: its picture {file.path} ({path}) is missing or was changed.",
                f"bring {path} from a backup",
            )


def pages() -> Iterator[Finding]:
    """Finished pages are those that were published."""
    for address in islice(finished.changed(), MOST_TOLD):
        yield f"The finished page {address} is missing or was changed.", "hocvuso setup writes all pages anew"
