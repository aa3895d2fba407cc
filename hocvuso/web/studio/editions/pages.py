"""Editions: send a source folder in, see its checks, review, approve, publish."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.authoring.models import Draft
from hocvuso.base.errors import NotAllowed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.library import queries, services
from hocvuso.library.models import Edition, ReviewComment, WithdrawalRequest
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere, tops_of_reach
from hocvuso.people.rules import Asked, May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import proven_lately, staff
from ...kit.long_work import go_on
from .forms import CommentForm, MoveForm, UploadForm, WithdrawalForm

HERE = (May.AUTHOR, May.REVIEW, May.APPROVE)


def _publish(*, edition: Edition, by: Person) -> Job:
    """Asked for here, and once more by the verb."""
    if not services.may_decide(by, edition):
        raise NotAllowed
    return jobs.ask("edition.publish", by=by, args={"edition": str(edition.pk)}, size=len(edition.lesson_keys))


ACTS: dict[str, Callable[..., Any]] = {
    "submit": services.submit,
    "return_for_revision": services.return_for_revision,
    "approve": services.approve,
    "publish": _publish,
}
OPEN_TO = {
    Edition.State.DRAFT: [("submit", services.may_write)],
    Edition.State.IN_REVIEW: [("approve", services.may_decide), ("return_for_revision", services.may_review)],
    Edition.State.APPROVED: [("publish", services.may_decide), ("return_for_revision", services.may_review)],
    Edition.State.PUBLISHED: [],
    Edition.State.WITHDRAWN: [],
}


@staff(*HERE)
def overview(request: PersonRequest) -> HttpResponse:
    """Programmes of one's units with their latest editions, and those that one's units write for."""
    context = {
        "drafts": Draft.objects.visible_to(request.user).open().select_related("unit").distinct(),
        "editions": queries.latest_editions(request.user),
        "may_author": may_anywhere(request.user, May.AUTHOR),
    }
    return render(request, "studio/editions/overview.html", context)


@staff(May.AUTHOR)
def upload(request: PersonRequest) -> HttpResponse:
    """Send in a programme folder as a ZIP file; it becomes a draft of one's unit, or every fault is named."""
    faults: list[str] = []

    def draft(*, file: UploadedFile, unit: Unit | None = None) -> Job:
        content = file.read()
        args = {"name": file.name, "file": sha256(content).hexdigest(), "unit": str(unit.pk) if unit else None}
        try:
            return jobs.ask("edition.draft", by=request.user, args=args, content=content, size=len(content) >> 10)
        except services.BadSource as error:
            faults.extend(error.faults)
            raise

    form = UploadForm.of(request, units=set(tops_of_reach(request.user, May.AUTHOR)))
    if form.attempt(draft):
        return go_on(request, form.done)
    return answer(request, "studio/editions/upload.html", form, {"faults": faults})


@staff(*HERE)
def edition(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One edition: lessons, checks, coverage of outcomes, comments, what can be done next."""
    found = get_object_or_404(_seen(request).select_related("written_by", "approved_by"), pk=pk)
    return answer(request, "studio/editions/edition.html", _comment_form(request, found), _context(request, found))


def _comment_form(request: PersonRequest, found: Edition) -> CommentForm:
    return CommentForm.of(request, lessons=_lessons(found))


def _lessons(found: Edition) -> list[dict[str, Any]]:
    return [found.content["lessons"][key] for key in found.lesson_keys]


def _seen(request: PersonRequest) -> QuerySet[Edition]:
    return Edition.objects.visible_to(request.user).select_related("programme__owner", "unit")


def _context(request: PersonRequest, found: Edition) -> dict[str, object]:
    lessons = _lessons(found)
    coverage = [
        {
            **outcome,
            "lessons": [lesson["title"] for lesson in lessons if outcome["code"] in lesson["outcomes"]],
            "items": sum(item["outcome"] == outcome["code"] for item in found.items),
        }
        for outcome in found.content["outcomes"]
    ]
    return {
        "edition": found,
        "lessons": lessons,
        "coverage": coverage,
        "spoken": queries.sounds_of(found) if found.state == Edition.State.PUBLISHED and queries.speaks() else None,
        "comments": found.comments.select_related("author").order_by("created_at"),
        "acts": [act for act, allowed in OPEN_TO[Edition.State(found.state)] if allowed(request.user, found)],
        "may_decide": services.may_decide(request.user, found),
        "asked": found.withdrawal_requests.filter(state=Asked.OPEN).select_related("asked_by").first(),
        "asking": WithdrawalForm(),
        "may_come_back": found.state == Edition.State.WITHDRAWN and found.programme.current_id is None,
        "may_author": may_anywhere(request.user, May.AUTHOR),
        "may_comment": services.may_comment(request.user, found),
        "others": _seen(request).filter(programme=found.programme).exclude(pk=found.pk),
    }


@staff(*HERE)
def preview(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """A lesson as the learner will see it."""
    found = get_object_or_404(_seen(request), pk=pk)
    if lesson not in found.content["lessons"]:
        raise Http404
    context = {"edition": found, "lesson": found.content["lessons"][lesson], "article": queries.article(found, lesson)}
    return render(request, "studio/editions/preview.html", context)


@staff(*HERE)
def compare(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What an edition changes in what is published, or in the edition before it, line by line."""
    found = get_object_or_404(_seen(request), pk=pk)
    before = queries.edition_before(found)
    changes = queries.changes(found, before) if before else None
    context = {"edition": found, "before": before, "changes": changes}
    return render(request, "studio/editions/compare.html", context)


@staff(*HERE)
@require_POST
@proven_lately
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Submit, send back, approve, publish."""
    found = get_object_or_404(_seen(request), pk=pk)
    moving = MoveForm.of(request)
    act = ACTS.get(moving["act"].value() or "")
    if act is None:
        raise Http404
    if not moving.attempt(act, edition=found, by=request.user):
        found.refresh_from_db()
        context = _context(request, found) | {"moving": moving, "form": CommentForm(lessons=_lessons(found))}
        return render(request, "studio/editions/edition.html", context, status=409)
    if isinstance(moving.done, Job):
        return go_on(request, moving.done)
    messages.success(request, _("Đã chuyển sang: %(state)s.") % {"state": found.get_state_display()})
    return redirect("edition", found.pk)


@staff(May.APPROVE)
@require_POST
@proven_lately
def ask_withdrawal(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask that a published edition be withdrawn, or a withdrawn one published again; another person confirms."""
    found = get_object_or_404(_seen(request), pk=pk)
    asking = WithdrawalForm.of(request)
    is_out = found.state == Edition.State.WITHDRAWN
    ask = services.ask_republishing if is_out else services.ask_withdrawal
    if not asking.attempt(ask, edition=found, by=request.user):
        context = _context(request, found) | {"asking": asking, "form": CommentForm(lessons=_lessons(found))}
        return render(request, "studio/editions/edition.html", context, status=asking.status)
    messages.success(request, _("Đã gửi đề nghị. Một người khác có quyền này cần xác nhận."))
    return redirect("edition", found.pk)


@staff(May.APPROVE)
@require_POST
@proven_lately
def decide_withdrawal(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Withdraw, or publish again, what another person asked for; or leave it as it is."""
    asked = WithdrawalRequest.objects.filter(state=Asked.OPEN, edition__in=_seen(request))
    found = get_object_or_404(asked.select_related("edition__programme__owner"), pk=pk)
    deciding = MoveForm.of(request)
    act = {"confirm": services.confirm_withdrawal, "decline": services.decline_withdrawal}.get(deciding["act"].value())
    if act is None:
        raise Http404
    if not deciding.attempt(act, request=found, by=request.user):
        edition = _seen(request).get(pk=found.edition_id)
        context = _context(request, edition) | {"moving": deciding, "form": CommentForm(lessons=_lessons(edition))}
        return render(request, "studio/editions/edition.html", context, status=409)
    messages.success(request, _("Đã ghi quyết định."))
    return redirect("edition", found.edition_id)


@staff(May.REVIEW, May.AUTHOR)
@require_POST
def comment(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A comment on a lesson of an edition."""
    found = get_object_or_404(_seen(request), pk=pk)
    form = _comment_form(request, found)
    if form.attempt(services.comment, edition=found, by=request.user):
        return redirect("edition", found.pk)
    return answer(request, "studio/editions/edition.html", form, _context(request, found))


@staff(May.REVIEW, May.AUTHOR)
@require_POST
def resolve(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A comment is dealt with."""
    found = get_object_or_404(ReviewComment.objects.filter(edition__in=_seen(request)), pk=pk)
    services.resolve_comment(comment=found, by=request.user)
    return redirect("edition", found.edition_id)
