"""Long work: asked for by a person, done by another process within limits, with progress, left and found again.

A room registers a kind of work under a stable word. Its function does what only reads and computes, holding no
transaction, and returns the rest: what writes. That is done in one transaction with the note that the job is done:
a job that is killed, cancelled or given to another worker meanwhile has written all of it or nothing. The rights of
whoever asked are asked again when the work is done, by the verb that it calls.

What is small (`few`) is done at once, by the same function. The rest waits in line: first whose last job was begun the
longest ago, so that many jobs of one person do not keep the others waiting; and what the site itself asks for (`by` is
nobody) after all persons. The processes are in `ops/worker.py`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.base import journal
from hocvuso.base.errors import Refusal
from hocvuso.base.states import check_move
from hocvuso.base.words import name_of

from .models import Job

log = logging.getLogger(__name__)
State = Job.State
MOVES: dict[State, set[State]] = {
    State.QUEUED: {State.RUNNING, State.CANCELLED},
    State.RUNNING: {State.DONE, State.FAILED, State.CANCELLED, State.QUEUED},
}
LIVING = (State.QUEUED, State.RUNNING)
_NOTED = ("says", "done", "faults", "more_faults", "then", "leads_to")
MOST_LIVING = 5  # jobs of one person that wait or run
MOST_TRIES = 2  # of a kind that may be begun again
LOST = timedelta(seconds=60)  # without a word from its worker after which a job has none any more
STANDS_STILL = timedelta(minutes=30)  # a job that waits for longer
KEPT = timedelta(days=30)


class TooManyJobs(Refusal):
    """One person's jobs do not fill the line."""

    code = "too-many-jobs"
    says = gettext_lazy(
        "Bạn đang có %(n)s việc đang chờ hoặc đang chạy. Hãy đợi một việc xong, hoặc dừng bớt, rồi làm lại."
    )


class FileGone(Refusal):
    """The file that came with a job is not there any more."""

    code = "file-gone"
    says = gettext_lazy("Tệp gửi kèm không còn nữa. Hãy chọn lại tệp.")


class Lost(Exception):
    """The job was cancelled or given to another worker meanwhile: nothing of this one may be written."""


@dataclass(frozen=True)
class Outcome:
    """What came of it, in words; what was wrong with which rows; what may be asked for next, and the name of the thing
    that was made (see Job). `count`: how many were done.
    """

    says: str
    count: int = 1
    faults: list[Any] = field(default_factory=list)
    more_faults: int = 0
    then: Mapping[str, Any] = field(default_factory=dict)
    leads_to: str = ""


type Finish = Callable[[], Outcome]
type Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Run:
    """A job as its work sees it. `tell` is told how much is done, of how much."""

    job: Job
    tell: Tell = lambda done, total: None
    given: bytes = b""

    @property
    def by_id(self) -> UUID | None:
        """Who asked; None: the site itself."""
        return self.job.by_id

    @property
    def args(self) -> dict[str, Any]:
        """With which arguments."""
        return self.job.args

    def content(self) -> bytes:
        """The file that came with it. Raises FileGone."""
        if self.given:
            return self.given
        try:
            return path_of(self.job.pk).read_bytes()
        except OSError:
            raise FileGone from None


@dataclass(frozen=True)
class Kind:
    """What there is to know of a kind. `again`: a second beginning does no harm, whatever the first one did.

    `whole`: it writes all at its end or nothing, which is then said.
    """

    word: str
    work: Callable[[Run], Finish]
    minutes: int
    few: int
    again: bool
    whole: bool


_kinds: dict[str, Kind] = {}


def kind(
    word: str, *, minutes: int = 30, few: int = 0, again: bool = True, whole: bool = True
) -> Callable[..., Callable[[Run], Finish]]:
    """Decorator of the work of a kind: at most so many minutes; at once when there are at most `few` things to do."""

    def register(work: Callable[[Run], Finish]) -> Callable[[Run], Finish]:
        if word in _kinds:
            raise ValueError(f"the word {word} is taken")
        _kinds[word] = Kind(word, work, minutes, few, again, whole)
        return work

    return register


def kinds() -> Mapping[str, Kind]:
    """All kinds, by word."""
    return _kinds


def ask(
    word: str, *, by: Any, args: Mapping[str, Any], unit: Any = None, size: int | None = None, content: bytes = b""
) -> Job:
    """Do it at once when `size` says that it is small: the job is done, and not kept. Else queue it.

    `content`: a file that comes with it; `args["file"]` then tells it from others. The same asked for again while it
    waits or runs is the same job. Raises TooManyJobs; what is done at once raises the
    refusals of its verb.
    """
    named = name_of(unit) if unit is not None else ""
    job = Job(
        kind=word,
        args=json.loads(json.dumps(args)),
        unit=named,
        by_id=by.pk if by else None,
        language=translation.get_language() or "vi",
    )
    if size is not None and size <= _kinds[word].few:
        finish = _kinds[word].work(Run(job, given=content))
        with transaction.atomic():
            _note(job, finish())
        job.state = State.DONE
        return job
    return _queue(job, by, content)


@transaction.atomic
def _queue(job: Job, by: Any, content: bytes) -> Job:
    living = Job.objects.filter(by_id=job.by_id, state__in=LIVING)
    # What the site asks for again is lacking now; a job that runs looked before.
    for other in living if job.by_id else living.filter(state=State.QUEUED):
        if (other.kind, other.args, other.unit) == (job.kind, job.args, job.unit):
            return other
    job.save(force_insert=True)
    journal.write("job.asked", job, by=by, kind=job.kind, unit=job.unit)
    # Of several askings at a time one writes in the journal, and the others wait: each counts those before it.
    if job.by_id and (count := living.all().count() - 1) >= MOST_LIVING:
        raise TooManyJobs(n=count)
    if content:
        folder().mkdir(parents=True, exist_ok=True)
        path_of(job.pk).write_bytes(content)
    transaction.on_commit(wake)
    return job


def ask_next(job: Job, *, by: Any) -> Job:
    """Ask for what may follow a job, with the file that came with it. Raises FileGone, TooManyJobs, IllegalMove."""
    check_move({State.DONE: {State.QUEUED}} if job.then else {}, now=State(job.state), to=State.QUEUED)
    content = Run(job).content() if job.args.get("file") else b""
    asked = {"args": {**job.args, **job.then}, "unit": job.unit, "language": translation.get_language() or "vi"}
    return _queue(Job(kind=job.kind, by_id=by.pk, **asked), by, content)


@transaction.atomic
def cancel(job: Job, *, by: Any) -> None:
    """Stop it, whether it waits or runs. Raises IllegalMove."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    _move(job, State.CANCELLED, ended_at=timezone.now(), says=_whole(job, _("Đã dừng theo yêu cầu.")))
    journal.write("job.cancelled", job, by=by, kind=job.kind)


def wake() -> None:
    """Let the site's process know that there is something to do; whoever only has a timer finds it there too."""
    folder().mkdir(parents=True, exist_ok=True)
    wake_file().touch()


def take(worker: str) -> Job | None:
    """The next job in line, which is now this worker's; None when nothing waits."""
    last = Job.objects.filter(by_id=OuterRef("by_id")).order_by().values("by_id")
    turn = Subquery(last.annotate(last=Max("started_at")).values("last"))
    waiting = Job.objects.filter(state=State.QUEUED).annotate(
        of_site=ExpressionWrapper(Q(by_id=None), output_field=BooleanField()),
        turn=Coalesce(turn, timezone.make_aware(datetime(2000, 1, 1))),
    )
    while job := waiting.order_by("of_site", "turn", "created_at").first():
        now = timezone.now()
        if _move(job, State.RUNNING, to_worker=worker, started_at=now, beat_at=now, tries=F("tries") + 1):
            job.refresh_from_db()
            return job
    return None


def persons_wait() -> bool:
    """Whether somebody waits for what they asked for."""
    return Job.objects.filter(state=State.QUEUED).exclude(by_id=None).exists()


def do(job: Job, tell: Tell) -> None:
    """Do a job that is this process's, to its end; whatever happens is noted with it."""
    known = _kinds.get(job.kind)
    with translation.override(job.language):
        try:
            if known is None:
                raise LookupError(f"nobody knows the kind {job.kind}")
            finish = known.work(Run(job, tell))
            with transaction.atomic():
                _note(job, finish())
                facts = {name: getattr(job, name) for name in _NOTED}
                if not _move(job, State.DONE, ended_at=timezone.now(), **facts):
                    raise Lost
        except Lost:
            log.info("a job was taken away", extra={"job": str(job.pk)})
        except Refusal as refusal:  # which may name many things that are wrong
            _fail(job, str(refusal), faults=[["", "", "", fault] for fault in getattr(refusal, "faults", ())])
        except MemoryError:
            said = _("Việc này cần nhiều bộ nhớ hơn mức cho phép. Hãy chia nhỏ rồi làm lại.")
            _fail(job, _whole(job, said), "out of memory")
        except Exception as fault:
            log.exception("job failed", extra={"kind": job.kind, "job": str(job.pk)})
            _fail(job, _whole(job, _("Phần mềm gặp lỗi khi làm việc này. Người vận hành sẽ thấy lỗi.")), repr(fault))


def beat(job: Job, done: int, total: int) -> bool:
    """Say that the worker is at it, and how far. False: the job is its own no longer, and must be ended."""
    mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker)
    return bool(mine.update(beat_at=timezone.now(), done=done, total=total))


def break_off(job: Job, why: str, *, late: bool = False) -> None:
    """The process that did it ended without a word (`why`), or was ended because it took too long.

    It is queued once more where that does no harm; else it has failed.
    """
    known = _kinds.get(job.kind)
    if known and known.again and not late and job.tries < MOST_TRIES:
        _move(job, State.QUEUED, done=0, total=0, error=why[:500])
        return
    with translation.override(job.language):
        said = _("Máy chủ ngừng giữa chừng. Hãy làm lại.")
        if late:
            said = _("Việc này lâu hơn %(n)s phút nên đã dừng. Hãy chia nhỏ rồi làm lại.")
            said %= {"n": known.minutes if known else 0}
        _fail(job, _whole(job, said), why)


def take_lost(now: datetime) -> int:
    """Deal with jobs whose worker is no more; returns how many."""
    rows = list(Job.objects.filter(state=State.RUNNING, beat_at__lt=now - LOST))
    for job in rows:
        break_off(job, f"its worker {job.worker} ended")
    return len(rows)


def standing(now: datetime) -> QuerySet[Job]:
    """What waits for too long, or whose worker is no more: somebody has to look. Oldest first."""
    still = Job.objects.filter(state=State.QUEUED, created_at__lt=now - STANDS_STILL)
    if Job.objects.filter(state=State.RUNNING, beat_at__gte=now - LOST).exists():
        still = still.exclude(by_id=None)  # the site's own wait behind all others
    return (still | Job.objects.filter(state=State.RUNNING, beat_at__lt=now - STANDS_STILL)).order_by("created_at")


def broken(since: datetime) -> QuerySet[Job]:
    """What failed by a fault or a limit, not by a refusal, latest first."""
    return Job.objects.filter(state=State.FAILED, ended_at__gte=since).exclude(error="").order_by("-ended_at")


def clean_up(now: datetime) -> int:
    """Delete jobs that ended long ago, and the files of jobs that are no more. Returns how many."""
    gone = Job.objects.filter(ended_at__lt=now - KEPT).delete()[0]
    keys = {str(key) for key in Job.objects.values_list("pk", flat=True)}
    before = (now - timedelta(days=1)).timestamp()  # what is younger may be of a job that is being asked for
    for path in folder().glob("*.in"):
        if path.stem not in keys and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def folder() -> Path:
    """Where files of jobs lie."""
    return settings.DATA / "jobs"


def path_of(key: UUID) -> Path:
    """The file that came with a job."""
    return folder() / f"{key}.in"


def wake_file() -> Path:
    """Touched whenever a job is queued."""
    return folder() / "wake"


def _note(job: Job, outcome: Outcome) -> None:
    job.says, job.more_faults, job.leads_to = outcome.says, outcome.more_faults, outcome.leads_to
    job.done, job.then = outcome.count, dict(outcome.then)
    job.faults = [[fault.row, fault.column, fault.value, str(fault.reason)] for fault in outcome.faults]


def _move(job: Job, to: State, *, to_worker: str | None = None, **facts: Any) -> bool:
    """Move it, unless it is not any more as it was read. Raises IllegalMove."""
    check_move(MOVES, now=State(job.state), to=to)
    as_read = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker, tries=job.tries)
    facts |= {} if to_worker is None else {"worker": to_worker}
    if not as_read.update(state=to, **facts):
        return False
    job.state = to
    return True


def _fail(job: Job, says: str, error: str = "", **facts: Any) -> None:
    _move(job, State.FAILED, says=says, error=error[:500], ended_at=timezone.now(), **facts)


def _whole(job: Job, said: str) -> str:
    """What is said of a job that broke off, and that nothing is written where that is so."""
    known = _kinds.get(job.kind)
    return " ".join([said, _("Chưa có gì được ghi.")]) if known and known.whole else said
