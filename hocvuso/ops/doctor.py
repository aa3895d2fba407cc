"""`hocvuso doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.utils import timezone

from hocvuso.base import marks, master, outbox, signing
from hocvuso.base.events import undelivered
from hocvuso.base.marks import WORK
from hocvuso.base.models import NotTaken, OutboxMessage
from hocvuso.indicators.services import rollup
from hocvuso.interop import services as interop
from hocvuso.jobs import services as jobs
from hocvuso.library import services_speech as speech
from hocvuso.library.citations import UNREAD, cited
from hocvuso.library.models import Edition, LessonSound, PublishingKey
from hocvuso.library.publishing.store import digest
from hocvuso.library.queries import published, speaks
from hocvuso.people.models import RoleGrant
from hocvuso.people.services import codes
from hocvuso.units.models import Place

from . import integrity
from .integrity import MOST_TOLD, Finding
from .periodic import SETUP, WORKS

LEAST_FREE, LEAST_SHARE, ENOUGH_FREE = 500 * 1024 * 1024, 0.05, 10 * 1024**3
STANDS_STILL = timedelta(hours=1)
NAMED_IN_NOTICE = ("HOCVUSO_CONTROLLER", "HOCVUSO_CONTROLLER_CONTACT", "HOCVUSO_DATA_OFFICER")
SAID_OF_US = ("HOCVUSO_CONTROLLER", "HOCVUSO_CONTROLLER_ADDRESS", "HOCVUSO_HOTLINE", "HOCVUSO_SMS_SENDER")
ABOUT = "about page does not say who runs this site, where to ask, what its messages come from"
LOOK_BACK = timedelta(days=7)  # what failed before is old news
_REPORT = "mend what it names; if it names nothing you know, report it with this line"


def examine(*, full: bool = False) -> int:
    """Print every finding with its remedy; 1 if there is any. `full`: old rows and files are read too."""
    unready = list(_made(database))
    checks = WITHOUT_DATABASE if unready else [*integrity.checks(full=full), *CHECKS, *WITHOUT_DATABASE]
    findings = [*unready, *(finding for check in checks for finding in _made(check))]
    for what, remedy in findings:
        print(f"✗ {what}\n  → {remedy}")
    # Not yet public: asked for, and no fault. What lessons cite is for their authors; to speak them takes a while.
    notes = [] if unready else [*([] if settings.SECURE else _unsaid()), *_made(sources), *_made(unspoken)]
    for what, remedy in notes:
        print(f"· {what}\n  → {remedy}")
    if not findings:
        print(f"✓ {len(checks) + 1} checks, nothing wrong")
    return 1 if findings else 0


def _made(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; one that breaks is a finding itself, since whoever asks is in trouble already."""
    try:
        yield from check()
    except Exception as error:  # whatever it is: the other checks are still worth making
        yield f"The check “{check.__name__}” could not be made: {type(error).__name__}: {error}", _REPORT


def database() -> Iterator[Finding]:
    """The database answers, and has every table as this version wants it."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield f"The database does not answer: {error}".strip(), "start it, or put DATABASE_URL right"
        return
    if pending:
        yield "The database is older than the software.", "hocvuso setup"


def secret() -> Iterator[Finding]:
    """The master secret is the one that the database was written with."""
    what, _stop, remedy = master.fault().partition(". ")
    if what:
        yield f"{what}.", remedy


def bundles() -> Iterator[Finding]:
    """Every published bundle is whole and rightly signed."""
    trusted = set(PublishingKey.objects.values_list("public", flat=True))
    for edition in Edition.objects.filter(state=Edition.State.PUBLISHED).select_related("programme"):
        source = settings.CONTENT / edition.programme.key
        again = f"hocvuso publish {source if source.is_dir() else 'FOLDER with the source of ' + edition.programme.key}"
        remedy = f"{again}; or restore {settings.BUNDLES} from a backup"
        for what in _faults_of(edition, trusted):
            yield what, remedy


def _faults_of(edition: Edition, trusted: set[str]) -> Iterator[str]:
    folder = settings.BUNDLES / edition.bundle
    manifest = _content(folder / "manifest.json")
    if manifest is None or digest(manifest) != edition.bundle:
        yield f"The bundle of {edition} is missing or changed."
        return
    if not _is_signed(manifest, _content(folder / "manifest.sig"), trusted):
        yield f"The signature of {edition} is missing or does not hold."
    for name, facts in json.loads(manifest)["files"].items():
        content = _content(folder / name)
        if content is None or digest(content) != facts["sha256"]:
            yield f"{edition}: the file {name} is missing or was changed."


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _is_signed(manifest: bytes, line: bytes | None, trusted: set[str]) -> bool:
    """Whether the line beside the manifest, `public key, signature`, is of a key of this site and holds."""
    public, _space, signature = (line or b"").decode("ascii", "replace").strip().partition(" ")
    try:
        return public in trusted and signing.verify(public, bytes.fromhex(signature), manifest)
    except ValueError:
        return False


def files() -> Iterator[Finding]:
    """Finished pages and static files are there."""
    if not (settings.SITE / "index.html").is_file() or not settings.STATIC_ROOT.is_dir():
        yield "Finished pages or static files are missing.", "hocvuso setup"


def reference() -> Iterator[Finding]:
    """Places are loaded."""
    if not Place.objects.communes().exists():
        yield "No places are loaded.", "hocvuso setup"


def events() -> Iterator[Finding]:
    """No event is stuck: one that a listener did not take, or of a kind that nobody here knows any more."""
    stuck = undelivered()
    if count := stuck.count():
        yield f"{count} events could not be delivered.", "see the log, then: hocvuso setup"
    for row in stuck[:MOST_TOLD]:
        fault = row.last_error or "nobody knows this kind; it is kept"
        yield f"{row.kind} of {row.at:%Y-%m-%d %H:%M}, tried {row.tries} times: {fault}", "see above"


def works() -> Iterator[Finding]:
    """What is periodic was done lately, each part of it."""
    now, known = timezone.now(), marks.beginning(WORK)
    longest = max(STANDS_STILL, timedelta(minutes=3 * settings.ENV["HOCVUSO_TEND_MINUTES"]))
    for name in WORKS:
        ran = known[name].data if name in known else {}
        since = ran.get("ok") or marks.read(SETUP).get("at")
        if since and now - datetime.fromisoformat(since) > longest:
            what = f"was last done at {since[:16]}" if ran.get("ok") else "was never done"
            why = f": {ran['error']}" if ran.get("error") else ""
            remedy = (
                "see the log of hocvuso periodic" if ran else "hocvuso serve or a timer has to run hocvuso periodic"
            )
            yield f"The periodic work “{name}” {what}{why}.", remedy


def messages() -> Iterator[Finding]:
    """Nothing that should leave the house is stuck."""
    stuck = outbox.unsent().filter(queued_at__gte=timezone.now() - LOOK_BACK)
    for word, state, count in stuck.order_by("source", "state").values_list("source", "state").annotate(Count("pk")):
        what = "could not be sent" if state == OutboxMessage.State.FAILED else "were not taken yet and are tried again"
        yield (
            f"{count} messages ({word}) {what}.",
            "mend the gateway or receiver named below",
        )
    for row in stuck.order_by("-queued_at")[:MOST_TOLD]:
        fault = row.error or "no room of this version writes such messages; they are kept"
        yield f"{row.source} {row.pk} to {row.receiver}, tried {row.tries} times: {fault}", "see above"


def budget() -> Iterator[Finding]:
    """The messages of the day that strangers may set off are enough."""
    most, sent = settings.ENV["HOCVUSO_SMS_A_DAY"], codes.spent_today()
    if most is None or sent < most * (1 - codes.RESERVE):
        return
    what = f"{sent} of {most} SMS with codes for today are sent; "
    what += "no more go out." if sent >= most else "the rest is for browsers that signed in before."
    yield what, "look who asks for so many codes; or raise HOCVUSO_SMS_A_DAY"


def rows_not_taken() -> Iterator[Finding]:
    """No batch had to leave a row aside."""
    found = NotTaken.objects.order_by("batch").values_list("batch").annotate(n=Count("pk"), since=Min("created_at"))
    for word, count, since in found:
        last = NotTaken.objects.filter(batch=word).order_by("-last_at").values_list("thing", "why").first()
        thing, why = last or ("", "")
        yield (
            f"{count} rows of “{word}” were not taken, the oldest since {since:%Y-%m-%d %H:%M}; {thing}: {why[:120]}",
            "see /dieu-hanh/chua-xu-ly/, mend the rows, and try again there",
        )


def responsible() -> Iterator[Finding]:
    """The notice says who answers for personal data, and the about page who runs the site."""
    if not settings.DEBUG and settings.SECURE:
        yield from _unsaid()


def _unsaid() -> Iterator[Finding]:
    for page, names in (("privacy notice does not say who answers for the data", NAMED_IN_NOTICE), (ABOUT, SAID_OF_US)):
        if missing := [name for name in names if not settings.ENV[name]]:
            yield f"The {page}: {', '.join(missing)}", "set them"


def sources() -> Iterator[Finding]:
    """What published lessons cite was read again within a year, at an address and of a text that still stand."""
    doubted = [
        one for one in cited(published(), on=timezone.localdate()) if {kind for kind, _ in one.doubts} - {UNREAD}
    ]
    for one in doubted[:MOST_TOLD]:
        why = "; ".join(words for kind, words in one.doubts if kind != UNREAD)
        yield (
            f"{one.programme.key}: the source “{one.title}”: {why}",
            "its authors read it again, or mend the lesson: /bien-soan/nguon/",
        )


def sounds() -> Iterator[Finding]:
    """The files of spoken lessons are those that were made."""
    if not speaks():
        return
    shown = LessonSound.objects.filter(lesson__listed=True).select_related("lesson")
    broken = [one for one in shown if not speech.is_whole(one)]
    for sound in broken[:MOST_TOLD]:
        yield (
            f"The sound of {sound.lesson.address} is missing or was changed.",
            "hocvuso setup asks for it anew; hocvuso serve or hocvuso work then makes it",
        )


def unspoken() -> Iterator[Finding]:
    """Published lessons have their sound."""
    for programme in published():
        if count := len(speech.lacks(programme.published_edition)):
            yield (
                f"{programme.key}: {count} lessons are not spoken yet.",
                "hocvuso serve makes their sound in the background; at once: hocvuso setup, then hocvuso work",
            )


def long_work() -> Iterator[Finding]:
    """No job stands still, and none broke lately."""
    now = timezone.now()
    for job in jobs.standing(now)[:MOST_TOLD]:
        yield (
            f"The job {job.kind} {job.pk} of {job.created_at:%Y-%m-%d %H:%M} stands still ({job.state}).",
            "hocvuso serve or a timer with hocvuso periodic has to run; or do it now: hocvuso work",
        )
    for job in jobs.broken(now - LOOK_BACK)[:MOST_TOLD]:
        yield f"The job {job.kind} {job.pk} of {job.created_at:%Y-%m-%d %H:%M} failed: {job.error}", _REPORT


def measures() -> Iterator[Finding]:
    """Every measure could be counted when it was last rolled up."""
    for name, fault in rollup.faults().items():
        yield (
            f"The measure {name} is not counted: {fault}",
            "see the log, then: hocvuso manage roll_up --measure " + name,
        )


def leaders() -> Iterator[Finding]:
    """Somebody can give roles."""
    if not RoleGrant.objects.filter(role__in=["leader", "operator"], ends_at=None).exists() and not settings.DEBUG:
        yield "Nobody can give roles yet.", "hocvuso grant PHONE operator BGDDT"


def programs() -> Iterator[Finding]:
    """Nobody who lost the right to it has a secret of the API that works."""
    for client, role in interop.orphans():
        yield (
            f"The API client “{client.name}” at {role.unit.code} was made by somebody who lost the right to make it.",
            f"hocvuso client create --unit {role.unit.code} … for a new secret, then: hocvuso client end {client.pk}",
        )


def disk() -> Iterator[Finding]:
    """There is room to write: 500 MB, and a twentieth of the disk unless that is more than anybody needs."""
    room = shutil.disk_usage(settings.DATA)
    if room.free < LEAST_FREE:
        yield "Less than 500 MB is free where data are written.", f"make room at {settings.DATA}"
    elif room.free < min(LEAST_SHARE * room.total, ENOUGH_FREE):
        left = f"{room.free >> 20} MB, {100 * room.free // room.total} %"
        yield f"The disk where data are written is about to fill: {left} free.", f"make room at {settings.DATA}"


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    bundles,
    sounds,
    reference,
    events,
    works,
    messages,
    budget,
    rows_not_taken,
    long_work,
    measures,
    leaders,
    programs,
]
WITHOUT_DATABASE: list[Callable[[], Iterator[Finding]]] = [secret, files, disk, responsible]
