"""Calling learners back to what they are about to forget: chosen by them, within their hours, ended with one tap.

One occasion is one call for all that is due: it names the lesson waited for longest and leads to the reviews. Nobody is
called more often than asked for, at night, or after so many calls in vain.
"""

from __future__ import annotations

import base64
import hmac
import json
from binascii import Error as NotBase64
from collections.abc import Collection
from datetime import datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import gateways, outbox, throttle
from hocvuso.base.addresses import address_of
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import Refusal
from hocvuso.base.secrets import keyed_hash
from hocvuso.library.models import Lesson
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of
from hocvuso.reminders.models import PushDevice, ReminderPreference
from hocvuso.reminders.rules import QUIET_FROM, QUIET_TO, is_quiet, next_loud
from hocvuso.reminders.services import devices

from ..models import LessonProgress, ReviewCall, ReviewCard, ReviewReminder
from ..queries import due_count, due_reviews
from ..rules import HOURS, MOST_UNANSWERED, Often, Way, is_time, next_call

SIGNED = 20  # hex digits of a link's signature
TOPIC = "on-tap"
CHOSEN_AN_HOUR = 20  # times that one person may choose
Why = ReviewReminder.Ended


class NoAddress(Refusal):
    """The account has no address of this kind."""

    code = "no-address"
    says = _(
        "Tài khoản của bạn chưa có địa chỉ cho cách này. Hãy bấm “Thêm số hoặc thư điện tử” ở trang Tài khoản,"
        " hoặc chọn cách khác."
    )


class BadHour(Refusal):
    """Nobody is called then."""

    code = "bad-hour"
    says = _("Hãy chọn giờ từ 7 đến 20 giờ.")


class QuietHour(Refusal):
    """Nobody is called in their own quiet hours, so at this hour never."""

    code = "quiet-hour"
    says = _("Giờ này nằm trong giờ yên tĩnh bạn đã chọn (%(since)s–%(until)s). Hãy chọn giờ khác.")


class NoSuchReminder(Refusal):
    """The link is not ours, or what it would end is gone."""

    code = "no-such-reminder"
    says = _("Đường dẫn này không còn dùng được.")


def ways_for(person: Person) -> list[Way]:
    """The ways by which a person can be called here and now; a browser is asked for its leave by the page."""
    ways = [Way.PUSH]
    for way in (Way.EMAIL, Way.PHONE, Way.CHAT):
        if _leaves(way) and addresses_of([person.pk], _kind(way)):
            ways.append(way)
    return ways


def _kind(way: str) -> str:
    """The kind of address that a way leads to: in the chat application people are found by their number."""
    return Way.PHONE if way == Way.CHAT else way


def _leaves(way: Way) -> bool:
    return gateways.leave(way) or bool(settings.ENV["HOCVUSO_CODES_ON_CONSOLE"])


@transaction.atomic
def choose(*, person: Person, way: str, often: str, hour: int, subscription: str = "") -> ReviewReminder:
    """Be called back to reviews from now on. Raises NoAddress, BadHour, QuietHour, devices.NoDevice, TooMany."""
    throttle.count("reminder", str(person.pk), limit=CHOSEN_AN_HOUR, minutes=60)
    if hour not in HOURS:
        raise BadHour(field="hour")
    since, until = _quiet(person)
    if is_quiet(time(hour), since, until):
        raise QuietHour(field="hour", since=f"{since:%H:%M}", until=f"{until:%H:%M}")
    if way not in ways_for(person):
        raise NoAddress(field="way")
    if way != Way.PUSH:
        devices.let_go(person=person)
    elif subscription or not PushDevice.objects.filter(person=person).exists():
        devices.take_in(person=person, subscription=subscription)
    now = timezone.now()
    last = ReviewCall.objects.filter(reminder__person=person).aggregate(Max("at"))["at__max"]
    values: dict[str, Any] = {"way": Way(way), "often": Often(often), "hour": hour, "chosen_at": now}
    values |= {"next_at": _next(now, Often(often), hour, last), "ended_at": None, "ended_why": ""}
    reminder, _made = ReviewReminder.objects.update_or_create(person=person, defaults=values)
    return reminder


def _quiet(person: Person) -> tuple[time, time]:
    """A person's quiet hours: from, to."""
    wish = ReminderPreference.objects.filter(person=person).first()
    return (wish.quiet_from, wish.quiet_to) if wish else (QUIET_FROM, QUIET_TO)


def is_silent(reminder: ReviewReminder) -> bool:
    """Whether its hour lies in quiet hours that were chosen since."""
    return is_quiet(time(reminder.hour), *_quiet(reminder.person))


def _next(now: datetime, often: str, hour: int, last: datetime | None) -> datetime:
    return next_call(timezone.localtime(now), often, hour, last and timezone.localtime(last))


def stop(*, person: Person) -> None:
    """Be called no more."""
    for reminder in ReviewReminder.objects.filter(person=person, ended_at=None):
        _end(reminder, Why.OWN, timezone.now())


def token_of(reminder: ReviewReminder) -> str:
    """What stands in a link that ends it: its key, signed."""
    key = base64.urlsafe_b64encode(reminder.pk.bytes).rstrip(b"=").decode()
    return f"{key}.{_signature(reminder.pk)}"


def _signature(key: UUID) -> str:
    return keyed_hash(str(key), purpose="review-reminder")[:SIGNED]


def reminder_of(token: str) -> ReviewReminder:
    """What a link ends; also when it has ended. Raises NoSuchReminder."""
    text, _dot, signature = token.partition(".")
    try:
        key = UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    except (NotBase64, ValueError):
        raise NoSuchReminder from None
    found = ReviewReminder.objects.filter(pk=key).first()
    if found is None or not hmac.compare_digest(signature.encode(), _signature(key).encode()):
        raise NoSuchReminder
    return found


def stop_by(*, token: str) -> ReviewReminder:
    """End what a link stands for; again changes nothing. Raises NoSuchReminder."""
    reminder = reminder_of(token)
    if reminder.ended_at is None:
        _end(reminder, Why.OWN, timezone.now())
    return reminder


@transaction.atomic
def _end(reminder: ReviewReminder, why: str, now: datetime) -> None:
    reminder.ended_at, reminder.ended_why = now, why
    reminder.save(update_fields=["ended_at", "ended_why"])
    devices.let_go(person=reminder.person)


def call(now: datetime) -> int:
    """Call everybody whose hour it is and who has something to review. Returns how many occasions are new."""
    cards = ReviewCard.objects.filter(person=OuterRef("person"), due__lte=now, lesson__listed=True)
    rows = ReviewReminder.objects.filter(ended_at=None, next_at__lte=now, person__is_active=True)
    return each(rows.filter(Exists(cards)), partial(_call, now=now), batch=CALLING)


def _call_again(name: str) -> None:
    now = timezone.now()
    _call(ReviewReminder.objects.get(pk=name.partition(":")[2]), now=now)


CALLING = Batch("review-calls", _("gọi người học ôn bài"), _call_again)


def _call(reminder: ReviewReminder, *, now: datetime) -> int:
    rows = ReviewReminder.objects.select_for_update().filter(pk=reminder.pk, ended_at=None, next_at__lte=now)
    row = rows.first()
    if row is None:  # done by another run, or ended meanwhile
        return 0
    if unanswered(row) >= MOST_UNANSWERED:
        _end(row, Why.UNANSWERED, now)
        return 0
    fits = is_time(timezone.localtime(now), row.hour)
    made = _calls(row, now) if fits else []
    if fits and not made:
        _end(row, Why.GONE, now)
        return 0
    row.next_at = _next(now, row.often, row.hour, now if made else row.calls.aggregate(Max("at"))["at__max"])
    row.save(update_fields=["next_at"])
    ReviewCall.objects.bulk_create(made)
    outbox.queue(ReviewCall.word, [(one.pk, _receiver(one, row), now) for one in made])
    return bool(made)


def _calls(reminder: ReviewReminder, now: datetime) -> list[ReviewCall]:
    """One, or one for each of the learner's browsers."""
    if reminder.way != Way.PUSH:
        return [ReviewCall(reminder=reminder, way=reminder.way, at=now)]
    found = PushDevice.objects.filter(person=reminder.person_id)
    return [ReviewCall(reminder=reminder, way=reminder.way, device=device, at=now) for device in found]


def _receiver(one: ReviewCall, reminder: ReviewReminder) -> str:
    return f"{PushDevice.word}:{one.device_id}" if one.device_id else f"{Person.word}:{reminder.person_id}"


def unanswered(reminder: ReviewReminder) -> int:
    """On how many occasions the learner was called since last learning anything, or choosing to be called."""
    learned = LessonProgress.objects.filter(person=reminder.person_id).aggregate(Max("last_at"))["last_at__max"]
    since = max(filter(None, [learned, reminder.chosen_at]))
    sent = reminder.calls.filter(sent_at__isnull=False, at__gt=since)
    return sent.values("at").distinct().count()


def _sent(key: UUID, now: datetime) -> None:
    ReviewCall.objects.filter(pk=key).update(sent_at=now)


def _gone(key: UUID, now: datetime) -> None:
    """A browser takes no more calls: it goes, and with the last one the reminder ends."""
    row = ReviewCall.objects.select_related("reminder__person", "device").get(pk=key)
    if row.device:
        row.device.delete()
    left = PushDevice.objects.filter(person=row.reminder.person_id)
    if row.reminder.way == Way.PUSH and row.reminder.ended_at is None and not left.exists():
        _end(row.reminder, Why.GONE, now)


@outbox.source(ReviewCall.word, sent=_sent, gone=_gone)
def _answers(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """What goes out now, or when it may; nothing of what ended, was reviewed meanwhile, or is a day old."""
    found = {row.pk: _answer(row, now) for row in _still_wanted(keys)}
    return {key: answer for key, answer in found.items() if answer is not None}


def _still_wanted(keys: Collection[UUID]) -> list[ReviewCall]:
    rows: QuerySet[ReviewCall] = ReviewCall.objects.filter(pk__in=keys, reminder__ended_at=None)
    rows = rows.filter(reminder__person__is_active=True).select_related("reminder__person", "device")
    return [row for row in rows if row.way == row.reminder.way and (row.way != Way.PUSH or _is_still_theirs(row))]


def _is_still_theirs(row: ReviewCall) -> bool:
    """Whether the browser is there and belongs to the learner: a neighbour may have asked on it since."""
    return row.device is not None and row.device.person_id == row.reminder.person_id


def _answer(row: ReviewCall, now: datetime) -> outbox.Answer | None:
    person = row.reminder.person
    local = timezone.localtime(now)
    if local.date() > timezone.localdate(row.at):  # the next one is on its way
        return None
    loud = next_loud(local, *_quiet(person))
    if loud > local:
        return outbox.Later(loud)
    with translation.override(person.language):
        words = words_for(row.reminder, now)
    return _by_its_way(row, words, now) if words else None


def words_for(reminder: ReviewReminder, now: datetime) -> dict[str, str] | None:
    """Title, text, and the links to review and to end it; None when nothing is due."""
    first = next(iter(due_reviews(reminder.person, limit=1, at=now)), None)
    if first is None:
        return None
    count = due_count(reminder.person, at=now)
    text = _t("Bạn sắp quên %(n)s câu, trước hết trong bài “%(lesson)s”. Ôn lại chừng vài phút.") % {
        "n": count,
        "lesson": _title(first.lesson),
    }
    if unanswered(reminder) + 1 >= MOST_UNANSWERED:
        text += " " + _t("Đây là lời nhắc cuối nếu bạn chưa muốn ôn.")
    title = _t("Học vụ số: %(n)s câu sắp quên") % {"n": count}
    stop = address_of("stop-reminders", token_of(reminder))
    return {"title": title, "text": text, "open": address_of("reviews"), "stop": stop}


def _title(lesson: Lesson) -> str:
    return (translation.get_language() == "en" and lesson.title_en) or lesson.title


def _by_its_way(row: ReviewCall, words: dict[str, str], now: datetime) -> outbox.Answer:
    if row.device:
        told = words | {"end": _t("Thôi nhắc"), "ended": _t("Đã thôi nhắc.")}
        body = json.dumps(told, ensure_ascii=False).encode()
        return devices.call_of(row.device, body, topic=TOPIC, now=now)
    person = row.reminder.person
    if not (address := addresses_of([person.pk], _kind(row.way)).get(person.pk, "")):
        return outbox.Never(f"no {row.way} address is known")
    review, end = settings.BASE_URL + words["open"], settings.BASE_URL + words["stop"]
    text = _t("%(text)s %(review)s Thôi nhắc: %(end)s") % {"text": words["text"], "review": review, "end": end}
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return gateways.Letter(row.way, address, words["title"], text, headers if row.way == Way.EMAIL else {})
