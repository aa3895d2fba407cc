"""What batches could not take: listed until it is taken, tried again by a press."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import batches
from hocvuso.base.addresses import address_of
from hocvuso.base.models import NotTaken
from hocvuso.people.queries import may_at_the_top
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 50


@staff(May.OPERATE)
def not_taken(request: PersonRequest) -> HttpResponse:
    """Rows of every batch that could not be taken, latest first, by batch and words."""
    form = forms.NotTakenFilter.of(request)
    asked, found = form.asked, _rows(request)
    if asked["batch"]:
        found = found.filter(batch=asked["batch"])
    if text := asked["text"]:
        found = found.filter(Q(why__icontains=text) | Q(shown__icontains=text) | Q(thing__icontains=text))
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    rows = [(row, batches.batch_of(row.batch), _address(row.thing)) for row in page]
    return answer(request, "admin/not_taken/not_taken.html", form, {"page": page, "rows": rows})


def _rows(request: PersonRequest) -> QuerySet[NotTaken]:
    """Rows of the whole country, and so for who operates the whole site. Raises Http404 for others."""
    if not may_at_the_top(request.user, May.OPERATE):
        raise Http404
    return NotTaken.objects.all()


def _address(thing: str) -> str:
    """Where a thing is seen; nothing for what has no page, or a key that is none."""
    word, _colon, key = thing.partition(":")
    try:
        return address_of(word, key) if key else ""
    except NoReverseMatch:
        return ""


@staff(May.OPERATE)
@require_POST
def again(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Try one row once more, now."""
    row = get_object_or_404(_rows(request), pk=pk)
    if batches.try_again(row):
        messages.success(request, _("Đã xử lý được. Dòng này đã ra khỏi danh sách."))
    else:
        messages.warning(request, _("Vẫn chưa xử lý được. Lý do mới nhất ghi ở dưới."))
    return redirect("not-taken")
