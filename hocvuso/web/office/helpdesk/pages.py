"""Residents' requests that one may see: the desk, the file of it, one request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hocvuso.helpdesk import queries
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.rules import OPEN, RequestState
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.forms import StepForm, answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms

PAGE = 25


def seen(person: Person, pk: UUID) -> ResidentRequest:
    """The request, for a helper of its unit."""
    found = ResidentRequest.objects.filter(unit__in=units_in_reach(person, May.HELP))
    return get_object_or_404(found.select_related("unit__parent", "asker", "taken_by", "recorded_by"), pk=pk)


@staff(May.HELP)
def requests(request: PersonRequest) -> HttpResponseBase:
    """The desk: requests at one's units, the most pressing first."""
    reach = units_in_reach(request.user, May.HELP)
    form = forms.RequestsFilter.of(request, within={"unit": reach})
    asked = form.asked
    unit = asked["unit"]
    found = _chosen(asked["view"], reach.under(unit) if unit else reach, request.user)
    if asked["topic"]:
        found = found.filter(topic=asked["topic"])
    if request.GET.get("tai") and form.is_valid():
        return _file(request.GET["tai"], found)
    today = timezone.localdate()
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, row.is_late(today)) for row in page],
        "asked": asked,
        "may_define": may_anywhere(request.user, May.DEFINE),
    }
    return answer(request, "office/helpdesk/requests.html", form, context)


def _chosen(view: str, units: QuerySet[Unit], person: Person) -> QuerySet[ResidentRequest]:
    found = ResidentRequest.objects.filter(unit__in=units).select_related("unit", "taken_by")
    if view == "da-xong":
        return found.exclude(state__in=OPEN).order_by("-created_at")
    if view == "qua-han":
        found = found.late(timezone.localdate())
    elif view == "toi-nhan":
        found = found.filter(taken_by=person)
    return found.open().order_by(F("due_on").asc(nulls_last=True), "created_at")


def _file(kind: str, found: QuerySet[ResidentRequest]) -> HttpResponseBase:
    """Dates, states and ratings; not who asked nor what: that stays on the page of the request."""
    head = [
        _("Ngày"),
        _("Đơn vị"),
        _("Loại việc"),
        _("Đến bằng cách"),
        _("Trạng thái"),
        _("Hạn"),
        pgettext("of help", "Đánh giá"),
    ]
    rows = (
        [
            timezone.localdate(r.created_at), r.unit.name, r.get_topic_display(), r.get_channel_display(),
            r.get_state_display(), r.due_on, r.rating,
        ]
        for r in found.iterator(1000)
    )  # fmt: skip
    return download(kind, "yeu-cau", head, rows)


@staff(May.HELP)
def one(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One request: who asks, what was said, the next step."""
    return page_of(request, seen(request.user, pk))


def form_of(form: type[StepForm], request: PersonRequest, found: ResidentRequest) -> StepForm:
    """The form of a step as it was sent. To hand over: within the commune; once it is taken, also to another here."""
    if form is not forms.HandForm:
        return form.of(request)
    return form.of(request, row=found, within={"to": _next(request.user, found)})


def _next(person: Person, found: ResidentRequest) -> QuerySet[Unit]:
    others = queries.units_to_hand_to(found, person)
    return others | Unit.objects.filter(pk=found.unit_id) if found.state == RequestState.TAKEN else others


def page_of(request: PersonRequest, found: ResidentRequest, sent: StepForm | None = None) -> HttpResponse:
    """The page of a request; of its forms, the one that was sent, the others as they are at first."""
    hand_to = _next(request.user, found)
    context: dict[str, Any] = {
        "request_": found,
        "phone": queries.phone_shown(found, request.user),
        "near": queries.works_with(request.user, found),
        "said": queries.said_under(found),
        "is_open": found.state in OPEN,
        "may_take": found.state in (RequestState.ASKED, RequestState.ANSWERED),
        "may_hand": hand_to.exists(),
        "may_withdraw": found.recorded_by == request.user,
        "is_late": found.is_late(timezone.localdate()),
        "moves": found.moves.select_related("by", "unit"),
        "sent": sent,
        "taking": sent if isinstance(sent, forms.TakeForm) else forms.TakeForm(),
        "saying": sent if isinstance(sent, forms.SayForm) else forms.SayForm(),
        "handing": sent if isinstance(sent, forms.HandForm) else forms.HandForm(row=found, within={"to": hand_to}),
    }
    return render(request, "office/helpdesk/request.html", context, status=sent.status if sent else 200)
