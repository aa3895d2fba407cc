"""Codes on their way: to whom they may be sent, how many, sealed until they are out, and what became of them.

Whoever asks for codes to a number that is not theirs keeps nobody out: a browser that signed in to it before has counts
of its own, and when a number has had its messages of a day, the last brings a long code that opens any browser.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import gateways, outbox, throttle
from hocvuso.base.errors import Refusal, TooMany
from hocvuso.base.models import OutboxMessage
from hocvuso.base.rows import first, insert
from hocvuso.base.secrets import decrypt, encrypt, keyed_hash

from ..models import OneTimeCode
from ..queries import SEALED
from ..rules_messages import CODE_MINUTES, code_message

DAY = 24 * 60
GUARDIAN = "guardian"  # a purpose: by the code of their own address a guardian answers on anybody's device
DAY_KEY, DAY_KEY_DIGITS = "day-key", 12  # a purpose; so long that tries at it need no count that a stranger could fill
A_DAY = 7  # messages with a code to a number or address, set off by browsers new to it; one more brings the day's key
KNOWN_AN_HOUR, KNOWN_A_DAY = 6, 20  # the same for browsers that are not
UNUSED_AN_HOUR = 600  # codes that a network address asked for and nobody used: far above a school or a carrier's NAT
UNUSED_BY_BROWSER = 30  # the same of one browser
RESERVE = 0.2  # of a day's messages, for browsers that signed in to that number before
LONGEST_SENDING = timedelta(seconds=gateways.DEADLINE + 5)
WORD = OneTimeCode.word


class CannotSend(Refusal):
    """The gateway did not take the message."""

    code = "cannot-send"
    says = _("Chưa gửi được mã. Hãy thử lại sau vài phút.")


class NotThere(Refusal):
    """Messages do not go to numbers that begin like this."""

    code = "not-there"
    says = _(
        "Chúng tôi chỉ gửi tin nhắn tới số di động bắt đầu bằng %(served)s. Hãy dùng địa chỉ thư điện tử, khoá truy cập"
        " hoặc danh tính số."
    )


class Spent(Refusal):
    """All messages of the day are sent."""

    code = "spent"
    says = _(
        "Hôm nay hệ thống đã gửi hết số tin nhắn cho phép. Hãy dùng địa chỉ thư điện tử, khoá truy cập hoặc danh tính"
        " số, hoặc đợi đến ngày mai."
    )


class TooManyCodes(TooMany):
    """More codes than anybody needs."""

    code = "too-many-codes"
    says = _(
        "Đã xin quá nhiều mã. Hãy đợi %(minutes)s phút rồi thử lại, hoặc đăng nhập bằng khoá truy cập hay danh tính số."
    )


class Delivery(models.TextChoices):
    """Where a code is; what the page says of it."""

    SENDING = "sending", _("Đang gửi mã tới %(to)s…")
    SENT = "sent", _("Mã gồm sáu chữ số đã gửi tới %(to)s, dùng trong 10 phút.")
    DELAYED = (
        "delayed",
        _(
            "Chưa gửi được mã tới %(to)s; chúng tôi đang thử lại. Nếu không đợi được, hãy đăng nhập bằng khoá truy cập,"
            " danh tính số hoặc một địa chỉ khác."
        ),
    )
    FAILED = (
        "failed",
        _(
            "Không gửi được mã tới %(to)s. Hãy xin mã mới sau ít phút, hoặc đăng nhập bằng khoá truy cập, danh tính số"
            " hoặc một địa chỉ khác."
        ),
    )
    WITHHELD = (
        "withheld",
        _(
            "Hôm nay đã gửi đủ tin tới %(to)s nên không gửi thêm. Hãy nhập mã 12 chữ số trong tin cuối cùng, hoặc đăng"
            " nhập bằng khoá truy cập, danh tính số, hay trên thiết bị đã từng đăng nhập."
        ),
    )
    TOO_OLD = "too-old", _("Mã gửi tới %(to)s đã hết hạn. Hãy xin mã mới.")


def admit(row: OneTimeCode, value: str, *, asker: str, trusted: bool) -> bool:
    """Count a code asked for. Returns whether it may go out; if not, the day's key was sent, now or before.

    `asker` names the network address, by a keyed hash. Raises NotThere, TooManyCodes, Spent.
    """
    expect_served(row.kind, value)
    try:
        if trusted:
            throttle.count("code-known", row.lookup, limit=KNOWN_AN_HOUR, minutes=60)
            throttle.count("code-known-day", row.lookup, limit=KNOWN_A_DAY, minutes=DAY)
        else:
            by_browser = {("code-browser", row.browser): UNUSED_BY_BROWSER} if row.browser else {}
            throttle.count_each({("code-asked", asker): UNUSED_AN_HOUR, **by_browser}, minutes=60)
    except TooMany as refusal:
        raise TooManyCodes(field="address", **refusal.values) from None
    if trusted:
        spend(row.kind, reserve=True)
        return True
    return _admit_stranger(row, value)


def _admit_stranger(row: OneTimeCode, value: str) -> bool:
    try:
        count = throttle.count("code-day", row.lookup, limit=A_DAY + 1, minutes=DAY)
    except TooMany:
        return False
    try:
        spend(row.kind)
    except Spent:
        throttle.give_back(("code-day", row.lookup))
        raise
    if count > A_DAY:
        _send_day_key(row.kind, value, row.lookup)
    return count <= A_DAY


def give_back(used: Collection[OneTimeCode]) -> None:
    """One of these codes was used, so whoever asked for them is no stranger: they count no more.

    No other count of the number begins anew: what strangers set off in a day stays bounded however often its owner
    signs in. Those of a known browser (without `asker`) were never counted among the strangers'.
    """
    counted = [row for row in used if row.asker]
    if not counted:
        return
    one = counted[0]
    browser = [("code-browser", one.browser)] if one.browser else []
    sent = sum(1 for row in counted if row.code_hash)
    with transaction.atomic():  # one wait for the disk; what a whole school shares is held last, and so the shortest
        throttle.give_back(("code-day", one.lookup), times=max(1, sent), most=A_DAY + 1)
        throttle.give_back(("code-asked", one.asker), *browser, times=len(counted))


def named(asker: str) -> str:
    """How a network address is kept for the time that a code lives."""
    return keyed_hash(asker, purpose="throttle")


def expect_served(kind: str, value: str) -> None:
    """Raises NotThere for a number that no message is sent to."""
    served = settings.ENV["HOCVUSO_SMS_COUNTRIES"]
    if kind != "phone" or not served:
        return
    begins = value.startswith(tuple(f"+{code}" for code in served))
    if not begins or (value.startswith("+84") and not re.fullmatch(r"\+84[35789]\d{8}", value)):
        raise NotThere(field="address", served=", ".join(f"+{code}" for code in served))


def spend(kind: str, *, reserve: bool = False) -> None:
    """Count a message that strangers can set off. Raises Spent when the day has no more for them (or its `reserve`)."""
    most = settings.ENV["HOCVUSO_SMS_A_DAY"]
    if kind != "phone" or most is None:
        return
    try:
        throttle.count("sms", _today(), limit=most if reserve else max(1, int(most * (1 - RESERVE))), minutes=DAY)
    except TooMany:
        throttle.give_back(("sms", _today()))  # it was not sent
        raise Spent(field="address") from None


def spent_today() -> int:
    """How many messages of the day's are gone."""
    return throttle.counted("sms", _today())


def _today() -> str:
    return timezone.localdate().isoformat()


def begin(
    *, kind: str, value: str, lookup: str, asker: str, purpose: str, browser: str = "", minutes: int = CODE_MINUTES
) -> OneTimeCode:
    """A code's row, not stored yet and still without a code."""
    return OneTimeCode(
        kind=kind,
        browser=browser,
        lookup=lookup,
        sealed=encrypt(value, purpose=SEALED),
        asker=asker,
        purpose=purpose,
        expires_at=timezone.now() + timedelta(minutes=minutes),
    )


def send(row: OneTimeCode, value: str, code: str) -> None:
    """Store a row with its code and send it beside the request; while developing, on the console. Raises CannotSend."""
    row.code_hash = hash_of(row.pk, code)
    if not gateways.leave(row.kind):
        insert(row)
        try:
            gateways.send(row.kind, value, subject=_subject(), text=_text(row.purpose, code))
        except OSError:
            raise CannotSend(field="address") from None
        return
    row.letter_sealed = encrypt(f"{translation.get_language()} {code}", purpose=WORD)
    insert(row)
    outbox.queue(WORD, [(row.pk, f"{WORD}:{row.pk}", timezone.now())])
    outbox.send_soon(WORD)


def _send_day_key(kind: str, value: str, lookup: str) -> None:
    row = begin(kind=kind, value=value, lookup=lookup, asker="", purpose=DAY_KEY, minutes=DAY)
    send(row, value, f"{secrets.randbelow(10**DAY_KEY_DIGITS):0{DAY_KEY_DIGITS}}")


def hash_of(row: UUID | str, code: str) -> str:
    """What is kept of a code."""
    return keyed_hash(f"{row}:{code}", purpose="one-time-code")


def _sent(key: UUID, _now: datetime) -> None:
    OneTimeCode.objects.filter(pk=key).update(letter_sealed="")


@outbox.source(WORD, sent=_sent)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """None that is too old, used or gone is sent."""
    found: dict[UUID, outbox.Answer] = {key: outbox.Never("too old to be sent", listed=False) for key in keys}
    for row in OneTimeCode.objects.filter(pk__in=keys):
        if row.used_at or not row.letter_sealed:
            del found[row.pk]
        elif row.expires_at > now:
            language, _space, code = decrypt(row.letter_sealed, purpose=WORD).partition(" ")
            with translation.override(language):
                to = decrypt(row.sealed, purpose=SEALED)
                found[row.pk] = gateways.Letter(row.kind, to, _subject(), _text(row.purpose, code))
    return found


def _subject() -> str:
    return _t("Mã đăng nhập của bạn")


def _text(purpose: str, code: str) -> str:
    if purpose == DAY_KEY:
        return _t(
            "Hôm nay số hoặc địa chỉ này được xin mã quá nhiều lần nên chúng tôi ngừng gửi. Nếu là bạn, hãy đăng nhập"
            " bằng mã %(code)s, dùng trong 24 giờ. Không đưa mã này cho bất kỳ ai."
        ) % {"code": code}
    if purpose == GUARDIAN:
        return _t(
            "%(code)s là mã để người giám hộ trả lời trên trang Học vụ số, dùng trong %(minutes)s phút. Không đưa mã"
            " này cho bất kỳ ai."
        ) % {"code": code, "minutes": CODE_MINUTES}
    return code_message(code)


def delivery_of(code_id: UUID | str) -> Delivery:
    """Where a code is. One that its thread left behind is taken up again."""
    row = first(OneTimeCode, "id = %s", UUID(str(code_id)))  # from a session it comes as text
    if row is None or row.expires_at <= timezone.now():
        return Delivery.TOO_OLD
    return Delivery.WITHHELD if not row.code_hash else delivery_of_message(row.pk)


def delivery_of_message(key: UUID) -> Delivery:
    """Where a message is that somebody waits for."""
    message = first(OutboxMessage, "id = %s", key)
    if message is None or message.state == OutboxMessage.State.SENT:
        return Delivery.SENT
    if message.state != OutboxMessage.State.QUEUED:
        return Delivery.FAILED
    if message.next_at <= timezone.now():
        outbox.send_soon(message.source)
    late = timezone.now() - message.queued_at > LONGEST_SENDING
    return Delivery.DELAYED if message.tries or late else Delivery.SENDING
