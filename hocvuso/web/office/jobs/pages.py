"""Jobs of a person: all of them; one with its progress, its faults, what can be done next. Nobody else sees them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.words import thing_of
from hocvuso.jobs import services as work
from hocvuso.jobs.models import Job

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.long_work import leads_to, title_of
from ...kit.subjects import job_pages
from ...kit.tables import download

PAGE = 25
SHOWN = 50  # faults on the page; the file has all of them


def _mine(request: PersonRequest) -> QuerySet[Job]:
    return Job.objects.filter(by_id=request.user.pk).order_by("-created_at")


@staff()
def jobs(request: PersonRequest) -> HttpResponse:
    """All that I asked for, the latest first."""
    page = Paginator(_mine(request), PAGE).get_page(request.GET.get("trang"))
    rows = [(job, title_of(job)) for job in page]
    return render(request, "office/jobs/jobs.html", {"page": page, "rows": rows})


@staff()
def job(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """How it goes and what came of it; the page is fresh by itself while it goes on."""
    found = get_object_or_404(_mine(request), pk=pk)
    if (kind := request.GET.get("tai")) and found.faults:
        return download(kind, "loi", [_("Dòng"), _("Cột"), _("Giá trị"), _("Lý do")], found.faults)
    known = job_pages().get(found.kind)
    context = {
        "job": found,
        "title": title_of(found),
        "unit": thing_of(found.unit) if found.unit else None,
        "faults": found.faults[:SHOWN],
        "count": len(found.faults) + found.more_faults,
        "then": known.then if known and found.then and found.state == Job.State.DONE else "",
        "leads": leads_to(found),
    }
    return render(request, "office/jobs/job.html", context)


@staff()
@require_POST
def go_further(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask for what may follow, as to write what was only looked at."""
    return redirect("job", work.ask_next(get_object_or_404(_mine(request), pk=pk), by=request.user).pk)


@staff()
@require_POST
def cancel(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Stop it."""
    found = get_object_or_404(_mine(request), pk=pk)
    work.cancel(found, by=request.user)
    messages.success(request, _("Đã dừng."))
    return redirect("job", found.pk)
