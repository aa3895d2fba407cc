"""What the law asks in numbers, and the states of a breach. Sources: docs/operations/personal-data.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# Law 91/2025/QH15, Article 23: the authority is told within 72 hours of the discovery.
NOTICE_HOURS = 72
# Hours after the discovery at which whoever answers for data is reminded of a breach that is not told yet.
REMINDED_AT = (0, 24, 48, 66, 72)
# Decree 356/2025/NĐ-CP: days within which a person's request is answered and carried out.
ANSWERED_WORKING_DAYS, ACCESS_DAYS, WITHDRAWAL_DAYS, ERASURE_DAYS = 2, 10, 15, 20

# Why the download of one's own data does not show a field.
SECRET = _("bí mật của tài khoản: ai có nó thì vào được thay bạn")
MARK = _("dấu kiểm để máy tìm và so, không đọc ra được điều gì về bạn")
NAMELESS = _("số đếm không có tên, không dẫn tới ai")
PASSING = _("chỉ nằm lại đến khi máy chuyển xong, rồi mất")
ONLY_ID = _("chỉ chứa mã tài khoản của bạn, đã có ở trên")
QUESTIONS = _("để đề kiểm tra không lộ trước")


class Ground(models.TextChoices):
    """Why data may be processed."""

    CONSENT = "consent", _("người có dữ liệu đồng ý")
    REQUEST = "request", _("chính người đó yêu cầu, tự nhập và tự gửi")
    DUTY = "duty", _("việc công của cơ quan, đơn vị theo quy định")
    SECURITY = "security", _("bảo vệ tài khoản và dữ liệu")


@dataclass(frozen=True)
class Processing:
    """One line of the register. `fields`: `room.Model` → its fields; `kept`: keys of what says how long.

    `people`: whose data; `receivers`: who gets to see them, besides the person. The rest says how the download of
    one's own data is made (`exporting.py`), of what it does not find by itself:

    - `whose`: `room.Model` → `path={id}` of a row of the person's, besides fields that lead to a person;
    - `opened`: sealed field → the purpose it is sealed for;
    - `belongs`: field → the path of whose it is: shown in full when that is the person, else masked;
    - `after`: field → the path that must be set before it is shown;
    - `withheld`: `room.Model` or a field of it → why it is not shown.
    """

    key: str
    title: Any
    fields: dict[str, str]
    people: Any
    purpose: Any
    ground: Ground
    receivers: Any
    kept: tuple[str, ...]
    sensitive: bool = False
    whose: dict[str, str] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    belongs: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """`room.Model.field` of each."""
        return {f"{model}.{field}" for model, names in self.fields.items() for field in names.split()}


class BreachState(models.TextChoices):
    """Where dealing with a breach stands."""

    OPEN = "open", _("đang xử lý")
    TOLD = "told", _("đã thông báo cơ quan chuyên trách")
    NOT_OWED = "not-owed", _("không thuộc diện phải thông báo")
    CLOSED = "closed", _("đã kết thúc")


BREACH_MOVES: dict[BreachState, set[BreachState]] = {
    BreachState.OPEN: {BreachState.TOLD, BreachState.NOT_OWED},
    BreachState.NOT_OWED: {BreachState.OPEN, BreachState.TOLD, BreachState.CLOSED},
    BreachState.TOLD: {BreachState.CLOSED},
    BreachState.CLOSED: set(),
}


def notice_due(known_at: datetime) -> datetime:
    """Until when the authority is to be told."""
    return known_at + timedelta(hours=NOTICE_HOURS)


def marks_passed(known_at: datetime, now: datetime) -> list[int]:
    """Hours of REMINDED_AT that are over."""
    return [hours for hours in REMINDED_AT if known_at + timedelta(hours=hours) <= now]


def masked_phone(text: str) -> str:
    """A number of which only the last three digits are shown."""
    return f"…{text[-3:]}" if text else ""
