"""Mid-term and final reviews: begun from a plan, composed, edited, approved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan
from hocvuso.plans.rules import TaskState
from hocvuso.reports.models import Review
from hocvuso.reports.services import reviews

from ...kit.auth import PersonRequest
from ...kit.figures import to_decimals
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 30
TEMPLATE = "office/reports/review.html"


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Reviews in one's reach, and a form to begin one."""
    return _index(request, _beginning(request))


def _beginning(request: PersonRequest) -> forms.BeginReviewForm:
    """The form to begin one, with the plan that the address names first."""
    mine = Plan.objects.real().filter(unit__in=units_in_reach(request.user, May.REPORT))
    plans = mine.exclude(state=Plan.State.DRAFT).select_related("unit")
    asked = forms.PlanAsked.of(request, within={"plan": plans}).asked["plan"]
    first = Case(When(pk=asked.pk if asked else None, then=0), default=1)
    today = timezone.localdate()
    return forms.BeginReviewForm.of(
        request,
        initial={"plan": asked, "first": today.replace(month=1, day=1), "last": today},
        within={"plan": plans.order_by(first, Length("unit__path"), "unit__path", "-pk")},
    )


def _index(request: PersonRequest, beginning: forms.BeginReviewForm) -> HttpResponse:
    found = Review.objects.visible_to(request.user).select_related("plan__unit")
    plans: Any = beginning.fields["plan"]
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")),
        "may_begin": plans.queryset.exists(),
        "asked": forms.PlanAsked.of(request, within={"plan": plans.queryset}),
    }
    return answer(request, "office/reports/reviews.html", beginning, context)


@staff(May.REPORT)
@require_POST
def begin(request: PersonRequest) -> HttpResponse:
    """Begin a review of a plan."""
    form = _beginning(request)
    if form.attempt(reviews.begin, by=request.user):
        return redirect("review", form.done.pk)
    return _index(request, form)


def _one(request: PersonRequest, pk: UUID) -> Review:
    seen = Review.objects.visible_to(request.user).select_related("plan__unit", "written_by", "approved_by")
    return get_object_or_404(seen, pk=pk)


@staff(May.SEE_FIGURES)
def review(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A review as it stands."""
    return render(request, TEMPLATE, _context(request, _one(request, pk)))


def _context(
    request: PersonRequest,
    shown: Review,
    writing: forms.ReviewForm | None = None,
    deciding: forms.DecideReviewForm | None = None,
) -> dict[str, Any]:
    """What the page shows; `writing` and `deciding` are forms that were sent, which keep what was typed."""
    desk = shown.state in (Review.State.DRAFT, Review.State.RETURNED)
    own = str(request.user.pk) in shown.writers or shown.submitted_by_id == request.user.pk
    labels = dict(TaskState.choices)
    counts = shown.facts.get("tasks", {}).get("counts", {})
    if desk and may(request.user, May.REPORT, shown.plan.unit):
        writing = writing or forms.ReviewForm(row=shown)
    decides = shown.state == Review.State.SUBMITTED and may(request.user, May.APPROVE_PLAN, shown.plan.unit)
    if decides and not own:
        deciding = deciding or forms.DecideReviewForm(row=shown)
    labels_of = forms.ReviewForm.base_fields
    return {
        "review": shown,
        "parts": [(labels_of[part].label, shown.text.get(part, "")) for part in reviews.PARTS],
        "figures": [_figure(row) for row in shown.facts.get("figures", [])],
        "tasks": [(labels[state], counts[state], state) for state in TaskState.values if counts.get(state)],
        "named": [row | {"label": labels[row["state"]]} for row in shown.facts.get("tasks", {}).get("named", [])],
        "extracts": [row | {"when": str(periods.parse(row["period"]))} for row in shown.facts.get("extracts", [])],
        "writing": writing,
        "deciding": deciding,
        "left_to_another": decides and own,
        "may_compose": may_anywhere(request.user, May.PLAN),
    }


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "value": to_decimals(row["value"], row["decimals"]),
        "target": to_decimals(row["target"], row["decimals"]),
        "when": str(periods.parse(row["period"])),
        "in_en": row.get("in_en", ""),  # facts composed earlier have none
    }


@staff(May.REPORT)
def save(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save; with `do` compose anew, or hand in for approval. What is refused saves nothing."""
    shown = _one(request, pk)
    form = forms.ReviewForm.of(request, row=shown)
    if form.take(review=shown, by=request.user):
        if form.cleaned_data["step"] == "submit":
            messages.success(request, _("Đã trình duyệt."))
    elif form.is_bound:
        return answer(request, TEMPLATE, form, _context(request, _one(request, pk), writing=form))
    return redirect("review", pk)


@staff(May.APPROVE_PLAN)
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve, or return with a reason. Changed meanwhile, it is shown as it is now, with the reason as typed."""
    shown = _one(request, pk)
    form = forms.DecideReviewForm.of(request, row=shown)
    if form.take(review=shown, by=request.user):
        approved = form.cleaned_data["step"] == "approve"
        messages.success(request, _("Đã duyệt.") if approved else _("Đã trả lại."))
    elif form.is_bound:
        return render(request, TEMPLATE, _context(request, _one(request, pk), deciding=form), status=form.status)
    return redirect("review", pk)
