"""Residents' requests that one may see: the desk, the file of it, one request."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.base.errors import Refusal
from hocvuso.helpdesk import queries
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.rules import OPEN, RequestState, Topic
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.tables import download
from ...kit.typed import key, page_number

PAGE = 25
VIEWS = {
    "": gettext_lazy("Đang mở"),
    "qua-han": gettext_lazy("Quá hạn"),
    "toi-nhan": gettext_lazy("Tôi nhận"),
    "da-xong": gettext_lazy("Đã khép"),
}


def seen(person: Person, pk: UUID) -> ResidentRequest:
    """The request, for a helper of its unit."""
    found = ResidentRequest.objects.filter(unit__in=units_in_reach(person, May.HELP))
    return get_object_or_404(found.select_related("unit__parent", "asker", "taken_by", "recorded_by"), pk=pk)


@staff(May.HELP)
def requests(request: PersonRequest) -> HttpResponseBase:
    """The desk: requests at one's units, the most pressing first."""
    view, topic = request.GET.get("xem", ""), request.GET.get("loai", "")
    reach = units_in_reach(request.user, May.HELP)
    unit = reach.filter(pk=key(request.GET, "don-vi")).first() if request.GET.get("don-vi") else None
    found = _chosen(view if view in VIEWS else "", reach.under(unit) if unit else reach, request.user)
    if topic in Topic.values:
        found = found.filter(topic=topic)
    if request.GET.get("tai"):
        return _file(request.GET["tai"], found)
    today = timezone.localdate()
    page = Paginator(found, PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "rows": [(row, row.is_late(today)) for row in page],
        "views": VIEWS.items(),
        "view": view,
        "topics": Topic.choices,
        "topic": topic,
        "unit": unit,
        "may_define": may_anywhere(request.user, May.DEFINE),
    }
    return render(request, "office/helpdesk/requests.html", context)


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
    head = [_("Ngày"), _("Đơn vị"), _("Loại việc"), _("Đến bằng cách"), _("Trạng thái"), _("Hạn"), _("Đánh giá")]
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


def page_of(request: PersonRequest, found: ResidentRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a request, with what was refused."""
    today: date = timezone.localdate()
    context: dict[str, Any] = {
        "request_": found,
        "phone": queries.phone_of(found),
        "said": queries.said_under(found),
        "is_open": found.state in OPEN,
        "may_take": found.state in (RequestState.ASKED, RequestState.ANSWERED),
        "may_withdraw": found.recorded_by == request.user,
        "is_late": found.is_late(today),
        "today": today,
        "others": list(queries.units_to_hand_to(found, request.user)),
        "moves": found.moves.select_related("by", "unit"),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "office/helpdesk/request.html", context, status=400 if refusal else 200)
