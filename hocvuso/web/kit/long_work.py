"""Long work on pages: small work is done when its button is pressed; the rest has a page on which it is watched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hocvuso.base import addresses
from hocvuso.jobs.models import Job

from .subjects import job_pages


def go_on(request: HttpRequest, job: Job) -> HttpResponse:
    """To what came of a job that is done already; else to its page."""
    if not job.is_over:
        return redirect("job", job.pk)
    (messages.success if job.done else messages.warning)(request, job.says)
    return redirect(leads_to(job))


def leads_to(job: Job) -> str:
    """Where one sees what came of a job, or what it is about."""
    word, _colon, key = job.leads_to.partition(":")
    page = job_pages().get(job.kind)
    return addresses.address_of(word, key) if word else page.leads(job.args) if page else reverse("jobs")


def title_of(job: Job) -> str:
    """What a job is called."""
    page = job_pages().get(job.kind)
    name = job.args.get("name")
    title = str(page.title) if page else job.kind
    return f"{title}: {name}" if name else title
