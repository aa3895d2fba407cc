"""Declare a value with evidence; open the evidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hocvuso.base import numbers
from hocvuso.base import periods as calendar
from hocvuso.base.attachments import MAX_BYTES, BadFile, attached_to, path_of
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.models import Attachment
from hocvuso.base.numbers import NotANumber
from hocvuso.indicators import services
from hocvuso.indicators.models import Value
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .asking import Asked, asked, period_for, series
from .pages import current

MOST_FILES = 5

__all__ = ["NotANumber", "declare", "evidence", "number"]


def number(text: str, *, field: str, whole: bool = False) -> float:
    """A number as the page's language writes it. Raises NotANumber."""
    return float(numbers.read(text, whole=whole, field=field))


@staff(May.DECLARE)
def declare(request: PersonRequest, key: str) -> HttpResponse:
    """The form: value, note, files. What was declared before is shown and may be corrected with a reason."""
    found = current(key)
    at = asked(request, kind=found.period_type)
    at = Asked(at.unit, period_for(found, at.period))
    if not may(request.user, May.DECLARE, at.unit):
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            made = services.declare(
                indicator=found,
                unit=at.unit,
                period=request.POST.get("period", ""),
                value=number(request.POST.get("value", ""), field="value"),
                note=request.POST.get("note", ""),
                evidence=_files(request),
                by=request.user,
            )
            messages.success(request, _("Đã ghi số liệu."))
            return redirect(f"{reverse('indicator', args=[key])}?{Asked(at.unit, calendar.parse(made.period)).query}")
        except NotAllowed:
            raise
        except Refusal as error:
            refusal = error
    earlier = Value.objects.filter(
        indicator=found, unit=at.unit, period=at.period.code, kind=Value.Kind.DECLARED
    ).first()
    context = {
        "indicator": found,
        "at": at,
        "earlier": earlier,
        "evidence": attached_to(earlier) if earlier else [],
        "periods": series(at.period)[::-1],
        "typed": request.POST or {"period": at.period.code},
        "refusal": refusal,
    }
    return render(request, "office/indicators/declare.html", context, status=400 if refusal else 200)


def _files(request: PersonRequest) -> list[services.Evidence]:
    found = []
    for file in request.FILES.getlist("file")[:MOST_FILES]:
        if (file.size or 0) > MAX_BYTES:
            raise BadFile(field="file")
        found.append(services.Evidence(file.name or "", file.read()))
    return found


@staff(May.SEE_FIGURES)
def evidence(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """A file shown as evidence, for whoever may see the value's unit; always as a download."""
    file = get_object_or_404(Attachment, pk=pk, subject__startswith=f"{Value.word}:")
    try:
        get_object_or_404(Value.objects.visible_to(request.user), pk=file.subject.partition(":")[2])
    except (ValidationError, ValueError):
        raise Http404 from None
    return FileResponse(path_of(file.sha256).open("rb"), as_attachment=True, filename=file.name, content_type=file.kind)
