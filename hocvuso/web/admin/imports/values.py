"""Values brought in from a file: choose, see what it would do, apply."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.indicators import exchange as tables
from hocvuso.indicators.services import importing
from hocvuso.people.rules import May

from ...kit import uploads as carrying
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.tables import comma_separated, download

MAX_BYTES = 20 * 1024 * 1024
PURPOSE = "values-import"


@staff(May.STEWARD_DATA)
def bring_in(request: PersonRequest) -> HttpResponseBase:
    """Plan, preview, apply; a template to begin with, and the faults as a file to mend."""
    if request.GET.get("mau"):
        return download(request.GET["mau"], "mau-so-lieu", ["indicator", "unit", "period", "value"], [])
    context: dict[str, Any] = {}
    if request.method == "POST":
        name, content = carrying.came(request, PURPOSE, most=MAX_BYTES)
        if not content:
            context["refusal"] = _("Hãy chọn tệp Excel, CSV hoặc ADX, không quá 20 MB.")
        else:
            try:
                made = importing.plan(rows=tables.read(BytesIO(content)), by=request.user)
                if request.POST.get("apply") and not made.faults:
                    count = importing.apply(made=made, by=request.user, source=name)
                    said = _("Đã nhập %(count)s số liệu.") % {"count": trimmed(count)}
                    say_done(request, count, said, none=_("Không nhập gì: tệp không có dòng số liệu nào."))
                    return redirect("indicators")
                if request.POST.get("faults"):
                    return _faults(made)
                context |= {"plan": made, "name": name, "waiting": carrying.keep(request, PURPOSE, name, content)}
            except tables.BadTable as error:
                context["refusal"] = error
    return render(request, "admin/imports/values.html", context, status=400 if "refusal" in context else 200)


def _faults(made: importing.ValuesPlan) -> HttpResponse:
    head = [_("Dòng"), _("Cột"), _("Giá trị"), _("Lý do")]
    rows = comma_separated("loi-so-lieu", head, ([f.row, f.column, f.value, f.reason] for f in made.faults))
    content: Any = rows.streaming_content
    return HttpResponse(b"".join(content), headers=rows.headers)
