"""Residents' requests are urged on like tasks and reports: rules, escalation and inbox are the same."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hocvuso.movement.models import ResidentRequest
from hocvuso.movement.rules_requests import Topic
from hocvuso.plans.queries.urging import Source, register
from hocvuso.plans.rules_urging import SubjectKind


def _open() -> QuerySet[ResidentRequest]:
    return ResidentRequest.objects.open().filter(due_on__isnull=False)


def _titled(topic: str) -> tuple[str, UUID | None]:
    """By topic only: a message never carries the words of a resident."""
    return _("Người dân chờ giúp: %(topic)s") % {"topic": Topic(topic).label}, None


register(SubjectKind.REQUEST, Source(_open, "unit", ("topic",), _titled, "/dieu-hanh/yeu-cau/{}/"))
