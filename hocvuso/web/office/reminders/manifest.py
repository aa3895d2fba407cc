"""Reminders: rules, by hand, messages kept, preferences."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/don-doc/",
    links={"reminder-inbox": "urge-inbox"},
    menu=[
        MenuEntry("urging", _("Đôn đốc"), May.SEE_FIGURES, order=80),
    ],
    work=[
        WorkList(_("Được đôn đốc"), waiting.urged, more=reverse_lazy("urge-inbox"), order=10),
    ],
    jobs={"urging.run": JobPage(_("Chạy các quy tắc đôn đốc"), lambda args: reverse("urging"))},
    labels={
        "urging.ran": _("chạy đôn đốc theo quy tắc"),
        "urge-message.queued-again": _("gửi lại tin đôn đốc"),
        "urge-rule.changed": _("sửa quy tắc đôn đốc"),
        "urge-rule.set": _("đặt quy tắc đôn đốc"),
        "urged": _("đôn đốc"),
    },
)
