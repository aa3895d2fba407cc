"""One way out for everything that leaves the house: queued with the change, sent by the clock, tried again, ended.

A room registers a source under the word of a noun and queues things of it in the transaction of the change. When one
is due, the room says what goes out (`Letter`, `Call`), that it may go out only `Later`, that it can `Never` go out, or,
by naming nothing, that it is not needed any more: so nothing stale is sent, nobody is written to at night, and no
address lies in the queue. What somebody waits for at the screen (`send_soon`) is sent by threads beside the requests,
as soon as the change is committed; the clock finds what such a thread left.

Receivers do not wait for one another: several are written to at the same time, each within the gateways' deadline, and
one that fails is left alone for a pause that doubles from a minute to a day. Of one receiver, what was tried least goes
first, then what was queued first; a message that keeps failing does not hold up those behind it. After `MOST_TRIES`, or
`LONGEST` after it was queued, a message ends as failed and stays in the list of what could not be sent. A source that
no room registers is kept.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import batches
from .calling import Gone
from .gateways import Call, Letter, send_together
from .models import OutboxMessage, OutboxReceiver
from .pauses import FIRST, pause_after
from .unavailable import wait_patiently
from .words import name_of, thing_of

log = logging.getLogger(__name__)
State = OutboxMessage.State
MOST_TRIES = 10
LEAST_TRIES = 3
LONGEST = timedelta(days=3)  # how long after it was queued a message is tried more often than that
TOGETHER = 16  # receivers written to at the same time
SECONDS = 240  # that a run may begin to send; what is left over waits for the next
DOWN = 16  # failures in a row after which a run leaves a way alone
SOON, SOON_SECONDS = 4, 30  # threads of a process that send at once; seconds after which one looks for new ones
CLAIM = timedelta(minutes=10)  # how long one run has a message to itself


@dataclass(frozen=True)
class Later:
    """It may go out, but not before `at`."""

    at: datetime


@dataclass(frozen=True)
class Never:
    """It cannot go out at all. It is `listed` among what was not taken, unless trying again would be in vain."""

    why: str
    listed: bool = True


type Answer = Letter | Call | Later | Never
type Writer = Callable[[Collection[UUID], datetime], Mapping[UUID, Answer]]
type Told = Callable[[UUID, datetime], None]


@dataclass(frozen=True)
class Sent:
    """What one run did: how many were sent, how many tries failed."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Source:
    write: Writer
    sent: Told
    gone: Told | None


_sources: dict[str, _Source] = {}


def source(word: str, *, sent: Told = lambda key, at: None, gone: Told | None = None) -> Callable[[Writer], Writer]:
    """Decorator of what writes messages of the noun `word`: keys, now → answers; a key left out is needless.

    It may be asked again about the same key. `sent` (key, now) is called in the transaction that notes that it is out,
    `gone` in the one that notes that its receiver is no more: then nothing is tried again. Without `gone` that is a
    failure like others.
    """

    def register(write: Writer) -> Writer:
        _sources[word] = _Source(write, sent, gone)
        return write

    return register


def queue(word: str, things: Iterable[tuple[UUID, str, datetime]]) -> None:
    """Queue things of the noun `word` with the current transaction: key, receiver, not before when. Once each."""
    rows = [OutboxMessage(id=key, source=word, receiver=receiver, next_at=at) for key, receiver, at in things]
    OutboxMessage.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def queue_again(keys: Collection[UUID], at: datetime) -> int:
    """Queue what ended once more, as if new. Returns how many."""
    rows = OutboxMessage.objects.filter(pk__in=keys).exclude(state=State.QUEUED)
    OutboxReceiver.objects.filter(name__in=rows.values("receiver")).delete()
    return rows.update(state=State.QUEUED, tries=0, error="", queued_at=at, next_at=at)


def send_soon(word: str) -> None:
    """Send what is due of a source once the current transaction is committed, beside whoever asks for it."""
    transaction.on_commit(partial(_soon.wake, word))


def clean_up(words: Collection[str], now: datetime) -> int:
    """Delete what came to an end of sources that keep nothing of it: what failed after a week, since it is shown.

    With it go its receivers to whom nothing else waits, those left alone for a week, and what is listed of messages
    that are gone.
    """
    week = now - timedelta(days=7)
    ended = OutboxMessage.objects.filter(source__in=words).exclude(state=State.QUEUED)
    old = ended.filter(Q(queued_at__lt=week) | (Q(queued_at__lt=now - timedelta(days=1)) & ~Q(state=State.FAILED)))
    waiting = OutboxMessage.objects.filter(state=State.QUEUED).values("receiver")
    idle = Q(name__in=old.values("receiver")) & ~Q(name__in=waiting)
    OutboxReceiver.objects.filter(idle | Q(next_at__lt=week)).delete()
    count = old.delete()[0]
    batches.strike_off(SENDING, [thing for thing in batches.listed(SENDING) if thing_of(thing) is None])
    return count


def unsent() -> QuerySet[OutboxMessage]:
    """What could not be sent, what was tried in vain so far, what no room knows how to write; oldest first."""
    waiting = OutboxMessage.objects.filter(state__in=[State.QUEUED, State.FAILED])
    return waiting.filter(Q(tries__gt=0) | ~Q(source__in=list(_sources))).order_by("queued_at")


def send_due(*, now: datetime | None = None, word: str = "", seconds: float = SECONDS) -> Sent:
    """Send what is due (of one source, if a `word` is given) for as long as `seconds` last."""
    run = _Run(now or timezone.now(), word, time.monotonic() + seconds)
    while time.monotonic() < run.end and (batch := run.next_batch()):
        run.send(batch)
    return Sent(run.sent, run.failed)


class _Run:
    """One run: in rounds, each of one message for each of several receivers."""

    def __init__(self, now: datetime, word: str, end: float) -> None:
        self.now, self.word, self.end = now, word, end
        self.sent = self.failed = 0
        self.down: Counter[str] = Counter()  # failures in a row by way

    def next_batch(self) -> list[OutboxMessage]:
        """Claim the first due message of some receivers that are not being left alone."""
        words = [self.word] if self.word else list(_sources)
        waiting = OutboxReceiver.objects.filter(next_at__gt=self.now).values("name")
        due = OutboxMessage.objects.filter(state=State.QUEUED, source__in=words, next_at__lte=self.now)
        order = ("tries", "queued_at", "pk")
        place = Window(RowNumber(), partition_by="receiver", order_by=order)
        first = due.exclude(receiver__in=waiting).annotate(place=place).filter(place=1).order_by(*order)
        while time.monotonic() < self.end and (found := self._read(first[:TOGETHER], due)):
            mine: list[OutboxMessage] = [message for message in found if self._claim(message)]
            if mine:
                return mine
        return []

    def _read(self, first: QuerySet[OutboxMessage], due: QuerySet[OutboxMessage]) -> list[OutboxMessage]:
        """The messages; what cannot be read is put aside, so that it does not stop what can."""
        try:
            with transaction.atomic():
                return list(first)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            bad: set[str] = set()
            for _row in batches.readable(due, batch=SENDING, seen=bad):
                pass
            if not bad:
                raise
            _put_aside([name.partition(":")[2] for name in bad], self.now)
            return self._read(first, due)

    def _claim(self, message: OutboxMessage) -> bool:
        mine = OutboxMessage.objects.filter(pk=message.pk, state=State.QUEUED, next_at=message.next_at)
        return bool(mine.update(next_at=self.now + CLAIM))

    def send(self, batch: list[OutboxMessage]) -> None:
        """Ask the rooms for the words, send them all at the same time, note what became of each."""
        answers = self._answers(batch)
        out = {
            key: answer
            for key, answer in answers.items()
            if isinstance(answer, Letter | Call) and self.down[answer.way] < DOWN
        }
        faults = dict(zip(out, send_together(list(out.values())), strict=True))
        for message in batch:
            if message.pk in out:
                self._note(message, out[message.pk], faults[message.pk])
            else:
                self._note_unsent(message, answers.get(message.pk))

    def _answers(self, batch: list[OutboxMessage]) -> dict[UUID, Answer | Exception]:
        """What the rooms say; of a message that breaks its room, how."""
        found: dict[UUID, Answer | Exception] = {}
        for word in {message.source for message in batch}:
            keys = [message.pk for message in batch if message.source == word]
            try:
                found |= self._written(word, keys)
            except Exception:  # one of them broke it: each by itself
                for key in keys:
                    found |= self._written_alone(word, key)
        return found

    def _written(self, word: str, keys: list[UUID]) -> Mapping[UUID, Answer]:
        with transaction.atomic():
            return _sources[word].write(keys, self.now)

    def _written_alone(self, word: str, key: UUID) -> Mapping[UUID, Answer | Exception]:
        try:
            return self._written(word, [key])
        except Exception as fault:
            log.exception("message not written", extra={"source": word})
            return {key: fault}

    def _note(self, message: OutboxMessage, answer: Letter | Call, fault: Exception | None) -> None:
        if isinstance(fault, Gone) and (told := _sources[message.source].gone):
            self._note_gone(message, told)
            return
        if fault is not None:
            self.down[answer.way] += 1
            self._fail(message, str(fault) if isinstance(fault, OSError) else repr(fault))
            return
        del self.down[answer.way]
        self.sent += 1
        batches.taken(SENDING, name_of(message))
        OutboxReceiver.objects.filter(name=message.receiver).delete()
        try:
            with transaction.atomic():
                _keep(message, State.SENT, sent_at=self.now, error="")
                _sources[message.source].sent(message.pk, self.now)
        except Exception:  # it is out all the same, and must not go out again
            log.exception("what was sent is not noted by its room", extra={"source": message.source})
            _keep(message, State.SENT, sent_at=self.now, error="")

    def _note_gone(self, message: OutboxMessage, told: Told) -> None:
        try:
            with transaction.atomic():
                _keep(message, State.NEEDLESS)
                told(message.pk, self.now)
        except Exception as fault:
            log.exception("that a receiver is gone is not noted by its room", extra={"source": message.source})
            self._fail(message, repr(fault))

    def _note_unsent(self, message: OutboxMessage, answer: Answer | Exception | None) -> None:
        if answer is None:
            _keep(message, State.NEEDLESS)
        elif isinstance(answer, Never):
            self.failed += 1
            _keep(message, State.FAILED, error=answer.why[:500], tries=message.tries + 1)
            if answer.listed:
                batches.not_taken(SENDING, name_of(message), answer.why, shown=message.source)
        elif isinstance(answer, Exception):
            self._fail(message, repr(answer))
        else:  # later, or its way is down: not in this run
            at = answer.at if isinstance(answer, Later) else self.now
            _keep(message, State.QUEUED, next_at=max(at, self.now + FIRST))

    def _fail(self, message: OutboxMessage, error: str) -> None:
        self.failed += 1
        tries = message.tries + 1
        over = tries >= MOST_TRIES or (tries > LEAST_TRIES and self.now - message.queued_at > LONGEST)
        next_at = self.now + pause_after(tries)
        _keep(message, State.FAILED if over else State.QUEUED, tries=tries, next_at=next_at, error=error[:500])
        if over:
            batches.not_taken(SENDING, name_of(message), error, shown=message.source)
        known, _made = OutboxReceiver.objects.get_or_create(name=message.receiver, defaults={"next_at": self.now})
        known.failures += 1
        known.next_at = self.now + pause_after(known.failures)
        known.save()


class _Soon:
    """A few threads that send at once. What hangs in a gateway holds up one of them; they end with the process."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[str] = SimpleQueue()
        self.threads: list[threading.Thread] = []
        self.lock = threading.Lock()

    def wake(self, word: str) -> None:
        """Have what is due of a source sent."""
        self.asked.put(word)
        with self.lock:
            if len(self.threads) < SOON:
                self.threads.append(threading.Thread(target=self._work, name="outbox", daemon=True))
                self.threads[-1].start()

    def _work(self) -> None:
        wait_patiently()
        while True:
            word = self.asked.get()
            close_old_connections()
            try:
                send_due(word=word, seconds=SOON_SECONDS)
            except Exception:  # the clock finds what is left
                log.exception("not sent at once", extra={"source": word})
            close_old_connections()


_soon = _Soon()


def _again(name: str) -> None:
    """Queue one message once more, and send what is due."""
    queue_again([UUID(name.partition(":")[2])], timezone.now())


SENDING = batches.Batch("outbox", _("tin gửi ra ngoài"), _again)


def _put_aside(keys: list[str], now: datetime) -> None:
    """Write whole what cannot be read: these messages end as failed."""
    whole = {"queued_at": now, "next_at": now, "tries": 0, "error": "cannot be read", "sent_at": None}
    OutboxMessage.objects.filter(pk__in=keys).update(state=State.FAILED, **whole)


def _keep(message: OutboxMessage, state: State, **facts: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(state=state, **facts)
