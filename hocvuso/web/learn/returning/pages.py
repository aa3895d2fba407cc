"""What brings a learner back: the goal of a week, reminders of reviews, their end with one tap."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.learning import queries
from hocvuso.learning.rules import MOST_UNANSWERED
from hocvuso.learning.services import calling, goals
from hocvuso.reminders.services import devices

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in
from .forms import GoalForm, RemindForm


@signed_in
def goal(request: PersonRequest) -> HttpResponse:
    """How many lessons a week I want to do."""
    week = queries.this_week(request.user)
    form = GoalForm.of(request, initial={"lessons": str(week.goal)})
    if form.attempt(goals.choose, person=request.user):
        messages.success(request, _("Đã đổi mục tiêu."))
        return redirect("my-learning")
    return answer(request, "learn/returning/goal.html", form)


@signed_in
def remind(request: PersonRequest) -> HttpResponse:
    """Whether, how and when I am reminded of what I am about to forget."""
    reminder = queries.review_reminder(request.user)
    ways = calling.ways_for(request.user)
    form = RemindForm.of(request, row=reminder, ways=ways, initial=None if reminder else {"way": ways[0]})
    if form.attempt(calling.choose, person=request.user):
        messages.success(request, _("Đã đặt. Khi có câu sắp quên, bạn sẽ được nhắc."))
        return redirect("remind")
    context = {"reminder": reminder, "key": devices.public_key(), "most": MOST_UNANSWERED}
    context["silent"] = reminder is not None and calling.is_silent(reminder)
    return answer(request, "learn/returning/remind.html", form, context)


@signed_in
@require_POST
def stop(request: PersonRequest) -> HttpResponse:
    """Be reminded no more."""
    calling.stop(person=request.user)
    messages.success(request, _("Đã thôi nhắc."))
    return redirect("remind")


@everybody
@csrf_exempt  # programs of mail and the notification itself send it (RFC 8058); the link alone gives the right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """End reminders by the link of a message, without signing in: shown when asked for, done when sent."""
    try:
        reminder = calling.stop_by(token=token) if request.method == "POST" else calling.reminder_of(token)
    except calling.NoSuchReminder as refusal:
        return render(request, "learn/returning/stop.html", {"refusal": refusal}, status=404)
    return render(request, "learn/returning/stop.html", {"reminder": reminder})
