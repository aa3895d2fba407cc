"""The worker is a process, and each job another: real ones, on both databases, killed where it hurts most."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest

from hocvuso.base.processes import MOST_MEMORY
from hocvuso.bench.site import fresh_site, tree

COUNTRY, MANY = 3000, 2000
ROOT = Path(__file__).parents[3]
SCRIPT = """
import json, sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from hocvuso.jobs import services as jobs
from hocvuso.base.models import JournalEntry
from hocvuso.jobs.models import Job
from hocvuso.indicators.models import Flag, Indicator, Value
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit

def steward():
    person = Person.objects.filter(name="Lan").first() or Person.objects.create(name="Lan")
    if not person.grants.exists():
        for role in (Role.LEADER, Role.STEWARD, Role.OFFICER):
            roles.grant(person=person, role=role, unit=Unit.objects.get(code="BGDDT"), by=None)
    return person

def look():
    declared = Indicator.objects.current().filter(kind="declared").first()
    if not Value.objects.exists():  # each unit has said something, so that each is looked at
        at = timezone.now()
        row = lambda unit: Value(indicator=declared, unit=unit, period="2026-10", value=1, by=steward(), at=at)
        Value.objects.bulk_create(map(row, Unit.objects.all()), batch_size=500)
    return str(jobs.ask("quality.check", by=steward(), args={"period": "2026-10"}, size=5000).pk)

def schools(many, letter):
    rows = [f"{letter}{n},Trường {n},school,BGDDT" for n in range(many)]
    content = "\\n".join(["code,name,kind,parent", *rows]).encode()
    args = {"name": "truong.csv", "file": letter, "apply": True}
    return str(jobs.ask("units.import", by=steward(), args=args, content=content).pk)

def state(pk):
    file = Job.objects.get(pk=pk).args.get("file", "-")
    schools = Unit.objects.filter(code__startswith=file, kind="school").count()
    job = Job.objects.get(pk=pk)  # read last: whoever sees schools sees that they are all
    return [job.state, job.done, job.total, job.says, job.tries, schools]

def lost():
    Job.objects.filter(state="running").update(beat_at=timezone.now() - timedelta(minutes=5))

for line in sys.stdin:
    print(json.dumps(eval(line)), flush=True)
"""


@pytest.fixture(scope="module", params=[False, True], ids=["SQLite", "PostgreSQL"])
def site(request):
    with warnings.catch_warnings(action="ignore"), fresh_site(postgresql=request.param) as site:
        command = [sys.executable, "-c", SCRIPT]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=site.environment, text=True, cwd=ROOT, **pipes) as site.hand:
            yield site  # of what the package of PostgreSQL asks of the machine
            site.hand.stdin.close()


def tell(site, what):
    """What a process of the site says to it."""
    print(what, file=site.hand.stdin, flush=True)
    return json.loads(site.hand.stdout.readline())


def state(site, pk):
    return tell(site, f"state({pk!r})")


@contextmanager
def worker(site):
    process = subprocess.Popen([sys.executable, "-m", "hocvuso", "work"], env=site.environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def child_of(process, but=()):
    """The process of the job, once there is one."""
    for _try in range(600):
        if found := [pid for pid in tree_of(process.pid)[1:] if pid not in but]:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("no job was begun")


def tree_of(pid):
    """A process with all beneath it; one that ends meanwhile has none."""
    try:
        return tree(pid)
    except FileNotFoundError:
        return [pid]


def gone(pid):
    for _try in range(600):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


def until(site, pk, *states, seconds=90):
    end = time.monotonic() + seconds
    while (now := state(site, pk))[0] not in states:
        assert time.monotonic() < end, now
        time.sleep(0.1)
    return now


def test_a_real_job_says_how_far_it_is_keeps_its_limits_and_ends_when_it_is_stopped(site):
    pk = tell(site, "look()")
    with worker(site) as process:
        child = child_of(process)
        seen = []
        while len(seen) < 3:
            _state, done, total, *_rest = state(site, pk)
            if done and done not in seen:
                seen.append(done)
        assert total > COUNTRY and seen == sorted(seen) and seen[-1] < total
        assert os.getpriority(os.PRIO_PROCESS, child) == 10
        assert f"{MOST_MEMORY}" in Path(f"/proc/{child}/limits").read_text().partition("Max address space")[2][:60]
        tell(site, f"jobs.cancel(Job.objects.get(pk={pk!r}), by=steward())")
        assert gone(child) and state(site, pk)[0] == "cancelled"
        assert tell(site, "Flag.objects.count()") == 0


def test_killed_at_any_moment_it_is_done_whole_and_once(site):
    pk = tell(site, f"schools({MANY}, 'S')")
    with worker(site) as process:
        first = child_of(process)
        now = state(site, pk)
        assert now[5] == 0 or now[0] == "done", "nothing of it is seen before all is"
        if Path(f"/proc/{first}").exists():
            os.kill(first, signal.SIGKILL)
        now = until(site, pk, "done")
    assert now[5] == MANY and now[3] == f"Đã nhập {MANY // 1000}.000 đơn vị."
    assert tell(site, "JournalEntry.objects.filter(act='units.imported').count()") == 1


def test_killed_again_and_again_it_has_failed_in_words_and_written_nothing(site):
    pk = tell(site, f"schools({MANY}, 'T')")
    with worker(site) as process:
        killed = []
        for _try in range(2):
            killed.append(child_of(process, but=killed))
            os.kill(killed[-1], signal.SIGKILL)
        now = until(site, pk, "failed")
    assert "Máy chủ ngừng giữa chừng" in now[3] and "Chưa có gì được ghi" in now[3] and now[4:] == [2, 0]


def test_a_worker_that_dies_takes_its_job_with_it_and_another_worker_does_it(site):
    pk = tell(site, f"schools({MANY}, 'V')")
    with worker(site) as process:
        child = child_of(process)
        process.kill()
        assert gone(child)
    assert state(site, pk)[0] == "running"
    tell(site, "lost()")
    with worker(site):
        assert until(site, pk, "done")[4:] == [2, MANY]


def test_the_site_begins_a_worker_when_something_is_asked_for_and_again_when_it_was_killed(site):
    with site.served():
        pages = tree_of(site.server.pid)
        pk = tell(site, "look()")
        [working] = _workers(site)
        os.kill(child_of(_Process(working)), 0)
        os.kill(working, signal.SIGKILL)
        [another] = _workers(site, but=working)
        tell(site, "lost()")
        assert state(site, pk)[0] in ("running", "queued") and another not in pages
        tell(site, f"jobs.cancel(Job.objects.get(pk={pk!r}), by=steward())")
    assert gone(another), "it outlives the site"


class _Process:
    def __init__(self, pid):
        self.pid = pid


def _workers(site, but=0):
    """The worker of the running site, once there is one."""
    for _try in range(200):
        found = [pid for pid in tree_of(site.server.pid) if pid != but and _is_worker(pid)]
        if found:
            return found[:1]
        time.sleep(0.1)
    raise AssertionError("no worker was begun")


def _is_worker(pid):
    try:
        return b"hocvuso\0work\0--beside" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
