"""The words of our messages that pages show too, so that both say the same."""

from __future__ import annotations

from django.utils.translation import gettext as _

CODE_MINUTES = 10


def code_message(code: str) -> str:
    """The message with a code for signing in."""
    return _(
        "%(code)s là mã đăng nhập Học vụ số của bạn, dùng trong %(minutes)s phút. Không đưa mã này cho bất kỳ ai."
    ) % {"code": code, "minutes": CODE_MINUTES}


def example() -> str:
    """One as it arrives, for pages that show what ours look like."""
    return code_message("123456")
