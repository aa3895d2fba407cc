"""Mid-term and final reviews: begun from a plan, composed, edited, approved."""

from __future__ import annotations

from datetime import date
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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.base import days, periods
from hocvuso.base.errors import Refusal
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan
from hocvuso.plans.rules import TaskState
from hocvuso.reports.models import Review
from hocvuso.reports.services import reviews

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from . import numbers

PAGE = 30
MOST_PLANS = 200  # in a choice: those of the highest units first
HEADINGS = {
    "general": gettext_lazy("Đánh giá chung"),
    "results": gettext_lazy("Kết quả đạt được"),
    "shortcomings": gettext_lazy("Tồn tại, hạn chế và nguyên nhân"),
    "lessons": gettext_lazy("Bài học kinh nghiệm"),
    "next": gettext_lazy("Phương hướng, nhiệm vụ tiếp theo"),
}


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Reviews in one's reach, and a form to begin one."""
    return _index(request)


def _index(request: PersonRequest, refusal: Refusal | None = None) -> HttpResponse:
    found = Review.objects.visible_to(request.user).select_related("plan__unit")
    plans = Plan.objects.real().filter(unit__in=units_in_reach(request.user, May.REPORT))
    today, asked = timezone.localdate(), _uuid(request.GET.get("ke-hoach", ""))
    first = {"first": f"{today.year}-01-01", "last": today.isoformat(), "plan": str(asked or "")}
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")),
        "plans": plans.exclude(state=Plan.State.DRAFT)
        .select_related("unit")
        .order_by(Case(When(pk=asked, then=0), default=1), Length("unit__path"), "unit__path", "-pk")[:MOST_PLANS],
        "kinds": Review.Kind.choices,
        "refusal": refusal,
        "typed": request.POST if refusal else first,
    }
    return render(request, "office/reports/reviews.html", context, status=400 if refusal else 200)


@staff(May.REPORT)
@require_POST
def begin(request: PersonRequest) -> HttpResponse:
    """Begin a review of a plan."""
    post = request.POST
    plans = Plan.objects.visible_to(request.user).distinct()
    plan = get_object_or_404(plans, pk=_uuid(post.get("plan", "")))
    try:
        kind = post.get("kind", "") if post.get("kind") in Review.Kind.values else Review.Kind.MID_TERM
        first, last = _date(post.get("first", "")), _date(post.get("last", ""))
        made = reviews.begin(plan=plan, kind=kind, title=post.get("title", ""), first=first, last=last, by=request.user)
    except Refusal as refusal:
        return _index(request, refusal)
    return redirect("review", made.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _date(text: str) -> date:
    try:
        return days.read(text, field="last")
    except days.NotADay:
        raise reviews.BadReview(field="last") from None


def _one(request: PersonRequest, pk: UUID) -> Review:
    seen = Review.objects.visible_to(request.user).select_related("plan__unit", "written_by", "approved_by")
    return get_object_or_404(seen, pk=pk)


@staff(May.SEE_FIGURES)
def review(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A review as it stands."""
    return _page(request, _one(request, pk))


def _page(request: PersonRequest, shown: Review, refusal: Refusal | None = None) -> HttpResponse:
    desk = shown.state in (Review.State.DRAFT, Review.State.RETURNED)
    own = str(request.user.pk) in shown.writers or shown.submitted_by_id == request.user.pk
    labels = dict(TaskState.choices)
    counts = shown.facts.get("tasks", {}).get("counts", {})
    context = {
        "review": shown,
        "parts": [(part, HEADINGS[part], shown.text.get(part, "")) for part in reviews.PARTS],
        "figures": [_figure(row) for row in shown.facts.get("figures", [])],
        "tasks": [(labels[state], counts[state], state) for state in TaskState.values if counts.get(state)],
        "named": [row | {"label": labels[row["state"]]} for row in shown.facts.get("tasks", {}).get("named", [])],
        "extracts": [row | {"when": str(periods.parse(row["period"]))} for row in shown.facts.get("extracts", [])],
        "writing": desk and may(request.user, May.REPORT, shown.plan.unit),
        "deciding": shown.state == Review.State.SUBMITTED and may(request.user, May.APPROVE_PLAN, shown.plan.unit),
        "own": own,
        "may_compose": may_anywhere(request.user, May.PLAN),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "office/reports/review.html", context, status=400 if refusal else 200)


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "value": numbers.figure(row["value"], row["decimals"]),
        "target": numbers.figure(row["target"], row["decimals"]),
        "when": str(periods.parse(row["period"])),
        "in_en": row.get("in_en", ""),  # facts composed earlier have none
    }


@staff(May.REPORT)
@require_POST
def save(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save; with `do` compose anew, or hand in for approval."""
    shown = _one(request, pk)
    text = {part: request.POST.get(f"text-{part}", "") for part in reviews.PARTS}
    try:
        reviews.edit(review=shown, title=request.POST.get("title", ""), text=text, by=request.user)
        if request.POST.get("do") == "compose":
            reviews.compose(review=shown, by=request.user)
        elif request.POST.get("do") == "submit":
            reviews.submit(review=shown, by=request.user)
            messages.success(request, _("Đã trình duyệt."))
    except Refusal as refusal:
        return _page(request, shown, refusal)
    return redirect("review", pk)


@staff(May.APPROVE_PLAN)
@require_POST
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve, or return with a reason."""
    shown = _one(request, pk)
    approve = request.POST.get("do") == "approve"
    try:
        reviews.decide(review=shown, approve=approve, note=request.POST.get("note", ""), by=request.user)
    except Refusal as refusal:
        return _page(request, shown, refusal)
    messages.success(request, _("Đã duyệt.") if approve else _("Đã trả lại."))
    return redirect("review", pk)
