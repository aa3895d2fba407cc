"""The calendar of facts: what published lessons cite, what wants reading again, and that somebody did."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.library import queries
from hocvuso.library.citations import Cited, cited
from hocvuso.library.models import Programme
from hocvuso.library.services_sources import check_source, may_check_sources
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .forms import SourceForm, SourcesFilter

PAGE = 25


def _mine(request: PersonRequest) -> QuerySet[Programme]:
    """Published programmes of units where one may write, review or approve."""
    reach = [units_in_reach(request.user, act) for act in (May.AUTHOR, May.REVIEW, May.APPROVE)]
    return queries.published().filter(Q(owner__in=reach[0]) | Q(owner__in=reach[1]) | Q(owner__in=reach[2]))


@staff(May.AUTHOR, May.REVIEW, May.APPROVE)
def sources(request: PersonRequest) -> HttpResponse:
    """Sources of published lessons, those that want reading first; a POST says that one was read again."""
    programmes = {programme.key: programme for programme in _mine(request).select_related("owner")}
    named = [(key, one.published_edition.content["title"]) for key, one in programmes.items()]
    asked = SourcesFilter.of(request, programmes=named)
    sent = SourceForm.of(request)
    if request.method == "POST" and _checked(request, programmes, sent):
        messages.success(request, _("Đã ghi: nguồn này vừa được đọc lại."))
        return redirect(request.get_full_path())
    chosen = asked.asked["programme"]
    found = cited([one for key, one in programmes.items() if chosen in ("", key)], on=timezone.localdate())
    listed = [one for one in found if one.doubts or asked.asked["doubt"] == "moi"]
    page = Paginator(listed, PAGE).get_page(request.GET.get("trang"))
    writable = {key for key, one in programmes.items() if may_check_sources(request.user, one)}
    rows = [
        (one, _form(one, sent, number) if one.programme.key in writable else None) for number, one in enumerate(page)
    ]
    lost = None if any(form is sent for _one, form in rows) else sent  # what was refused is said in any case
    context = {"asked": asked, "page": page, "rows": rows, "lost": lost}
    return render(request, "studio/editions/sources.html", context, status=max(sent.status, asked.status))


def _checked(request: PersonRequest, programmes: dict[str, Programme], sent: SourceForm) -> bool:
    programme = programmes.get(sent["programme"].value())
    if programme is None:
        raise Http404
    return sent.attempt(check_source, programme=programme, source=sent["source"].value(), by=request.user)


def _form(one: Cited, sent: SourceForm, number: int) -> SourceForm:
    """The form of a source: what was sent where it was of this one."""
    about = {"programme": one.programme.key, "source": one.title}
    if sent.is_bound and about == {name: sent[name].value() for name in about}:
        return sent
    return SourceForm(initial=about, auto_id=f"n{number}-%s")
