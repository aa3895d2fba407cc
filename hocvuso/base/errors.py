"""Refusals have names: one class a reason, with a sentence for people and the field it concerns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A verb was refused. `says` is the sentence, `field` the input it is about (empty: the whole)."""

    code = "refused"
    says: Any = _("Việc này không thực hiện được.")

    def __init__(self, *, field: str = "", **values: Any) -> None:
        self.field = field
        self.values = values
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.says) % self.values if self.values else str(self.says)


class NotAllowed(Refusal):
    """The person may not do this here."""

    code = "not-allowed"
    says = _("Bạn không có quyền làm việc này ở đây.")


class IllegalMove(Refusal):
    """A state machine has no such move."""

    code = "illegal-move"
    says = _("Không thể chuyển từ “%(now)s” sang “%(to)s”.")


class TooMany(Refusal):
    """A rate limit was reached."""

    code = "too-many"
    says = _("Bạn đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại.")


class TwoEyes(Refusal):
    """Nobody decides on what they wrote, changed or sent in."""

    code = "two-eyes"
    says = _("Người khác phải làm bước này: không ai tự quyết định việc mình viết, sửa hoặc gửi.")


class NeedsReason(Refusal):
    """What was returned, refused, corrected or concluded says why."""

    code = "needs-reason"
    says = _("Hãy ghi rõ lý do hoặc kết luận.")


class NeedsWords(Refusal):
    """What is said to somebody is not empty."""

    code = "needs-words"
    says = _("Hãy viết vài lời.")


class NeedsTitle(Refusal):
    """A thing without a title cannot be found again."""

    code = "needs-title"
    says = _("Hãy ghi tên.")


class EndsBeforeItStarts(Refusal):
    """The last day lies before the first."""

    code = "ends-before-start"
    says = _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")


class FixedNow(Refusal):
    """It can no longer (or not yet) be changed."""

    code = "fixed-now"
    says = _("Không sửa được ở bước này: %(state)s.")
