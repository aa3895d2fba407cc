"""Roles and what each may do; pure tables and functions."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.text import clean

MORNING, EVENING = 7, 21  # hours between which people are written to
AGE_OF_OWN_CONSENT = 16  # years; Personal Data Protection Law 91/2025/QH15: children under 16 need a guardian


class Role(models.TextChoices):
    """Roles at a unit (DOMAIN: Who)."""

    TEACHER = "teacher", _("giáo viên")
    VOLUNTEER = "volunteer", _("tình nguyện viên")
    AUTHOR = "author", _("người soạn")
    REVIEWER = "reviewer", _("người thẩm định")
    MANAGER = "manager", _("cán bộ quản lý trường")
    OFFICER = "officer", _("chuyên viên")
    LEADER = "leader", _("lãnh đạo đơn vị")
    INSPECTOR = "inspector", _("người kiểm tra")
    JUDGE = "judge", _("giám khảo thi đua")
    MENTOR = "mentor", _("người hướng dẫn ở doanh nghiệp")
    STEWARD = "steward", _("phụ trách dữ liệu")
    OPERATOR = "operator", _("người vận hành")


class Asked(models.TextChoices):
    """Where a request stands that another person must confirm."""

    OPEN = "open", _("chờ người thứ hai")
    CONFIRMED = "confirmed", _("đã xác nhận")
    DECLINED = "declined", _("không thực hiện")
    LAPSED = "lapsed", _("hết hiệu lực")


ASKED_MOVES: dict[Asked, set[Asked]] = {
    Asked.OPEN: {Asked.CONFIRMED, Asked.DECLINED, Asked.LAPSED},
    Asked.CONFIRMED: set(),
    Asked.DECLINED: set(),
    Asked.LAPSED: set(),
}


class May(models.TextChoices):
    """Permissions that views and verbs ask for."""

    AUTHOR = "author", _("soạn và gửi duyệt chương trình")
    REVIEW = "review", _("thẩm định chương trình")
    APPROVE = "approve", _("duyệt và phát hành chương trình")
    SEE_UNITS = "see-units", _("xem đơn vị và vai trò")
    MANAGE_UNITS = "manage-units", _("nhập và sửa đơn vị")
    GRANT_ROLES = "grant-roles", _("giao và thôi vai trò")
    SEE_JOURNAL = "see-journal", _("xem nhật ký")
    REVOKE = "revoke", _("thu hồi chứng nhận")
    OPERATE = "operate", _("vận hành hệ thống")
    SEE_FIGURES = "see-figures", _("xem số liệu")
    DECLARE = "declare", _("khai số liệu kèm minh chứng")
    STEWARD_DATA = "steward-data", _("nhập số liệu, xử lý cảnh báo chất lượng")
    DEFINE = "define", _("đặt chỉ số, chỉ tiêu, bộ chỉ số")
    PLAN = "plan", _("soạn kế hoạch, cập nhật nhiệm vụ")
    APPROVE_PLAN = "approve-plan", _("duyệt kế hoạch")
    REPORT = "report", _("lập và gửi báo cáo")
    ACCEPT_REPORT = "accept-report", _("nhận hoặc trả lại báo cáo")
    URGE = "urge", _("đôn đốc")
    INSPECT = "inspect", _("kiểm tra")
    CONSULT = "consult", _("lấy và góp ý kiến")
    HELP = "help", _("xem và trả lời yêu cầu của người dân")
    PLEDGE = "pledge", _("đóng góp và nhận đóng góp")
    PROTECT_DATA = "protect-data", _("phụ trách bảo vệ dữ liệu cá nhân")
    CONFIRM_GUARDIAN = "confirm-guardian", _("xác nhận người giám hộ đã đồng ý cho trẻ học")


# Every role's permissions in full: what a role gives is read here and nowhere else. A new permission is in no role
# until it is written into one.
GIVES: dict[Role, set[May]] = {
    Role.TEACHER: {May.SEE_UNITS, May.CONFIRM_GUARDIAN},
    Role.VOLUNTEER: set(),
    Role.AUTHOR: {May.AUTHOR, May.SEE_UNITS},
    Role.REVIEWER: {May.REVIEW, May.SEE_UNITS},
    Role.MANAGER: {
        May.SEE_UNITS,
        May.CONFIRM_GUARDIAN,
        May.GRANT_ROLES,
        May.SEE_FIGURES,
        May.DECLARE,
        May.PLAN,
        May.REPORT,
        May.CONSULT,
        May.PLEDGE,
    },
    Role.OFFICER: {
        May.SEE_UNITS,
        May.CONFIRM_GUARDIAN,
        May.MANAGE_UNITS,
        May.SEE_FIGURES,
        May.DECLARE,
        May.PLAN,
        May.REPORT,
        May.ACCEPT_REPORT,
        May.URGE,
        May.CONSULT,
        May.HELP,
        May.PLEDGE,
    },
    Role.LEADER: {
        May.AUTHOR,
        May.REVIEW,
        May.APPROVE,
        May.SEE_UNITS,
        May.MANAGE_UNITS,
        May.GRANT_ROLES,
        May.SEE_JOURNAL,
        May.REVOKE,
        May.SEE_FIGURES,
        May.DECLARE,
        May.STEWARD_DATA,
        May.DEFINE,
        May.PLAN,
        May.APPROVE_PLAN,
        May.REPORT,
        May.ACCEPT_REPORT,
        May.URGE,
        May.INSPECT,
        May.CONSULT,
        May.HELP,
        May.PLEDGE,
        May.PROTECT_DATA,
        May.CONFIRM_GUARDIAN,
    },
    Role.INSPECTOR: {
        May.SEE_UNITS,
        May.SEE_JOURNAL,
        May.SEE_FIGURES,
        May.INSPECT,
    },
    Role.JUDGE: {May.SEE_UNITS},
    Role.MENTOR: set(),
    Role.STEWARD: {
        May.SEE_UNITS,
        May.MANAGE_UNITS,
        May.SEE_JOURNAL,
        May.SEE_FIGURES,
        May.DECLARE,
        May.STEWARD_DATA,
        May.DEFINE,
        May.PROTECT_DATA,
    },
    Role.OPERATOR: {
        May.AUTHOR,
        May.REVIEW,
        May.APPROVE,
        May.SEE_UNITS,
        May.MANAGE_UNITS,
        May.GRANT_ROLES,
        May.SEE_JOURNAL,
        May.REVOKE,
        May.OPERATE,
        May.SEE_FIGURES,
        May.DECLARE,
        May.STEWARD_DATA,
        May.DEFINE,
        May.PLAN,
        May.APPROVE_PLAN,
        May.REPORT,
        May.ACCEPT_REPORT,
        May.URGE,
        May.INSPECT,
        May.CONSULT,
        May.HELP,
        May.PLEDGE,
        May.PROTECT_DATA,
        May.CONFIRM_GUARDIAN,
    },
}


def may_grant(holds: Role, grants: Role) -> bool:
    """Whether a holder of one role at a unit may grant another there or beneath: nobody grants more than they hold."""
    return May.GRANT_ROLES in GIVES[holds] and GIVES[grants] <= GIVES[holds]


def normal_phone(text: str) -> str:
    """A Vietnamese or international number as `+84…`, one form for one number. Raises ValueError for what is none.

    `+84 (0)987…` is `+84987…`: the 0 is dialled only inside the country, and sheets drop it (`987…`).
    """
    digits = re.sub(r"[\s.\-()/\u2010-\u2015]", "", unicodedata.normalize("NFKC", clean(text)))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif re.fullmatch(r"840?[0-9]{9}", digits):
        digits = "+" + digits
    elif re.fullmatch(r"0.*|[35789][0-9]{8}", digits):
        digits = "+84" + digits.removeprefix("0")
    digits = re.sub(r"^\+840+", "+84", digits)
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits) or (
        digits.startswith("+84") and not re.fullmatch(r"\+84[0-9]{9,10}", digits)
    ):
        raise ValueError(text)
    return digits


LONGEST_NAME, LONGEST_WORD, MOST_WORDS = 30, 12, 5  # letters and words of a name that our messages carry


def name_in_messages(name: str) -> str:
    """A name as our words to a stranger may carry it: letters only, and short; nothing of what is no plain name.

    Nobody proves their name: what else one may write there (a link, a number to call, a demand) goes out with none.
    """
    words = name.split()
    plain = all(char.isalpha() or char == "'" or unicodedata.category(char) in ("Mn", "Mc") for char in "".join(words))
    fits = len(words) <= MOST_WORDS and all(len(word) <= LONGEST_WORD for word in words)
    short = " ".join(words)
    return short if plain and fits and len(short) <= LONGEST_NAME else ""


def masked(kind: str, value: str) -> str:
    """An identifier as it may be shown to its owner: enough to recognise, not to copy."""
    if kind == "email":
        name, _at, host = value.partition("@")
        return f"{name[:2]}…@{host}"
    return f"…{value[-3:]}"


def by_day(local: datetime) -> datetime | None:
    """When one may write to a person, if it is night at `local` (the time where people live): the next morning."""
    if MORNING <= local.hour < EVENING:
        return None
    day = local + timedelta(days=local.hour >= EVENING)
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
