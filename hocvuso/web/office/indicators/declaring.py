"""Declare a value with evidence; open the evidence."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hocvuso.base import periods as calendar
from hocvuso.base.attachments import attached_to, opened
from hocvuso.base.models import Attachment
from hocvuso.indicators import services
from hocvuso.indicators.models import Value
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .asking import asked, period_for, series
from .forms import DeclareForm
from .pages import current


@staff(May.DECLARE)
def declare(request: PersonRequest, key: str) -> HttpResponse:
    """The form: value, note, files. What was declared before is shown and may be corrected with a reason."""
    found = current(key)
    at = asked(request, kind=found.period_type)
    at = replace(at, period=period_for(found, at.period))
    if not may(request.user, May.DECLARE, at.unit):
        raise Http404
    earlier = Value.objects.filter(
        indicator=found, unit=at.unit, period=at.period.code, kind=Value.Kind.DECLARED
    ).first()
    form = DeclareForm.of(
        request,
        indicator=found,
        periods=series(at.period)[::-1],
        initial={"period": at.period.code} | ({"version": earlier.version} if earlier else {}),
    )
    if form.attempt(services.declare, indicator=found, unit=at.unit, by=request.user):
        messages.success(request, _("Đã ghi số liệu."))
        shown = replace(at, period=calendar.parse(form.done.period))
        return redirect(f"{reverse('indicator', args=[key])}?{shown.query}")
    context = {
        "indicator": found,
        "at": at,
        "earlier": earlier,
        "evidence": attached_to(earlier) if earlier else [],
    }
    return answer(request, "office/indicators/declare.html", form, context)


@staff(May.SEE_FIGURES)
def evidence(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """A file shown as evidence, for whoever may see the value's unit; always as a download."""
    file = get_object_or_404(Attachment, pk=pk, subject__startswith=f"{Value.word}:")
    try:
        get_object_or_404(Value.objects.visible_to(request.user), pk=file.subject.partition(":")[2])
    except (ValidationError, ValueError):
        raise Http404 from None
    return FileResponse(opened(file), as_attachment=True, filename=file.name, content_type=file.kind)
