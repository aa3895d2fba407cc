"""Drafts: where authors write programmes and lessons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="bien-soan/soan/",
    pages={"draft": "draft"},
    labels={
        "draft.begun": _("bắt đầu soạn một chương trình"),
        "draft.put-away": _("cất một bản soạn"),
        "draft.taken-back": _("lấy lại một bản soạn"),
    },
)
