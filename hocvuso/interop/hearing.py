"""What happens in the rooms below is told to the web hooks that asked for it."""

from hocvuso.base.news import hear
from hocvuso.credentials.models import Credential
from hocvuso.credentials.news import CredentialIssued
from hocvuso.indicators.news import ValuesImported
from hocvuso.library.models import Edition
from hocvuso.library.news import EditionPublished
from hocvuso.movement.models import Allocation, Need, Pledge, ResidentRequest
from hocvuso.movement.news import OutreachMoved, RequestMoved
from hocvuso.plans.models import Plan, Report
from hocvuso.plans.news import PlanMoved, ReportMoved

from .services import tell


@hear(EditionPublished)
def _edition(news: EditionPublished) -> None:
    edition = Edition.objects.select_related("programme").get(pk=news.edition_id)
    tell(
        event="edition.published",
        key=news.edition_id,
        data={"programme": edition.programme.key, "edition": edition.number},
    )


@hear(CredentialIssued)
def _credential(news: CredentialIssued) -> None:
    credential = Credential.objects.select_related("edition__programme").get(pk=news.credential_id)
    data = {"programme": credential.edition.programme.key, "credential": news.credential_id}
    tell(event="credential.issued", key=news.credential_id, data=data)


@hear(PlanMoved)
def _plan(news: PlanMoved) -> None:
    plan = Plan.objects.select_related("unit").get(pk=news.plan_id)
    data = {"plan": news.plan_id, "unit": plan.unit.code, "title": plan.title, "state": news.state}
    tell(event="plan.moved", key=f"{news.plan_id}:{news.state}:{news.at}", data=data, unit=plan.unit)


@hear(ReportMoved)
def _report(news: ReportMoved) -> None:
    report = Report.objects.select_related("unit", "regime").get(pk=news.report_id)
    data = {"report": news.report_id, "unit": report.unit.code, "period": report.period, "state": news.state}
    tell(event="report.moved", key=f"{news.report_id}:{news.state}:{news.at}", data=data, unit=report.unit)


@hear(RequestMoved)
def _request(news: RequestMoved) -> None:
    request = ResidentRequest.objects.select_related("unit").get(pk=news.request_id)
    data = {"request": news.request_id, "unit": request.unit.code, "topic": request.topic, "state": news.state}
    tell(event="request.moved", key=f"{news.request_id}:{news.state}:{news.at}", data=data, unit=request.unit)


@hear(OutreachMoved)
def _outreach(news: OutreachMoved) -> None:
    nouns: dict[str, type[Pledge | Need | Allocation]] = {"pledge": Pledge, "need": Need, "allocation": Allocation}
    thing = nouns[news.noun].objects.get(pk=news.id)
    data = {news.noun: news.id, "unit": thing.unit.code, "state": news.state}
    tell(event=f"{news.noun}.moved", key=f"{news.id}:{news.state}:{news.at}", data=data, unit=thing.unit)


@hear(ValuesImported)
def _values(news: ValuesImported) -> None:
    tell(event="values.imported", key=f"{news.source}:{news.at}", data={"source": news.source, "rows": news.rows})
