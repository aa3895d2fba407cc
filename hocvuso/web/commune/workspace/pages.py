"""The commune's workspace: duties and due times, figures owed, how residents learn, the morning brief."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from hocvuso.base.fields import holding
from hocvuso.indicators.services import rollup
from hocvuso.overview.queries.communes import communes_in_reach
from hocvuso.overview.queries.communes import workspace as workspace_of
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.gate import staff

PAGE = 50


@staff(May.SEE_FIGURES)
def workspace(request: PersonRequest) -> HttpResponse:
    """One commune's page; whoever reaches more than one chooses first."""
    communes = communes_in_reach(request.user)
    asked = request.GET.get("unit")
    if asked:
        unit = get_object_or_404(communes, pk=_uuid(asked))
    elif communes.count() == 1:
        unit = communes.get()
    else:
        return _choose(request, communes)
    rollup.freshen()
    work = workspace_of(unit, request.user, timezone.localdate())
    return render(request, "commune/workspace/workspace.html", {"work": work, "today": timezone.localdate()})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _choose(request: PersonRequest, communes: QuerySet[Unit]) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    page = Paginator(communes.filter(holding(text)), PAGE).get_page(request.GET.get("trang"))
    return render(request, "commune/workspace/choose.html", {"q": text, "page": page})
