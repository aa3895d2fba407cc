"""Values brought in from a file: choose, see what it would do, apply."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.indicators import exchange as tables
from hocvuso.indicators.services import importing
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit import uploads
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on
from ...kit.tables import comma_separated, download
from . import forms

PURPOSE = "values-import"


@staff(May.STEWARD_DATA)
def bring_in(request: PersonRequest) -> HttpResponseBase:
    """Plan, preview, apply; a template to begin with, and the faults as a file to mend."""
    if request.GET.get("mau"):
        return download(request.GET["mau"], "mau-so-lieu", ["indicator", "unit", "period", "value"], [])
    form = forms.ValuesForm.sent_by(request, PURPOSE)
    if form.is_valid() and uploads.is_long(form.came[1]):
        if form.attempt(lambda **_typed: uploads.look_later("values.import", *form.came, request.user)):
            return go_on(request, form.done)
        return answer(request, "admin/imports/values.html", form)
    made = _planned(form, request.user) if form.is_valid() else None
    if made is None:
        return answer(request, "admin/imports/values.html", form)
    name, _content = form.came
    if form.cleaned_data["faults_wanted"]:
        return _faults(made)
    if not form.cleaned_data["apply"] or made.faults:
        context = {"plan": made, "name": name, "waiting": form.keep()}
        return answer(request, "admin/imports/values.html", form, context)
    if not form.attempt(lambda **_typed: importing.apply(made=made, by=request.user, source=name)):
        return answer(request, "admin/imports/values.html", form)
    said = _("Đã nhập %(count)s số liệu.") % {"count": trimmed(form.done)}
    say_done(request, form.done, said, none=_("Không nhập gì: tệp không có dòng số liệu nào."))
    return redirect("indicators")


def _planned(form: forms.ValuesForm, person: Person) -> importing.ValuesPlan | None:
    """What the file would do; None where it is no table of values, which the form then says."""
    try:
        return importing.plan(rows=tables.read(BytesIO(form.came[1])), by=person)
    except tables.BadTable as error:
        form.add_error("file", str(error))
        return None


def _faults(made: importing.ValuesPlan) -> HttpResponse:
    head = [_("Dòng"), _("Cột"), _("Giá trị"), _("Lý do")]
    rows = comma_separated("loi-so-lieu", head, ([f.row, f.column, f.value, f.reason] for f in made.faults))
    content: Any = rows.streaming_content
    return HttpResponse(b"".join(content), headers=rows.headers)
