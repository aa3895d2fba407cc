"""Programs that ask: their keys and what they hear of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/api/",
    menu=[
        MenuEntry("api-clients", _("API"), May.GRANT_ROLES, order=190),
    ],
    labels={
        "api-client.ended": _("ngừng khoá kết nối"),
        "api-client.made": _("cấp khoá kết nối"),
        "hook.subscribed": _("đăng ký nhận tin của hệ thống"),
    },
)
