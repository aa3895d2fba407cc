"""The journal of acts, read only."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from hocvuso.base.models import JournalEntry
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.labels import act_in_words
from ...kit.templatetags.kit import or_en

PAGE = 50


@staff(May.SEE_JOURNAL)
def journal(request: PersonRequest) -> HttpResponse:
    """Acts of the people whose roles lie in one's reach, latest first."""
    reach = units_in_reach(request.user, May.SEE_JOURNAL)
    actors = [str(pk) for pk in Person.objects.filter(grants__unit__in=reach).values_list("pk", flat=True).distinct()]
    found = JournalEntry.objects.filter(actor__in=actors).order_by("-number")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    names = {str(p.pk): str(p) for p in Person.objects.filter(pk__in=[e.actor for e in page])}
    keys = {key for entry in page if (key := entry.data.get("indicator"))}
    titles = {i.key: or_en(i.title, i.title_en) for i in Indicator.objects.current().filter(key__in=keys)}
    rows = [
        (
            entry,
            names.get(entry.actor, ""),
            act_in_words(entry.act),
            entry.data.get("title") or titles.get(entry.data.get("indicator")),
        )
        for entry in page
    ]
    return render(request, "admin/journal/journal.html", {"page": page, "rows": rows})
