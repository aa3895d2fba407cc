"""Definitions: what is asked, how it is computed, version by version."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hocvuso.base.errors import NotAllowed
from hocvuso.indicators import queries, services
from hocvuso.indicators.rules import REGISTER
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .forms import DefinitionForm, NewDefinitionForm
from .pages import current


@staff(May.SEE_FIGURES)
def define(request: PersonRequest, key: str = "") -> HttpResponse:
    """All versions of a definition, and for whoever may, the form for the next one (or for a new indicator)."""
    found = current(key) if key else None
    may_define = services.may_define(request.user)
    if found is None and not may_define:
        raise Http404
    form_of = DefinitionForm if key else NewDefinitionForm
    form = form_of.of(request, row=found)
    known = {"key": key} if key else {"version": 0}
    if request.method == "POST" and not may_define:
        raise NotAllowed
    if form.attempt(services.define, by=request.user, **known):
        messages.success(request, _("Đã ghi định nghĩa, phiên bản %(version)s.") % {"version": form.done.version})
        return redirect("indicator-define", form.done.key)
    context = {
        "indicator": found,
        "versions": queries.versions_of(key) if key else [],
        "may_define": may_define,
        "measures": REGISTER.values(),
    }
    return answer(request, "office/indicators/define.html", form, context)
