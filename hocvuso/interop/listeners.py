"""What happens in the rooms below is told to the web hooks that asked for it; and what it means for programs."""

from django.utils.translation import gettext_lazy as _

from hocvuso.base.events import on
from hocvuso.credentials.events import CredentialIssued
from hocvuso.credentials.models import Credential
from hocvuso.helpdesk.events import RequestMoved
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.indicators.events import ValuesImported
from hocvuso.library.events import EditionPublished
from hocvuso.library.models import Edition
from hocvuso.people.events import RoleEnded
from hocvuso.people.models import RoleGrant
from hocvuso.people.queries import who_could_fill
from hocvuso.plans.events import PlanMoved
from hocvuso.plans.models import Plan
from hocvuso.reminders.services import notices
from hocvuso.reports.events import ReportMoved
from hocvuso.reports.models import Report
from hocvuso.resources.events import ResourceMoved
from hocvuso.resources.models import Allocation, Need, Pledge

from .services import orphans, tell


@on(RoleEnded, "programs")
def _maker_left(event: RoleEnded) -> None:
    """Who can give its role is told of a program whose maker cannot any more: its secret still works."""
    maker = RoleGrant.objects.values_list("person", flat=True).get(pk=event.grant_id)
    for client, role in orphans(made_by=maker):
        notices.tell(
            about=f"{event.grant_id}:{client.pk}",
            people=who_could_fill(role),
            subject=_("Một chương trình dùng API không còn người phụ trách"),
            text=_(
                "Người tạo mã bí mật cho chương trình “%(program)s” ở %(unit)s không còn quyền ấy, mà mã vẫn dùng "
                "được. Nếu còn cần, hãy tạo mã mới; rồi dừng mã cũ."
            ),
            program=client.name,
            unit=role.unit,
        )


@on(EditionPublished, "webhooks")
def _edition(event: EditionPublished) -> None:
    """Queue `edition.published` for web hooks."""
    edition = Edition.objects.select_related("programme").get(pk=event.edition_id)
    tell(
        event="edition.published",
        key=event.edition_id,
        data={"programme": edition.programme.key, "edition": edition.number},
    )


@on(CredentialIssued, "webhooks")
def _credential(event: CredentialIssued) -> None:
    """Queue `credential.issued` for web hooks."""
    credential = Credential.objects.select_related("edition__programme").get(pk=event.credential_id)
    data = {"programme": credential.edition.programme.key, "credential": event.credential_id}
    if credential.supersedes_id:
        data["supersedes"] = str(credential.supersedes_id)
    tell(event="credential.issued", key=event.credential_id, data=data)


@on(PlanMoved, "webhooks")
def _plan(event: PlanMoved) -> None:
    """Queue `plan.moved` for web hooks."""
    plan = Plan.objects.select_related("unit").get(pk=event.plan_id)
    data = {"plan": event.plan_id, "unit": plan.unit.code, "title": plan.title, "state": event.state}
    tell(event="plan.moved", key=f"{event.plan_id}:{event.state}:{event.at}", data=data, unit=plan.unit)


@on(ReportMoved, "webhooks")
def _report(event: ReportMoved) -> None:
    """Queue `report.moved` for web hooks."""
    report = Report.objects.select_related("unit", "regime").get(pk=event.report_id)
    data = {"report": event.report_id, "unit": report.unit.code, "period": report.period, "state": event.state}
    tell(event="report.moved", key=f"{event.report_id}:{event.state}:{event.at}", data=data, unit=report.unit)


@on(RequestMoved, "webhooks")
def _request(event: RequestMoved) -> None:
    """Queue `request.moved` for web hooks."""
    request = ResidentRequest.objects.select_related("unit").get(pk=event.request_id)
    data = {"request": event.request_id, "unit": request.unit.code, "topic": request.topic, "state": event.state}
    tell(event="request.moved", key=f"{event.request_id}:{event.state}:{event.at}", data=data, unit=request.unit)


@on(ResourceMoved, "webhooks")
def _resource(event: ResourceMoved) -> None:
    """Queue `pledge.moved`, `need.moved` or `allocation.moved` for web hooks."""
    nouns: dict[str, type[Pledge | Need | Allocation]] = {"pledge": Pledge, "need": Need, "allocation": Allocation}
    thing = nouns[event.noun].objects.get(pk=event.id)
    data = {event.noun: event.id, "unit": thing.unit.code, "state": event.state}
    tell(event=f"{event.noun}.moved", key=f"{event.id}:{event.state}:{event.at}", data=data, unit=thing.unit)


@on(ValuesImported, "webhooks")
def _values(event: ValuesImported) -> None:
    """Queue `values.imported` for web hooks."""
    tell(event="values.imported", key=f"{event.source}:{event.at}", data={"source": event.source, "rows": event.rows})
