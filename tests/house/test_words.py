"""What is stored names things by their words: code may move to another room, under another label, and finds it all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from django.apps import apps

from hocvuso.base import events
from hocvuso.base.words import word_of

ROOT = Path(__file__).parents[2]
SHAPE = re.compile(r"[a-z]+(-[a-z]+)*")
# Settings of a scratch project: tables are made from the models as they stand, so that no migration knows where.
SETTINGS = """
from hocvuso.settings import *
class Nowhere(dict):
    __contains__ = lambda self, label: True
    __getitem__ = lambda self, label: None
MIGRATION_MODULES = Nowhere()
"""
MOVED = """
INSTALLED_APPS = [f"{app}_elsewhere" if app.removeprefix("hocvuso.") in {moved} else app for app in INSTALLED_APPS]
AUTH_USER_MODEL = "people_elsewhere.Person"
"""
WRITE = """
from django.core.management import call_command
from django.db import transaction
from hocvuso.base import attachments, events, journal
from hocvuso.people.events import PersonErased
from hocvuso.documents import services as documents
from hocvuso.plans.models import Plan
from hocvuso.reminders.models import ReminderPreference
from tests import world
call_command("migrate", run_syncdb=True, verbosity=0)
cast = world.cast()
plan = Plan.objects.create(unit=cast.here, title="Kế hoạch")
journal.write("plan.started", plan, by=cast.lan)
attachments.attach(subject=plan, name="a.pdf", content=b"%PDF-1", by=cast.lan)
documents.draft(unit=cast.here, kind="KH", title="Kế hoạch", by=cast.lan, subject=plan)
ReminderPreference.objects.create(person=cast.hoa)
events._deliver = lambda row: False  # the process ends before it comes to that
with transaction.atomic():
    events.emit(PersonErased(str(cast.hoa.pk)))
"""
READ = """
from django.apps import apps
from django.db import connection
from hocvuso.base import attachments, events, journal
from hocvuso.base.models import JournalEntry, PendingEvent
from hocvuso.base.words import model_of, name_of, thing_of
with connection.schema_editor() as editor:
    for model in apps.get_models(include_auto_created=True):
        there = model._meta.db_table
        if "_elsewhere" in there:
            editor.alter_db_table(model, there.replace("_elsewhere", ""), there)
Plan, Document, Wish = map(model_of, ("plan", "official-document", "reminder-preference"))
assert Plan._meta.label == "plans_elsewhere.Plan" and Plan.__module__.startswith("hocvuso.plans_elsewhere")
plan = Plan.objects.get()
assert journal.first_broken() is None
assert thing_of(JournalEntry.objects.get(act="plan.started").subject) == plan
assert [file.name for file in attachments.attached_to(plan)] == ["a.pdf"]
assert thing_of(Document.objects.get(subject=name_of(plan)).subject) == plan
assert PendingEvent.objects.count() == Wish.objects.count() == 1
assert events.deliver_pending(waiting=True) == 1
assert not PendingEvent.objects.exists() and not Wish.objects.exists()
"""


def ours():
    return [model for model in apps.get_models() if model.__module__.startswith("hocvuso.")]


def test_every_model_has_a_word_of_its_own():
    words = [word_of(model) for model in ours()]
    assert [word for word in words if words.count(word) > 1 or not SHAPE.fullmatch(word)] == []


def test_every_event_and_listener_has_a_word_of_its_own():
    for word, kind in events._kinds.items():
        assert re.fullmatch(r"[a-z-]+\.[a-z-]+", word), kind
    for listeners in events._listeners.values():
        assert all(SHAPE.fullmatch(word) for word in listeners), listeners


def moved_project(to):
    """A copy of the package in which every room with models but `base` has another name, path and label."""
    shutil.copytree(ROOT / "hocvuso", to / "hocvuso", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    rooms = {model._meta.app_label for model in ours()} - {"base"}
    named = re.compile(rf"\bhocvuso\.({'|'.join(rooms)})\b")
    for path in (to / "hocvuso").rglob("*.py"):
        text = path.read_text("utf-8")
        path.write_text(named.sub(r"hocvuso.\1_elsewhere", text), "utf-8")
    for room in rooms:
        (to / "hocvuso" / room).rename(to / "hocvuso" / f"{room}_elsewhere")
    return rooms


def run(script, folder, *path):
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (folder, *path))),
        "DJANGO_SETTINGS_MODULE": "scratch",
        "DATABASE_URL": "",
        "HOCVUSO_DATA": str(folder.parent / "var"),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_moved_code_finds_all_that_was_stored(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    (before / "scratch.py").write_text(SETTINGS)
    run(WRITE, before, ROOT)
    moved = moved_project(after)
    (after / "scratch.py").write_text(SETTINGS + MOVED.replace("{moved}", repr(moved)))
    run(READ, after)
