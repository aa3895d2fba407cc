"""What helpers do: write down, take, hand over, say, solve; and the terms that leaders promise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.helpdesk.models import RequestTerm, ResidentRequest
from hocvuso.helpdesk.rules import LONGEST_TERM, Channel, Topic
from hocvuso.helpdesk.services import requests as verbs
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.gate import staff
from .pages import PAGE, page_of, seen

HELPING = (Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.DIGITAL_TEAM)
MOST_UNITS = 100  # to choose from; whoever reaches more begins at the page of a commune


@staff(May.HELP)
def write_down(request: PersonRequest) -> HttpResponse:
    """A request of somebody who came, called or was met."""
    units = units_in_reach(request.user, May.HELP).filter(kind__in=HELPING, closed_on=None)
    asked = typed.key(request.POST or request.GET, "unit")
    many = units.count() > MOST_UNITS
    context: dict[str, Any] = {
        "units": (units.filter(pk=asked) if asked and many else units)[:MOST_UNITS],
        "many": many,
        "topics": Topic.choices,
        "channels": [(c.value, c.label) for c in Channel if c != Channel.PAGE],
        "typed": request.POST or {"unit": str(asked or "")},
    }
    if request.method != "POST":
        return render(request, "office/helpdesk/new.html", context)
    try:
        made = verbs.write_down(
            unit=get_object_or_404(units, pk=asked),
            **typed.words(request.POST, ["topic", "text", "channel"]),
            caller=verbs.Caller(**typed.words(request.POST, ["name", "phone"])),
            by=request.user,
        )
    except Refusal as refusal:
        return render(request, "office/helpdesk/new.html", context | {"refusal": refusal}, status=400)
    messages.success(request, _("Đã ghi."))
    return redirect("resident-request", made.pk)


@staff(May.HELP)
@require_POST
def act(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The step that a button names."""
    found, do = seen(request.user, pk), request.POST.get("do", "say")
    try:
        done = _done(request, found, do)
    except Refusal as refusal:
        return page_of(request, found, refusal)
    messages.success(request, done)
    return redirect("resident-requests" if do == "hand" else "resident-request", *([] if do == "hand" else [pk]))


def _done(request: PersonRequest, found: ResidentRequest, do: str) -> str:
    text, by = request.POST.get("text", ""), request.user
    match do:
        case "take":
            verbs.take(request=found, day=typed.day(request.POST, "day"), by=by)
            return _("Bạn đã nhận việc này.")
        case "hand":
            to = get_object_or_404(units_in_reach(by, May.HELP), pk=typed.key(request.POST, "to"))
            verbs.hand_over(request=found, to=to, by=by)
            return _("Đã chuyển đến %(unit)s.") % {"unit": to}
        case "solve":
            verbs.solve(request=found, text=text, by=by)
            return _("Đã ghi là xong. Người hỏi sẽ thấy và đánh giá.")
        case "withdraw":
            verbs.withdraw(request=found, by=by)
            return _("Đã rút yêu cầu.")
    verbs.say(request=found, text=text, by=by)
    return _("Đã gửi lời nhắn.")


@staff(May.DEFINE)
def terms(request: PersonRequest) -> HttpResponse:
    """In how many days one's units promise to solve requests; nothing is promised until it stands here."""
    units, refusal = own_units(request.user, May.DEFINE), None
    if request.method == "POST":
        unit = get_object_or_404(units_in_reach(request.user, May.DEFINE), pk=typed.key(request.POST, "unit"))
        days = request.POST.get("days", "").strip()
        try:
            stop = "stop" in request.POST
            if not stop and not (days.isascii() and days.isdecimal() and len(days) < 4):
                raise verbs.BadTerm(field="days", most=LONGEST_TERM)
            basis = request.POST.get("basis", "")
            verbs.set_term(unit=unit, days=None if stop else int(days), basis=basis, by=request.user)
            messages.success(request, _("Đã lưu."))
            return redirect("request-terms")
        except Refusal as error:
            refusal = error
    held = RequestTerm.objects.filter(unit__in=units_in_reach(request.user, May.DEFINE)).select_related("unit")
    context = {
        "units": units,
        "page": Paginator(held.order_by("unit__path"), PAGE).get_page(typed.page_number(request.GET)),
        "most": LONGEST_TERM,
        "may_help": may_anywhere(request.user, May.HELP),
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "office/helpdesk/terms.html", context, status=400 if refusal else 200)
