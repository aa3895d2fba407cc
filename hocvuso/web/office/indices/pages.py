"""Indices: the ladder of a period, a unit's parts, history and best gains; a year's definition."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.indicators.services import may_define
from hocvuso.indices import queries, services
from hocvuso.indices.models import IndexDefinition, IndexRun, IndexScore
from hocvuso.indices.rules import Definition
from hocvuso.jobs import services as jobs
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on
from ...kit.tables import download
from .forms import KINDS, ComputeForm, DefinitionForm, LadderFilter

PAGE = 50
MOST_RUNS = 20  # computings that a page links to, the current one first


@staff(May.SEE_FIGURES)
def indices(request: PersonRequest) -> HttpResponse:
    """All indices, their latest version."""
    rows = [(index, Definition.model_validate(index.definition)) for index in queries.latest_indices()]
    return render(request, "office/indices/indices.html", {"rows": rows, "may_define": may_define(request.user)})


def _index(key: str, year: int) -> IndexDefinition:
    return get_object_or_404(IndexDefinition, key=key, year=year)


def _filter(request: PersonRequest) -> LadderFilter:
    return LadderFilter.of(request, defaults={"period": _this_year(), "kind": KINDS[0].value})


def _this_year() -> str:
    return periods.containing(periods.PeriodType.YEAR, timezone.localdate()).code


@staff(May.SEE_FIGURES)
def ladder(request: PersonRequest, key: str, year: int) -> HttpResponseBase:
    """Units of one kind from first to last; ranks are public inside the house, as on the national portal."""
    index, form = _index(key, year), _filter(request)
    if (kind_of_file := request.GET.get("tai")) and form.is_valid():
        return _file(request, index, form, kind_of_file)
    return _ladder(request, index, form)


def _asked(form: LadderFilter) -> tuple[str, str]:
    """The period and the kind; by default this year and the first kind."""
    return form.asked["period"] or _this_year(), form.asked["kind"] or KINDS[0].value


def _asked_run(request: PersonRequest) -> UUID | None:
    """The id of an earlier computing that is asked for. Raises Http404 for what is none."""
    asked = request.GET.get("lan")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise Http404 from None


def _run(request: PersonRequest, runs: QuerySet[IndexRun]) -> IndexRun | None:
    """The computing that is asked for; else the current one, if there is any."""
    asked = _asked_run(request)
    return get_object_or_404(runs, pk=asked) if asked else runs.first()


def _file(request: PersonRequest, index: IndexDefinition, form: LadderFilter, kind_of_file: str) -> HttpResponseBase:
    period, kind = _asked(form)
    run = _run(request, queries.runs(index, period, kind))
    criteria = Definition.model_validate(index.definition).criteria
    head = [_("Hạng"), _("Đơn vị"), _("Tổng điểm"), _("Loại"), *(c.title for c in criteria)]
    rows = (
        [s.rank, s.unit.name, s.total, s.band, *(s.parts.get(c.code, {}).get("points") for c in criteria)]
        for s in queries.ladder(run)
    )
    return download(kind_of_file, f"{index.key}-{period}", head, rows)


def _ladder(
    request: PersonRequest, index: IndexDefinition, form: LadderFilter, computing: ComputeForm | None = None
) -> HttpResponse:
    period, kind = _asked(form)
    runs = queries.runs(index, period, kind)
    run = _run(request, runs)
    query = {"ky": period, "loai": kind} | ({} if run is None or run.current else {"lan": run.pk})
    context = {
        "form": form,
        "computing": computing or ComputeForm(initial={"period": period, "kind": kind}),
        "index": index,
        "definition": Definition.model_validate(index.definition),
        "period": period,
        "page": Paginator(queries.ladder(run), PAGE).get_page(request.GET.get("trang")),
        "run": run,
        "runs": runs[:MOST_RUNS],
        "query_string": urlencode(query),
        "may_define": may_define(request.user),
    }
    return render(request, "office/indices/ladder.html", context, status=(computing or form).status)


@staff(May.DEFINE)
@require_POST
def compute(request: PersonRequest, key: str, year: int) -> HttpResponse:
    """Compute all units of one kind in the country for a period; only for whoever may define indices."""
    index, form = _index(key, year), ComputeForm.of(request)
    if not form.is_valid():
        return _ladder(request, index, _filter(request), form)
    period, kind = form.cleaned_data["period"], form.cleaned_data["kind"] or KINDS[0].value
    args, size = {"index": str(index.pk), "period": period, "kind": kind}, len(services.units_of(kind, period))
    return go_on(request, jobs.ask("index.compute", by=request.user, args=args, size=size))


@staff(May.SEE_FIGURES)
def unit(request: PersonRequest, key: str, year: int, unit: UUID) -> HttpResponse:
    """One unit in reach: its parts, what would raise it most, its history."""
    index, (period, _kind) = _index(key, year), _asked(_filter(request))
    found = get_object_or_404(units_in_reach(request.user, May.SEE_FIGURES), pk=unit)
    scores = IndexScore.objects.select_related("index", "run").filter(index=index, period=period, unit=found)
    run = _asked_run(request)
    score = (scores.filter(run=run) if run else scores.current()).order_by("-run__created_at").first()
    if score is None:
        raise Http404
    definition = Definition.model_validate(index.definition)
    parts = [(c, score.parts.get(c.code, {})) for c in definition.criteria]
    context = {
        "index": index,
        "unit": found,
        "score": score,
        "period": period,
        "parts": parts,
        "gains": queries.what_would_raise(score)[:5],
        "history": queries.history(index, found),
    }
    return render(request, "office/indices/unit.html", context)


@staff(May.DEFINE)
def define(request: PersonRequest, key: str = "", year: int = 0) -> HttpResponse:
    """A year's definition as text that is checked as a whole."""
    if not may_define(request.user):
        raise Http404
    row = _index(key, year) if key else None
    example = {} if row else {"definition": render_to_string("office/indices/example.html")}
    form = DefinitionForm.of(request, row=row, initial=example)
    if form.attempt(services.define, by=request.user):
        messages.success(request, _("Đã lưu bộ chỉ số."))
        return redirect("index", form.done.key, form.done.year)
    return answer(request, "office/indices/define.html", form)
