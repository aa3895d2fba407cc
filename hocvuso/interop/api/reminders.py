"""The log of what was urged."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema

from hocvuso.base.errors import Refusal
from hocvuso.reminders import sources
from hocvuso.reminders.models import Reminder

from .common import Listing, Page, Scope, account_of, api, filled, paged


class NoSuchKind(Refusal):
    """The word names no kind of thing that is reminded of."""

    code = "no-such-kind"
    says = _("Không có loại việc này. Có: %(kinds)s.")


class UrgingRow(Schema):
    id: UUID
    kind: str
    subject: UUID
    title: str
    unit: str
    due_on: date
    rule: UUID | None
    rule_key: str
    days_from_due: int | None
    by_hand: bool
    told_at: datetime
    read_at: datetime | None
    over_at: datetime | None


@api.get("/urgings", response=Page[UrgingRow], summary="What was urged", tags=["urging"])
def urgings(request: HttpRequest, asked: Query[Listing], kind: str = "") -> Page[UrgingRow]:
    """The log within the account's reach for urging, the latest first: one row a person told, without the person.
    `subject` is the id of a task or report, `days_from_due` that of the rule; `over_at`: when it was found done.
    """
    if kind and kind not in sources.kinds():
        raise NoSuchKind(field="kind", kinds=", ".join(sources.kinds()))
    found = Reminder.objects.visible_to(account_of(request, Scope.URGING_READ))
    if kind:
        found = found.filter(kind=kind)
    found = asked.made_since(asked.of_unit(found), "told_at")
    return paged(found.select_related("unit", "rule").order_by("-told_at", "-pk"), asked.page, _urging_row)


def _urging_row(urging: Reminder) -> UrgingRow:
    rule = urging.rule
    return filled(
        UrgingRow,
        urging,
        subject=urging.subject_id,
        unit=urging.unit.code,
        rule=urging.rule_id,
        rule_key=rule.key if rule else "",
        days_from_due=rule.offset if rule else None,
        by_hand=urging.rule_key.startswith(Reminder.BY_HAND),
    )
