"""How long each kind of data is kept, and what ends it: one table, carried out by `hocvuso periodic`, on the notice.

Rooms above register what is theirs (their `keeping.py`). Where the law names no time, the time is a setting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import batches, once, throttle
from hocvuso.base.models import OutboxMessage
from hocvuso.jobs import services as jobs
from hocvuso.people.models import Person
from hocvuso.people.rules_messages import CODE_MINUTES
from hocvuso.people.services import cleanup, roles
from hocvuso.people.services.guardians import GUARDIAN_DAYS
from hocvuso.reminders.models import ReminderMessage
from hocvuso.reminders.services import notices

BATCH = batches.Batch("cleanup", _("xoá dữ liệu hết hạn"))
ENDED = (OutboxMessage.State.SENT, OutboxMessage.State.FAILED, OutboxMessage.State.NEEDLESS)


@dataclass(frozen=True)
class Keeping:
    """How long one kind of data is kept. `end` (now → how many rows): deletes what is over; none: a person does.

    `says` may hold %(n)s, which is the number of the setting or of `n`.
    """

    key: str
    title: Promise
    says: Promise
    end: Callable[[datetime], int] | None = None
    setting: str = ""
    n: int = 0

    @property
    def number(self) -> int:
        """Days (or minutes, as the sentence says) in force."""
        return int(settings.ENV[self.setting]) if self.setting else self.n

    @property
    def sentence(self) -> str:
        """How long, in words; a setting of 0 says that no time is set."""
        if self.setting and not self.number:
            return _t("Chưa đặt thời hạn; xoá khi bạn xoá tài khoản.")
        return str(self.says) % {"n": self.number}


_registered: dict[str, Keeping] = {}


def register(*rows: Keeping) -> None:
    """Let these be carried out and shown."""
    _registered.update({row.key: row for row in rows})


def all_of() -> list[Keeping]:
    """Every kind, by its key, in the order in which rooms named them."""
    return list(_registered.values())


def of(key: str) -> Keeping:
    """The kind with this key. Raises KeyError."""
    return _registered[key]


def end_all(now: datetime) -> int:
    """End what is over, each kind by itself; returns how many rows went."""
    due = [row for row in _registered.values() if row.end and not (row.setting and not row.number)]
    return batches.each(due, lambda row: row.end(now) if row.end else 0, batch=BATCH, name=lambda row: row.key)


def before(setting: str, now: datetime) -> datetime:
    """The moment before which something must have ended to be over by a setting in days."""
    return now - timedelta(days=int(settings.ENV[setting]))


def _end_words(now: datetime) -> int:
    old = ReminderMessage.objects.filter(created_at__lt=before("HOCVUSO_KEEP_MESSAGES_DAYS", now))
    return old.exclude(title="", text="").update(title="", text="")


def _end_sent(now: datetime) -> int:
    """Of notices: the notices themselves go earlier. Digests keep their row, which says what was told until when."""
    old = OutboxMessage.objects.filter(state__in=ENDED, queued_at__lt=before("HOCVUSO_KEEP_SENT_DAYS", now))
    return old.filter(receiver__startswith=f"{Person.word}:").exclude(source=ReminderMessage.word).delete()[0]


register(
    Keeping("account", _("Tài khoản và mọi thứ gắn với nó"), _("Đến khi bạn xoá tài khoản.")),
    Keeping("consent", _("Điều dựa trên sự đồng ý"), _("Đến khi bạn rút lại hoặc xoá tài khoản.")),
    Keeping("codes", _("Mã đăng nhập"), _("%(n)s phút."), cleanup.end_codes, n=CODE_MINUTES),
    Keeping("sent-codes", _("Rằng một mã hay đường dẫn đã được gửi"), _("%(n)s ngày."), cleanup.end_sent, n=7),
    Keeping(
        "counters",
        _("Bộ đếm chống thử sai, dấu vết chống gửi hai lần"),
        _("%(n)s ngày."),
        lambda _now: throttle.clean_up() + once.clean_up(),
        n=1,
    ),
    Keeping(
        "guardian-requests",
        _("Lời hỏi người giám hộ chưa được trả lời"),
        _("%(n)s ngày."),
        cleanup.end_guardian_requests,
        n=GUARDIAN_DAYS,
    ),
    Keeping(
        "lapsed",
        _("Đề nghị chờ người thứ hai mà người đề nghị không còn quyền"),
        _("Đóng ngay khi hết quyền."),
        cleanup.end_lapsed,
    ),
    Keeping("jobs", _("Việc dài máy đã làm"), _("%(n)s ngày."), jobs.clean_up, n=jobs.KEPT.days),
    Keeping("offers", _("Số hoặc địa chỉ được mời giữ vai trò"), _("%(n)s ngày."), roles.expire, "HOCVUSO_OFFER_DAYS"),
    Keeping("notices", _("Lời nhắn cho bạn"), _("%(n)s ngày."), notices.clean_up, n=notices.KEPT.days),
    Keeping(
        "message-words", _("Lời của tin nhắc việc đã gửi"), _("%(n)s ngày."), _end_words, "HOCVUSO_KEEP_MESSAGES_DAYS"
    ),
    Keeping("sent", _("Đã gửi lời nhắn cho ai"), _("%(n)s ngày."), _end_sent, "HOCVUSO_KEEP_SENT_DAYS"),
    Keeping(
        "certificates",
        _("Chứng nhận"),
        _("Còn mãi để kiểm tra được; tên gỡ khỏi chứng nhận khi bạn xoá tài khoản."),
    ),
    Keeping(
        "office", _("Việc công và ai đã làm"), _("Theo quy định về lưu trữ của cơ quan; không xoá theo tài khoản.")
    ),
    Keeping("statistics", _("Số đếm không có tên"), _("Không giới hạn.")),
    Keeping("journal", _("Nhật ký"), _("Không xoá; xoá tài khoản rồi thì mã trong nhật ký không còn dẫn tới ai.")),
    Keeping("not-taken", _("Dòng hệ thống chưa xử lý được"), _("Đến khi xử lý được.")),
)


def run() -> int:
    """`end_all` at this moment."""
    return end_all(timezone.now())


def rows() -> list[tuple[Any, str]]:
    """(what, how long) of every kind, as the notice shows them."""
    return [(row.title, row.sentence) for row in all_of()]
