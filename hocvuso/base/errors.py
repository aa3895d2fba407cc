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


class TwoEyes(Refusal):
    """Nobody decides on what they wrote, sent in or did themselves."""

    code = "two-eyes"
    says = _("Người khác phải làm bước này: không ai tự duyệt việc của mình.")


class FixedNow(Refusal):
    """It can no longer (or not yet) be changed."""

    code = "fixed-now"
    says = _("Không sửa được ở bước này: %(state)s.")


class NeedsTitle(Refusal):
    """A title is needed."""

    code = "no-title"
    says = _("Hãy đặt tên.")


class NeedsText(Refusal):
    """Words are needed."""

    code = "no-text"
    says = _("Hãy ghi nội dung.")


class EndsBeforeItStarts(Refusal):
    """The last day lies before the first."""

    code = "ends-before-start"
    says = _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")


class TooMany(Refusal):
    """A rate limit was reached."""

    code = "too-many"
    says = _("Bạn đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại.")
