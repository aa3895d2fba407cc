"""Why a verb on a resident's request is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal


class UnknownTopic(Refusal):
    """A topic that is not in the list."""

    code = "unknown-topic"
    says = _("Hãy chọn loại việc trong danh sách.")


class NoCommune(Refusal):
    """The unit takes no requests, or is closed."""

    code = "no-commune"
    says = _("Nơi này chưa nhận yêu cầu trên trang. Hãy gọi hoặc đến uỷ ban nhân dân xã, phường.")


class NeedsGuardian(Refusal):
    """A child under 16 asks after a guardian consented (Law 91/2025/QH15)."""

    code = "needs-guardian"
    says = _("Em chưa đủ 16 tuổi: hãy nhờ người giám hộ đồng ý trước, ở trang Tài khoản.")


class BadPhone(Refusal):
    """Text that is no phone number."""

    code = "bad-phone"
    says = _("“%(value)s” không phải số điện thoại. Hãy ghi như 0912 345 678, hoặc để trống.")


class SameReference(Refusal):
    """A system sent something else under a reference that it used before."""

    code = "same-reference"
    says = _("Mã này đã dùng cho một yêu cầu khác nội dung.")


class NotADueDay(Refusal):
    """A day to be solved by that is over."""

    code = "not-a-due-day"
    says = _("Ngày hẹn phải từ hôm nay trở đi.")


class BadRating(Refusal):
    """A rating is one to five."""

    code = "bad-rating"
    says = _("Hãy chọn từ 1 đến 5.")


class BadTerm(Refusal):
    """A term is a number of days."""

    code = "bad-term"
    says = _("Hãy ghi số ngày, từ 1 đến %(most)s.")


class BadAnswerHours(Refusal):
    """A promise to answer is a number of hours."""

    code = "bad-answer-hours"
    says = _("Hãy ghi số giờ, từ 1 đến %(most)s.")
