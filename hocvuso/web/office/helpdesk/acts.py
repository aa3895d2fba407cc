"""What helpers do: write down, take, hand over, say, solve; and the terms that leaders promise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.helpdesk.models import RequestTerm
from hocvuso.helpdesk.services import requests as verbs
from hocvuso.helpdesk.services.terms import set_term
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.forms import Form, StepForm, answer
from ...kit.gate import staff
from . import forms
from .pages import PAGE, form_of, page_of, seen

HELPING = (Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.DIGITAL_TEAM)
FORMS: dict[str, type[StepForm]] = {"take": forms.TakeForm, "hand": forms.HandForm}
DONE = {
    "take": gettext_lazy("Bạn đã nhận việc này."),
    "say": gettext_lazy("Đã gửi lời nhắn."),
    "solve": gettext_lazy("Đã ghi là xong. Người hỏi sẽ thấy và đánh giá."),
    "withdraw": gettext_lazy("Đã rút yêu cầu."),
}
MOST_UNITS = 100  # to choose from; whoever reaches more begins at the page of a commune


@staff(May.HELP)
def write_down(request: PersonRequest) -> HttpResponse:
    """A request of somebody who came, called or was met."""
    units = units_in_reach(request.user, May.HELP).filter(kind__in=HELPING, closed_on=None)
    asked = forms.UnitAsked.of(request, within={"unit": units})
    unit = asked.asked["unit"]
    many = units.count() > MOST_UNITS
    offered = units.filter(pk=unit.pk) if unit and many else units
    form = forms.WriteDownForm.of(request, initial={"unit": unit}, within={"unit": offered})
    if form.attempt(verbs.write_down, by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("resident-request", form.done.pk)
    return answer(request, "office/helpdesk/new.html", form, {"many": many, "any": units.exists(), "asked": asked})


@staff(May.HELP)
@require_POST
def act(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The step that a button names."""
    found = seen(request.user, pk)
    step = forms.SayForm.of(request)["step"].value()
    sent = form_of(FORMS.get(step, forms.SayForm), request, found)
    if not sent.take(request=found, by=request.user):
        return page_of(request, found, sent)
    if step == "hand":
        messages.success(request, _("Đã chuyển đến %(unit)s.") % {"unit": sent.cleaned_data["to"]})
        return redirect("resident-requests")
    messages.success(request, DONE[step])
    return redirect("resident-request", pk)


@staff(May.DEFINE)
def terms(request: PersonRequest) -> HttpResponse:
    """In how many days one's units promise to solve requests; nothing is promised until it stands here."""
    reach = units_in_reach(request.user, May.DEFINE)
    stopping = forms.StopForm.of(request, within={"unit": reach})
    form: Form = forms.TermForm.of(request, within={"unit": own_unit_rows(request.user, May.DEFINE)})
    stops = bool(stopping["stop"].value())
    sent, more = (stopping, {"days": None}) if stops else (form, {})
    if sent.attempt(set_term, by=request.user, **more):
        messages.success(request, _("Đã lưu."))
        return redirect("request-terms")
    held = RequestTerm.objects.filter(unit__in=reach).select_related("unit")
    context = {
        "page": Paginator(held.order_by("unit__path"), PAGE).get_page(request.GET.get("trang")),
        "may_help": may_anywhere(request.user, May.HELP),
        "sent": sent,
        "form": forms.TermForm(within={"unit": own_unit_rows(request.user, May.DEFINE)}) if stops else form,
    }
    if sent is form:
        return answer(request, "office/helpdesk/terms.html", form, context)
    return render(request, "office/helpdesk/terms.html", context, status=sent.status)
