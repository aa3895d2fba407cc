"""A consultation of both provincial departments by the ministry, built with the real verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from hocvuso.consultations.models import Comment, Consultation, Invitation
from hocvuso.consultations.services import commenting, consulting
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

TEXT = "Điều 1. Phạm vi\n1. Cả nước.\n2. Trừ hải đảo.\nĐiều 2. Hiệu lực"


@dataclass
class Consulted:
    """Hoa is the ministry's officer; An answers for Sở Một, Xuân leads Sở Hai."""

    consultation: Consultation
    hoa: Person
    an: Person
    xuan: Person

    def invitation(self, unit) -> Invitation:
        return self.consultation.invitations.get(unit=unit)

    def say(self, unit, by, label="Điều 1 khoản 2", kind="change", text="Bỏ hải đảo", **more) -> Comment:
        clause = self.consultation.clauses.get(label=label) if label else None
        return commenting.comment(invitation=self.invitation(unit), clause=clause, kind=kind, text=text, by=by, **more)


def prepare(cast, *, send=True) -> Consulted:
    """The consultation; sent out unless asked otherwise."""
    roles.grant(person=cast.hoa, role=Role.OFFICER, unit=cast.ministry, by=None)
    roles.grant(person=cast.an, role=Role.OFFICER, unit=cast.here, by=None)
    due = timezone.localdate() + timedelta(days=7)
    made = consulting.draft(unit=cast.ministry, by=cast.hoa, title="Dự thảo kế hoạch", due_on=due)
    consulting.set_document(consultation=made, text=TEXT, by=cast.hoa)
    consulting.invite(consultation=made, units=[cast.here, cast.next_door], by=cast.hoa)
    if send:
        made = consulting.open_consultation(consultation=made, by=cast.hoa)
    return Consulted(made, cast.hoa, cast.an, cast.xuan)
