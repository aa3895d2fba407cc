"""`hocvuso doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hocvuso.base import journal, signing
from hocvuso.base.models import PendingNews
from hocvuso.library.models import Edition, PublishingKey
from hocvuso.library.publishing.store import digest
from hocvuso.people.models import RoleGrant
from hocvuso.units.models import Place

LEAST_FREE = 500 * 1024 * 1024
Finding = tuple[str, str]


def examine() -> int:
    """Print every finding with its remedy; 1 if there is any."""
    findings = [finding for check in CHECKS for finding in check()]
    for what, remedy in findings:
        print(f"✗ {what}\n  → {remedy}")
    if not findings:
        print(f"✓ {len(CHECKS)} checks, nothing wrong")
    return 1 if findings else 0


def migrations() -> Iterator[Finding]:
    """The database has every table as this version wants it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is older than the software.", "hocvuso setup"


def chain() -> Iterator[Finding]:
    """The journal's hash chain holds."""
    broken = journal.first_broken()
    if broken is not None:
        yield (
            f"The journal is broken at entry {broken}: somebody changed it outside the software.",
            ("compare with a backup; keep this database as evidence"),
        )


def bundles() -> Iterator[Finding]:
    """Every published bundle is whole and rightly signed."""
    trusted = set(PublishingKey.objects.values_list("public", flat=True))
    for edition in Edition.objects.filter(state=Edition.State.PUBLISHED).select_related("programme"):
        folder = settings.BUNDLES / edition.bundle
        remedy = "restore HOCVUSO_DATA/bundles from a backup, or: hocvuso publish content/" + edition.programme.key
        manifest = folder / "manifest.json"
        if not manifest.is_file() or digest(manifest.read_bytes()) != edition.bundle:
            yield f"The bundle of {edition} is missing or changed.", remedy
            continue
        public, _space, signature = (folder / "manifest.sig").read_text().strip().partition(" ")
        if public not in trusted or not signing.verify(public, bytes.fromhex(signature), manifest.read_bytes()):
            yield f"The signature of {edition} does not hold.", remedy
        for name, facts in json.loads(manifest.read_bytes())["files"].items():
            if digest((folder / name).read_bytes()) != facts["sha256"]:
                yield f"{edition}: the file {name} was changed.", remedy


def pages() -> Iterator[Finding]:
    """Finished pages and static files are there."""
    if not (settings.SITE / "index.html").is_file() or not settings.STATIC_ROOT.is_dir():
        yield "Finished pages or static files are missing.", "hocvuso setup"


def reference() -> Iterator[Finding]:
    """Places are loaded."""
    if not Place.objects.communes().exists():
        yield "No places are loaded.", "hocvuso setup"


def news() -> Iterator[Finding]:
    """No news is stuck."""
    stuck = PendingNews.objects.filter(tries__gt=0).count()
    if stuck:
        yield f"{stuck} pieces of news could not be delivered.", "see the log, then: hocvuso setup"


def leaders() -> Iterator[Finding]:
    """Somebody can give roles."""
    if not RoleGrant.objects.filter(role__in=["leader", "operator"], ends_at=None).exists() and not settings.DEBUG:
        yield "Nobody can give roles yet.", "hocvuso grant PHONE operator BGDDT"


def disk() -> Iterator[Finding]:
    """There is room to write."""
    if shutil.disk_usage(settings.DATA).free < LEAST_FREE:
        yield "Less than 500 MB is free where data are written.", f"make room at {settings.DATA}"


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    migrations, chain, bundles, pages, reference, news, leaders, disk,
]  # fmt: skip
