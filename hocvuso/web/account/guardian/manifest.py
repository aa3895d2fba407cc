"""A guardian consents, or takes it back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="dong-y/",
    links={"guardian-link": "guardian"},
    labels={
        "guardian.consented": _("đồng ý cho trẻ học"),
        "guardian.declined": _("không đồng ý cho trẻ học"),
        "guardian.withdrew": _("rút đồng ý cho trẻ học"),
    },
)
