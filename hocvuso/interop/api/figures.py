"""The documented JSON API for machine clients: figures, indices, plans, tasks, reports, flags, values, hooks."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _t
from ninja import File, NinjaAPI, Query, Schema, Status
from ninja.errors import AuthenticationError, ValidationError
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from hocvuso.base import throttle
from hocvuso.base.errors import NotAllowed, Refusal, TooMany
from hocvuso.indicators import periods
from hocvuso.indicators.models import Flag, IndexDefinition, IndexScore, Indicator
from hocvuso.indicators.queries import figures
from hocvuso.indicators.services import importing
from hocvuso.indicators.services.declaring import NotAPeriod
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Report, Task
from hocvuso.plans.rules import TaskFacts, task_state
from hocvuso.units.models import Unit

from . import services, tables
from .models import ApiClient

PAGE = 200
MOST_UNITS, MOST_PERIODS = 500, 60
MAX_BYTES = 512 * 1024 * 1024


class TooMuch(Refusal):
    """More is asked for than one request may hold."""

    code = "too-much"
    says = _t("Mỗi lần hỏi nhiều nhất %(units)s đơn vị và %(periods)s kỳ.")


class Client(HttpBearer):
    """Bearer secret of a machine client."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        """The client, or None: 401."""
        return services.client_of(token)


api = NinjaAPI(
    title="Học vụ số",
    version="1",
    description="Steering data for programs. Errors are problem documents (RFC 9457). Lists have pages of 200 rows.",
    auth=Client(),
    urls_namespace="machine-api",
    openapi_url=None,
    docs_url=None,
)


def problem(status: int, code: str, title: str, field: str = "", detail: Any = None) -> HttpResponse:
    """A problem document."""
    body = {"type": f"urn:hocvuso:problem:{code}", "title": title, "status": status, "field": field}
    if detail is not None:
        body["errors"] = detail
    text = json.dumps(body, ensure_ascii=False, default=str)
    return HttpResponse(text, status=status, content_type="application/problem+json")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 429 if isinstance(error, TooMany) else 409
    return problem(status, error.code, str(error), error.field)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [{"field": ".".join(map(str, e["loc"])), "reason": e["msg"]} for e in error.errors]
    return problem(400, "invalid", "The request does not fit the description.", detail=faults)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "no-client", "Send the secret of a living client: Authorization: Bearer …")


class Paged(Schema):
    count: int
    page: int
    pages: int
    items: list[Any]


def _client(request: Any, scope: str) -> ApiClient:
    """The machine client that asks, after scope and rate are checked; it acts as its service account."""
    client: ApiClient = request.auth
    if scope not in client.scopes:
        raise NotAllowed
    throttle.count("api", str(client.pk), limit=600, minutes=1)
    return client


def _paged(found: Any, page: int, row: Any) -> Paged:
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(page)
    items = [row(item).dict() for item in shown]
    return Paged(count=paginator.count, page=shown.number, pages=paginator.num_pages, items=items)


class UnitRow(Schema):
    id: UUID
    code: str
    name: str
    kind: str
    parent: str | None
    place: str | None


@api.get("/units", response=Paged, summary="Units in reach")
def units(request: HttpRequest, page: int = 1, kind: str = "") -> Paged:
    """Units the client's account reaches."""
    found = (
        units_in_reach(_client(request, "figures:read").account, May.SEE_FIGURES)
        .select_related("parent")
        .order_by("path")
    )
    if kind:
        found = found.filter(kind=kind)
    return _paged(found, page, _unit_row)


def _unit_row(u: Unit) -> UnitRow:
    return UnitRow(
        id=u.pk, code=u.code, name=u.name, kind=u.kind, parent=u.parent.code if u.parent else None, place=u.place_id
    )


class FigureRow(Schema):
    indicator: str
    version: int
    unit: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    kind: str
    withheld: bool


@api.get("/figures", response=list[FigureRow], summary="Figures: indicators × units × periods")
def figure_rows(
    request: HttpRequest, indicator: Query[list[str]], unit: Query[list[str]], period: Query[list[str]]
) -> list[FigureRow]:
    """At most 500 units and 60 periods a request; units by code. Small counts of people are withheld."""
    account = _client(request, "figures:read").account
    if len(unit) > MOST_UNITS or len(period) > MOST_PERIODS:
        raise TooMuch(units=MOST_UNITS, periods=MOST_PERIODS)
    for code in period:
        try:
            periods.parse(code)
        except ValueError:
            raise NotAPeriod(field="period") from None
    indicators = list(Indicator.objects.current().filter(key__in=indicator))
    reach = list(units_in_reach(account, May.SEE_FIGURES).filter(code__in=unit))
    found = figures(indicators=indicators, units=reach, periods=period, viewer=account)
    code_of = {u.pk: u.code for u in reach}
    return [
        FigureRow(
            indicator=key,
            version=f.version,
            unit=code_of[unit_id],
            period=code,
            value=None if f.withheld else f.value,
            numerator=f.numerator,
            denominator=f.denominator,
            kind=f.kind,
            withheld=f.withheld,
        )
        for (key, unit_id, code), f in found.items()
    ]


class ScoreRow(Schema):
    unit: str
    total: float | None
    rank: int | None
    band: str
    parts: dict[str, Any]


@api.get("/indices/{key}/{year}/{period}", response=Paged, summary="Scores of an index")
def scores(request: HttpRequest, key: str, year: int, period: str, page: int = 1) -> Paged:
    """Scores of units in reach, by rank."""
    reach = units_in_reach(_client(request, "figures:read").account, May.SEE_FIGURES)
    index = get_object_or_404(IndexDefinition, key=key, year=year)
    found = IndexScore.objects.filter(index=index, period=period, unit__in=reach).select_related("unit")
    return _paged(
        found.order_by("rank"),
        page,
        lambda s: ScoreRow(unit=s.unit.code, total=s.total, rank=s.rank, band=s.band, parts=s.parts),
    )


class FlagRow(Schema):
    kind: str
    detector: str
    indicator: str
    unit: str
    period: str
    state: str
    facts: dict[str, Any]


@api.get("/flags", response=Paged, summary="Data-quality flags")
def flags(request: HttpRequest, page: int = 1, state: str = "open") -> Paged:
    """Flags of units in reach."""
    reach = units_in_reach(_client(request, "figures:read").account, May.SEE_FIGURES)
    found = Flag.objects.filter(unit__in=reach, state=state).select_related("unit")
    fields = ("kind", "detector", "indicator", "period", "state", "facts")
    return _paged(found, page, lambda f: FlagRow(unit=f.unit.code, **{n: getattr(f, n) for n in fields}))


class PlanRow(Schema):
    id: UUID
    unit: str
    title: str
    number: str
    state: str
    starts_on: date | None
    ends_on: date | None
    answers: UUID | None
    root: UUID | None


@api.get("/plans", response=Paged, summary="Plans")
def plans(request: HttpRequest, page: int = 1, state: str = "", root: UUID | None = None) -> Paged:
    """Plans the account may see."""
    found = Plan.objects.visible_to(_client(request, "plans:read").account).select_related("unit")
    if state:
        found = found.filter(state=state)
    if root:
        found = found.filter(root=root)
    return _paged(found, page, _plan_row)


def _plan_row(p: Plan) -> PlanRow:
    fields = ("title", "number", "state", "starts_on", "ends_on")
    return PlanRow(
        id=p.pk, unit=p.unit.code, answers=p.answers_id, root=p.root_id, **{n: getattr(p, n) for n in fields}
    )


class TaskRow(Schema):
    id: UUID
    plan: UUID
    title: str
    lead_unit: str | None
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    state: str


@api.get("/plans/{plan}/tasks", response=Paged, summary="Tasks of a plan")
def tasks(request: HttpRequest, plan: UUID, page: int = 1) -> Paged:
    """Tasks with their derived states."""
    seen = Plan.objects.visible_to(_client(request, "plans:read").account).filter(pk=plan)
    return _paged(Task.objects.filter(plan__in=seen).select_related("lead_unit"), page, _task_row)


def _task_row(t: Task) -> TaskRow:
    facts = TaskFacts(t.starts_on, t.due_on, t.done_on, t.begun, t.produced)
    return TaskRow(
        id=t.pk,
        plan=t.plan_id,
        title=t.title,
        lead_unit=t.lead_unit.code if t.lead_unit else None,
        starts_on=t.starts_on,
        due_on=t.due_on,
        done_on=t.done_on,
        state=task_state(facts, today=timezone.localdate()),
    )


class ReportRow(Schema):
    id: UUID
    regime: str
    unit: str
    period: str
    due_on: date
    state: str
    submitted_at: datetime | None


@api.get("/reports", response=Paged, summary="Reports")
def reports(request: HttpRequest, page: int = 1, period: str = "", state: str = "") -> Paged:
    """Reports the account may see."""
    found = Report.objects.visible_to(_client(request, "plans:read").account).select_related("unit", "regime")
    if period:
        found = found.filter(period=period)
    if state:
        found = found.filter(state=state)
    return _paged(found.order_by("-due_on", "unit__path"), page, _report_row)


def _report_row(r: Report) -> ReportRow:
    return ReportRow(
        id=r.pk,
        regime=r.regime.title,
        unit=r.unit.code,
        period=r.period,
        due_on=r.due_on,
        state=r.state,
        submitted_at=r.submitted_at,
    )


class ImportFault(Schema):
    row: int
    column: str
    value: str
    reason: str


class ImportResult(Schema):
    stored: int
    rows: int
    faults: list[ImportFault]
    more_faults: int


@api.post("/values", response={200: ImportResult, 422: ImportResult}, summary="Send values (CSV, SDMX-CSV, ADX)")
def values(
    request: HttpRequest, file: File[UploadedFile], kind: str = "", dry_run: bool = False, partial: bool = False
) -> Status:
    """All or nothing: any fault and nothing is stored (422), unless `partial=true`. `dry_run=true` only checks."""
    client = _client(request, "values:write")
    if file.file is None or (file.size or 0) > MAX_BYTES:
        raise tables.BadTable(field="file", why="> 512 MB")
    made = importing.plan(rows=tables.read(file.file, kind), by=client.account)
    refused = bool(made.faults) and not partial
    stored = 0
    if not dry_run and not refused:
        stored = importing.apply(made=made, by=client.account, source=f"api:{client.name}", partial=partial)
    faults = [ImportFault(row=f.row, column=f.column, value=f.value, reason=f.reason) for f in made.faults]
    result = ImportResult(stored=stored, rows=made.count, faults=faults, more_faults=made.more_faults)
    return Status(422 if refused else 200, result)


class HookIn(Schema):
    url: str
    events: list[str]


class HookOut(Schema):
    id: UUID
    url: str
    events: list[str]
    active: bool
    secret: str = ""


@api.get("/hooks", response=list[HookOut], summary="My web hooks")
def hooks(request: HttpRequest) -> list[HookOut]:
    """Hooks of this client; secrets are shown only when made."""
    mine = _client(request, "hooks").hooks.all()
    return [HookOut(id=h.pk, url=h.url, events=h.events, active=h.active) for h in mine]


@api.post("/hooks", response={201: HookOut}, summary="Subscribe a web hook")
def subscribe(request: HttpRequest, hook: HookIn) -> Status:
    """Deliveries are signed by Standard Webhooks; the secret is in this answer only."""
    client = _client(request, "hooks")
    made, secret = services.subscribe(client=client, url=hook.url, events=hook.events)
    return Status(201, HookOut(id=made.pk, url=made.url, events=made.events, active=True, secret=secret))


@api.delete("/hooks/{hook}", response={204: None}, summary="End a web hook")
def unsubscribe(request: HttpRequest, hook: UUID) -> Status:
    """The hook and what waits for it are removed."""
    _client(request, "hooks").hooks.filter(pk=hook).delete()
    return Status(204, None)
