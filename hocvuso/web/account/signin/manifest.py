"""Signing in and out: codes, passkeys, the second factor, another identity provider."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="tai-khoan/",
    labels={
        "passkey.added": _("thêm khoá truy cập"),
        "passkey.removed": _("bỏ khoá truy cập"),
        "person.joined": _("lập tài khoản"),
        "person.signed-out-everywhere": _("đăng xuất khỏi mọi thiết bị"),
        "totp.set": _("đặt ứng dụng mã xác thực"),
    },
)
