"""Values brought in from a file: choose, see what it would do, apply. The file waits here between the two."""

from __future__ import annotations

import csv
import time
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.indicators.services import importing
from hocvuso.interop import tables
from hocvuso.people.rules import May

from ..kit.auth import PersonRequest
from ..kit.gate import staff
from .tables import download

MAX_BYTES = 20 * 1024 * 1024
KEPT = 3600  # seconds a file waits for being applied
SALT = "values-import"


@staff(May.STEWARD_DATA)
def bring_in(request: PersonRequest) -> HttpResponseBase:
    """Plan, preview, apply; a template to begin with, and the faults as a file to mend."""
    if request.GET.get("mau"):
        return download(request.GET["mau"], "mau-so-lieu", ["indicator", "unit", "period", "value"], [])
    context: dict[str, Any] = {}
    if request.method == "POST":
        content, name = _content(request)
        if not content:
            context["refusal"] = _("Hãy chọn tệp Excel, CSV hoặc ADX, không quá 20 MB.")
        else:
            try:
                made = importing.plan(rows=tables.read(BytesIO(content)), by=request.user)
                if request.POST.get("apply") and not made.faults:
                    count = importing.apply(made=made, by=request.user, source=name)
                    messages.success(request, _("Đã nhập %(count)s số liệu.") % {"count": count})
                    return redirect("/dieu-hanh/chi-so/")
                if request.POST.get("faults"):
                    return _faults(made)
                context |= {"plan": made, "name": name, "waiting": _keep(request, content, name)}
            except tables.BadTable as error:
                context["refusal"] = error
    return render(request, "office/values_import.html", context, status=400 if "refusal" in context else 200)


def _content(request: PersonRequest) -> tuple[bytes, str]:
    upload = request.FILES.get("file")
    if upload is not None:
        return (upload.read(), upload.name or "") if (upload.size or 0) <= MAX_BYTES else (b"", "")
    try:
        digest, person, name = signing.loads(request.POST.get("waiting", ""), salt=SALT, max_age=KEPT)
        return (_folder() / digest).read_bytes() if person == str(request.user.pk) else b"", name
    except (signing.BadSignature, OSError, ValueError):
        return b"", ""


def _folder() -> Path:
    return settings.DATA / "incoming"


def _keep(request: PersonRequest, content: bytes, name: str) -> str:
    """Keep the file for a while and give its signed ticket; what waited too long is removed."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
    digest = sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    return signing.dumps([digest, str(request.user.pk), name], salt=SALT)


def _faults(made: importing.ValuesPlan) -> HttpResponse:
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([_("Dòng"), _("Cột"), _("Giá trị"), _("Lý do")])
    writer.writerows([f.row, f.column, f.value, f.reason] for f in made.faults)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="loi-so-lieu.csv"'
    return response
