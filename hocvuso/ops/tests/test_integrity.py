"""What was changed outside the software is named by the doctor, and on a healthy site it has nothing to say."""

from __future__ import annotations

import os
import sqlite3
import time
import urllib.error
import urllib.request
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings as live
from django.db.models import Count
from django.utils import timezone

from hocvuso.assess.models import Answer, Attempt
from hocvuso.authoring import services as authoring
from hocvuso.authoring.tests.test_drafts import PNG
from hocvuso.base import attachments, marks, tally
from hocvuso.base.fields import FingerprintField
from hocvuso.base.models import JournalEntry
from hocvuso.indicators.models import Indicator, Value
from hocvuso.indicators.services import importing
from hocvuso.library import services as library
from hocvuso.ops import doctor, integrity, periodic
from hocvuso.people.services import profile
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from hocvuso.records.rules import fingerprint
from tests import world

from .installation import Installation

pytestmark = pytest.mark.django_db


MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SPOILT = [lambda file: file.unlink(), lambda file: file.write_bytes(b"%PDF-2"), lambda file: file.write_bytes(b"")]


def findings(*, full=False):
    return [what for check in integrity.checks(full=full) for what, _remedy in doctor._made(check)]


@pytest.fixture
def lived_in(cast, programme, settings, tmp_path):
    """Somebody learned, took a test, declared and imported figures, attached files."""
    settings.DATA = tmp_path
    tally.begin(timezone.now())
    done = world.statement(context={"extensions": {"https://x.vn/far": {"far": 1e22, "list": [1, 2.5, True, None]}}})
    assert records.append(person=cast.hoa, batch=world.batch(done, world.statement())).refused == []
    records.void(statement=Statement.objects.get(pk=done["id"]), reason="nhầm", by=None)
    world.take_final(cast.hoa, programme)
    lop = Indicator.objects.create(key="lop", title="Lớp", kind="declared", minimum=-9, maximum=5000, decimals=1)
    made = importing.plan(rows=[(2, "lop", "SO-1", "2026-01", "1.234,5"), (3, "lop", "SO-2", "2026-01", "0")], by=None)
    importing.apply(made=made, by=None, source="thử")
    Value.objects.create(indicator=lop, unit=cast.school, period="2026-01", value=-0.0, numerator=1, at=timezone.now())
    attachments.attach(subject=cast.here, name="a.pdf", content=b"%PDF-1", by=cast.lan)
    return cast


def test_a_site_that_was_lived_in_gives_nothing_to_say(lived_in):
    assert findings() == findings(full=True) == []


class TestRows:
    @pytest.mark.parametrize(
        ("model", "change", "said"),
        [
            (Statement, {"content": {"id": "x"}}, "The statement "),
            (Statement, {"seconds": 9000}, "The statement "),
            (Statement, {"verb": "passed"}, "The statement "),
            (Statement, {"content_hash": "0" * 32}, "The statement "),
            (Statement, {"person": "binh"}, "The statement "),
            (Statement, {"at": MOMENT}, "The statement "),
            (Statement, {"stored_at": MOMENT}, "The statement "),
            (Attempt, {"result": {"passed": True, "right": 20}}, "The attempt "),
            (Attempt, {"seed": 1}, "The attempt "),
            (Attempt, {"created_at": MOMENT}, "The attempt "),
            (Answer, {"correct": False}, "The answer "),
            (Value, {"value": 99.5}, "The indicator-value "),
            (Value, {"note": "khác"}, "The indicator-value "),
            (Value, {"numerator": 5.0}, "The indicator-value "),
            (Value, {"by": "xuan"}, "The indicator-value "),
            (Value, {"at": MOMENT}, "The indicator-value "),
        ],
    )
    def test_one_that_was_changed_outside_the_software_is_named(self, lived_in, model, change, said):
        row = model.objects.filter(**({"voids": None, "voided_by": None} if model is Statement else {})).first()
        model.objects.filter(pk=row.pk).update(**{n: getattr(lived_in, str(v), v) for n, v in change.items()})
        [what] = findings()
        assert what.startswith(f"{said}{row.pk}") and "was changed" in what

    @pytest.mark.parametrize("change", [{"voids": None}, {"seconds": 9000}, {"person": "binh"}, {"verb": "x"}])
    def test_one_that_takes_another_back_is_compared_too(self, lived_in, change):
        row = Statement.objects.exclude(voids=None).get()
        if "voids" in change:  # it takes back something else
            change = {"voids": Statement.objects.standing().first()}
        Statement.objects.filter(pk=row.pk).update(**{n: getattr(lived_in, str(v), v) for n, v in change.items()})
        [what] = findings()
        assert what.startswith(f"The statement {row.pk}")

    def test_one_that_nobody_can_read_does_not_hide_the_others(self, lived_in):
        rows = Statement.objects.standing()
        strange = {"id": "x"}
        rows.update(content=strange, content_hash=fingerprint(strange))
        for row in rows:
            row.save()
        Statement.objects.exclude(voids=None).update(seconds=1)
        assert len(findings()) == 2

    def test_no_column_is_left_out(self):
        for model in tally.kinds():
            (field,) = (f for f in model._meta.concrete_fields if isinstance(f, FingerprintField))
            left = {f.attname for f in model._meta.concrete_fields} - {*field.sources, field.attname}
            assert left == ({"content"} if model is Statement else {"id"} if model is Value else set()), model

    def test_old_ones_are_read_when_all_are(self, lived_in, monkeypatch):
        monkeypatch.setattr(integrity, "NEWEST", 1)
        oldest = Value.objects.order_by("pk")[0]
        Value.objects.filter(pk=oldest.pk).update(value=3)
        assert findings() == [] and len(findings(full=True)) == 1

    def test_a_correction_by_the_software_is_no_change(self, lived_in):
        row = Value.objects.order_by("pk")[0]
        row.value = 7
        row.save()
        made = importing.plan(rows=[(2, "lop", "SO-1", "2026-01", "8")], by=None)
        importing.apply(made=made, by=None, source="thử")
        assert findings() == []


@pytest.fixture
def counted(lived_in):
    """Two days went by since all of that."""
    for days in (1, 2):
        assert tally.close(timezone.now() + timedelta(days=days)) == 4
    return lived_in


class TestCounts:
    """Rows that are missing show, though those that are there are as they were written."""

    @pytest.mark.parametrize(
        ("model", "word"),
        [(Statement, "statement"), (Answer, "answer"), (Value, "indicator-value")],
    )
    def test_one_that_is_gone_is_named(self, counted, model, word):
        rows = model.objects.filter(pk=model.objects.order_by("pk")[0].pk)
        [told] = model.objects.aggregate(n=Count("pk")).values()
        rows._raw_delete("default")
        [what] = findings()
        day = timezone.localdate() + timedelta(days=1)  # up to which the newest day that is closed reaches
        assert what == f"Rows of the kind “{word}”: 1 of {day} and before are missing ({told - 1} of {told})."

    def test_when_all_are_gone_each_kind_is_named(self, counted):
        for model in (Answer, Attempt, Statement, Value):
            model.objects.all()._raw_delete("default")
        assert len(findings()) == 4

    def test_what_was_written_since_is_not_counted_yet(self, lived_in):
        Statement.objects.exclude(voids=None)._raw_delete("default")
        assert findings() == []
        assert tally.close(timezone.now()) == 0

    def test_a_count_that_was_made_to_fit_is_named_and_stays_so(self, counted):
        Statement.objects.all()._raw_delete("default")
        held = marks.read("tally:statement")
        marks.write("tally:statement", **held | {"closed": [[end, 0, day] for end, _count, day in held["closed"]]})
        changed = ["Rows of the kind “statement”: what is remembered of how many there were was changed."]
        assert findings() == changed
        assert tally.close(timezone.now() + timedelta(days=9)) == 3
        tally.begin(timezone.now())
        tally.reseal(master="m" * 40)
        assert changed[0] in findings()

    def test_a_count_that_is_gone_is_named_and_not_begun_anew(self, counted):
        marks.forget("tally:statement")
        assert tally.begin(timezone.now()) == 0
        assert findings() == ["Rows of the kind “statement”: how many there were is not remembered any more."]

    def test_what_the_software_deletes_is_not_missed(self, counted, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            profile.erase(person=counted.hoa)
        assert not Statement.objects.exists() and not Answer.objects.exists()
        assert findings() == []

    def test_rows_put_into_days_that_are_closed_are_counted_when_that_is_told(self, counted):
        row = Statement.objects.standing().first()
        row.pk = uuid4()
        row.save(force_insert=True)
        tally.take_in()
        Statement.objects.filter(pk=row.pk)._raw_delete("default")
        assert len(findings()) == 1


class TestAttachments:
    @pytest.mark.parametrize("spoil", SPOILT)
    def test_one_that_is_missing_or_changed_is_named(self, lived_in, spoil):
        (file,) = (f for f in (live.DATA / "files").rglob("*") if f.is_file())
        spoil(file)
        [what] = findings()
        assert "(a.pdf)" in what and str(file) in what and "is missing or was changed" in what


class TestFinishedPages:
    @pytest.mark.parametrize("address", ["", "chuong-trinh/hai-bai", "hoc/hai-bai/bai-mot"])
    @pytest.mark.parametrize("name", ["index.html", "index.html.br"])
    @pytest.mark.parametrize("spoil", SPOILT)
    def test_one_that_is_missing_or_changed_is_named(self, lived_in, address, name, spoil):
        spoil(live.SITE / address / name)
        [what] = findings()
        assert f"The finished page /{address}/".replace("//", "/") in what

    def test_what_is_gone_on_purpose_is_not_missed(self, lived_in, programme, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            library.withdraw(edition=programme.editions.get())
        assert not (live.SITE / "hoc/hai-bai").exists()
        assert findings() == []


class TestTheJournal:
    def test_a_cut_one_is_named(self, lived_in):
        JournalEntry.objects.order_by("-number")[0].delete()
        [what] = findings()
        assert what.startswith("The journal's end is not what it was: entries ") and "cut off" in what

    def test_a_changed_one_is_named(self, lived_in):
        JournalEntry.objects.filter(number=2).update(act="x")
        assert findings() == ["The journal is broken at entry 2: somebody changed it outside the software."]


def test_damaged_pages_of_the_database_are_named(tmp_path):
    """Real bytes of a real file are overwritten."""
    site = Installation(tmp_path).set_up()
    assert site.run("doctor")[0] == 0
    file = tmp_path / "hocvuso.sqlite3"
    base = sqlite3.connect(file)
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [root] = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'units_place'").fetchone()
    [size] = base.execute("PRAGMA page_size").fetchone()
    base.close()
    with file.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(os.urandom(size))
    status, said = site.run("doctor")
    assert status == 1 and "✗ The database is damaged: " in said and "hocvuso restore" in said


class TestPeriodicWork:
    def told(self):
        return [what for what, _remedy in doctor.works()]

    def test_what_was_done_lately_is_silent(self, cast):
        assert self.told() == [] and periodic.run() == 0 and self.told() == []

    def test_each_work_that_stands_still_is_named(self, cast):
        periodic.run()
        long_ago = timezone.now() - timedelta(hours=2)
        marks.write("work:outbox", ok=long_ago.isoformat(), error="OSError: gone")
        [what] = self.told()
        assert what == f"The periodic work “outbox” was last done at {long_ago.isoformat()[:16]}: OSError: gone."

    def test_one_that_fails_keeps_when_it_went_well(self, cast):
        periodic._do("outbox", lambda: 1)
        assert periodic._do("outbox", lambda: 1 / 0) == 1
        kept = marks.read("work:outbox")
        assert kept["error"].startswith("ZeroDivisionError") and kept["ok"]
        periodic._do("outbox", lambda: 1)
        assert "error" not in marks.read("work:outbox")

    def test_that_nothing_runs_since_the_set_up_is_named(self, cast):
        marks.write("setup", at=(timezone.now() - timedelta(minutes=30)).isoformat())
        assert self.told() == []
        marks.write("setup", at=(timezone.now() - timedelta(hours=2)).isoformat())
        assert len(self.told()) == len(periodic.WORKS) and "was never done" in self.told()[0]

    def test_a_timer_that_runs_seldom_is_waited_for(self, cast, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_TEND_MINUTES": 60}
        marks.write("setup", at=(timezone.now() - timedelta(hours=2)).isoformat())
        assert self.told() == []

    def test_what_hangs_is_stopped_and_the_rest_has_its_turn(self, cast, monkeypatch, caplog):
        monkeypatch.setitem(periodic.LONGEST, "outbox", 0.002)
        assert periodic._do("outbox", lambda: time.sleep(30)) == 1
        assert marks.read("work:outbox")["error"].startswith("TooLong: longer than")
        assert periodic._do("cleanup", lambda: 1) == 0


class TestTheDisk:
    @pytest.mark.parametrize(
        ("free", "total", "said"),
        [
            (400 << 20, 10 << 30, "Less than 500 MB"),
            (1 << 30, 100 << 30, "about to fill: 1024 MB, 1 % free"),
            (9 << 30, 9 << 40, "about to fill"),
            (6 << 30, 100 << 30, None),
            (11 << 30, 9 << 40, None),
        ],
    )
    def test_it_is_named_before_it_is_full(self, monkeypatch, free, total, said):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: namedtuple("Room", "free total")(free, total))
        told = [what for what, _remedy in doctor.disk()]
        assert told == [] if said is None else said in told[0]


LAST = "SELECT at FROM base_mark WHERE name = 'ready'"


class TestReadiness:
    """`/readyz` of a served site: it writes, and says so when it cannot."""

    def test_a_database_that_takes_no_writes_is_not_ready(self, tmp_path):
        site = Installation(tmp_path).set_up()
        with site.served() as address:
            assert ready(address) == (200, "ready\n")
            base = sqlite3.connect(tmp_path / "hocvuso.sqlite3", isolation_level=None)
            before = base.execute(LAST).fetchone()
            base.execute("BEGIN IMMEDIATE")
            told = until(lambda: ready(address), (503, "database takes no writes\n"))
            base.execute("ROLLBACK")
            assert told and until(lambda: ready(address), (200, "ready\n"))
            assert until(lambda: ready(address) and base.execute(LAST).fetchone() > before, True)
            base.close()


def ready(address):
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def until(asked, wanted):
    for _try in range(40):
        if asked() == wanted:
            return True
        time.sleep(0.3)
    return False


def test_a_picture_of_a_draft_that_is_missing_is_told(cast):
    draft = authoring.begin(
        key="a", title="A", files={"programme.yaml": b"", "b/h.png": PNG}, unit=cast.here, by=cast.an
    )
    assert findings() == []
    attachments.path_of(draft.files.get(path="b/h.png").sha256).unlink()
    [said] = findings()
    assert said.startswith("The draft “A”: its picture b/h.png")
