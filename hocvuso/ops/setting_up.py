"""From nothing to a usable site; run again after every upgrade."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from hocvuso.base import marks, master, tally
from hocvuso.base.errors import Refusal
from hocvuso.base.events import deliver_pending
from hocvuso.indicators import services as indicators
from hocvuso.indices import services as indices
from hocvuso.library import services as library
from hocvuso.library import services_speech as speech
from hocvuso.library.publishing.store import write_compressed
from hocvuso.library.source.reader import SourceError
from hocvuso.plans.services import linking, planning
from hocvuso.privacy import keeping
from hocvuso.reminders.services import reminding as urging
from hocvuso.skills import services as skills
from hocvuso.units import services as units
from hocvuso.units.models import Unit
from hocvuso.web.learn.lessons import publishing as lesson_pages
from hocvuso.web.public.catalogue import publishing as public_pages

from . import secret
from .periodic import SETUP

MINISTRY = "BGDDT"  # its code in data/units.csv: the starter programmes are its own


def setup(*, content: bool = True) -> int:
    """Bring database, translations, static files, reference data and starter programmes up to date."""
    failed = 0
    if why := master.fault():
        raise SystemExit(why)
    _step("database", make_tables)
    _step("secret", secret.settle)
    _step("counts", lambda: tally.begin(timezone.now()))
    _step("translations", compile_translations)
    _step("static files", collect_static)
    _step("reference data", load_reference)
    _step("urging rules", urging.load_default_rules)
    if content:
        ministry = Unit.objects.get(code=MINISTRY)
        for folder in sorted(p.parent for p in settings.CONTENT.glob("*/programme.yaml")):
            failed += _publish(folder, ministry)
    _step("pages", render_pages)
    _step("events", lambda: deliver_pending(waiting=True))
    _step("cleanup", keeping.run)
    _step("figures", indicators.roll_up)
    _step("lessons to speak", speech.ask)
    marks.write(SETUP, at=timezone.now().isoformat())
    return 1 if failed else 0


def _step(name: str, work: Callable[[], object]) -> None:
    print(f"  {name} …", end=" ", flush=True)
    result = work()
    print(result if isinstance(result, int) else "ok", flush=True)


def make_tables() -> None:
    """Tables as the models are. An empty database gets them at once: migration by migration takes seconds longer."""
    if not connection.introspection.table_names():
        known: type[Model] = MigrationRecorder.Migration
        with connection.schema_editor() as editor:  # all of them or none
            for model in (known, *apps.get_models()):
                editor.create_model(model)
            for app, name in MigrationLoader(None).disk_migrations:
                known._base_manager.create(app=app, name=name)
    call_command("migrate", verbosity=0)


def compile_translations() -> int:
    """`.po` → `.mo`, without needing gettext on the machine."""
    files = list((settings.ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    for path in files:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(files)


def collect_static() -> None:
    """Collect static files under hashed names, each text with its Brotli form beside it."""
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    for path in settings.STATIC_ROOT.rglob("*"):
        if path.is_file() and path.suffix in (".css", ".js", ".svg"):
            write_compressed(path, path.read_bytes())


def load_reference() -> int:
    """Places, units, frameworks, crosswalks, audiences, indicators from `data/`."""
    data = settings.REFERENCE_DATA
    count = (
        units.load_places(data / "places.csv") + units.load_units(data / "units.csv") + units.open_commune_committees()
    )
    for path in sorted((data / "frameworks").glob("*.yaml")):
        skills.load_framework(_yaml(path))
    for path in sorted((data / "crosswalks").glob("*.yaml")):
        skills.load_crosswalk(_yaml(path))
    count += skills.load_audiences(_yaml(data / "audiences.yaml"))
    for path in sorted((data / "plans").glob("*.yaml")):
        planning.load_plan(_yaml(path))
    count += indicators.load_reference(data) + indices.load_indices(data / "indices")
    return count + linking.load_schemes(_yaml(data / "schemes.yaml"))


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _publish(folder: Path, owner: Unit) -> int:
    try:
        edition = library.publish_folder(folder=folder, unit=owner)
    except library.OwnedElsewhere as error:
        print(f"  {folder.name}: left to its owner: {error}")
        return 0
    except (SourceError, Refusal) as error:
        print(f"  {folder.name}: NOT published\n{error}")
        return 1
    print(f"  {folder.name}: edition {edition.number}, {len(edition.content['lessons'])} lessons")
    return 0


def render_pages() -> int:
    """All finished pages, by the shell of this version."""
    public_pages.render_all()
    return lesson_pages.render_all()
