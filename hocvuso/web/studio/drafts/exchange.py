"""Questions of a lesson come in from files of other software, and go out in their formats."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import ValidationError

from hocvuso.authoring import queries, services_programme
from hocvuso.authoring.folders import ITEMS
from hocvuso.authoring.queries import Outline
from hocvuso.base.attachments import MAX_BYTES
from hocvuso.interop.packages import FORMATS, BadPackage, Read, read_items, unique_key, write_items
from hocvuso.library.source.checks import OPEN
from hocvuso.library.source.schema import ItemSource
from hocvuso.people.rules import May

from ...kit import forms
from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.uploads import CarriedForm
from .common import HERE, draft_of, file_of, lesson_of
from .lessons import items_of

KINDS = {"txt": "text/plain; charset=utf-8", "xml": "application/xml", "zip": "application/zip"}


class QuestionsForm(CarriedForm):
    """A file of questions; what those are to measure that do not say it."""

    nothing = gettext_lazy("Hãy chọn một tệp câu hỏi.")
    once = forms.OnceField()
    file = forms.FileField(
        label=gettext_lazy("Tệp câu hỏi"),
        most=MAX_BYTES,
        required=False,
        help_text=gettext_lazy("GIFT, Moodle XML, hoặc QTI 2.1, 2.2, 3.0 (gói ZIP hay một câu)."),
        attrs={"accept": ".txt,.gift,.xml,.zip"},
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Câu nào chưa ghi thì để đo"), required=False)

    def __init__(self, *args: Any, known: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one["code"], f"{one['code']}: {one.get('can_do', '')}") for one in known.outcomes]
        self.fields["outcome"].choices = listed  # type: ignore[attr-defined]
        self.read: Read | None = None

    def clean(self) -> dict[str, Any]:
        """What came is read; a file that is none is named."""
        typed = super().clean()
        if not self.errors:
            try:
                self.read = read_items(*self.came)
            except BadPackage as error:
                self.add_error("file", str(error))
        return typed


@staff(May.AUTHOR)
def bring(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """Questions from a file: what was read of it and what was left out is shown, then they are added."""
    found = draft_of(request, pk)
    file = file_of(found, f"{lesson}/{ITEMS}")
    known = queries.outline(found)
    aims = lesson_of(found, lesson).facts.get("outcomes") or [""]
    form = QuestionsForm.of(
        request,
        person=request.user,
        purpose=f"questions {found.pk} {lesson}",
        known=known,
        initial={"outcome": aims[0]},
    )
    items = items_of(found, lesson)
    new = _added(form, items, known, aims[0]) if form.is_valid() else []

    def add(**_typed: Any) -> object:
        return services_programme.set_items(
            draft=found, lesson=lesson, items=[*items, *new], by=request.user, version=file.version
        )

    if new and form.cleaned_data["apply"] and form.attempt(add):
        messages.success(
            request, ngettext("Đã thêm %(n)d câu hỏi.", "Đã thêm %(n)d câu hỏi.", len(new)) % {"n": len(new)}
        )
        return redirect("draft-items", found.pk, lesson)
    context = {"draft": found, "lesson": lesson, "new": new, "read": form.read}
    context |= {"waiting": form.keep(), "name": form.came[0]} if form.read else {}
    return answer(request, "studio/drafts/bring.html", form, context)


def _added(form: QuestionsForm, items: list[dict[str, Any]], known: Outline, aim: str) -> list[dict[str, Any]]:
    """What was read, as the lesson takes it: a key that is free, an outcome of the programme, open places."""
    taken = {str(item.get("key")) for item in items}
    codes = {one["code"] for one in known.outcomes}
    added = []
    for item in form.read.items if form.read else ():
        said: dict[str, Any] = {"why": OPEN} | item | {"key": unique_key(item["key"], taken)}
        if said.get("outcome") not in codes:
            said["outcome"] = form.cleaned_data["outcome"] or aim or OPEN
        taken.add(said["key"])
        added.append({name: said[name] for name in ItemSource.model_fields if name in said})
    return added


@export
@staff(*HERE)
def carry(request: PersonRequest, pk: UUID, lesson: str, format: str) -> HttpResponse:
    """The questions of a lesson as a file of a format that other software reads."""
    found = draft_of(request, pk)
    title = lesson_of(found, lesson).facts.get("title", lesson)
    if format not in FORMATS:
        raise Http404
    try:
        items = [ItemSource.model_validate(item) for item in items_of(found, lesson)]
    except ValidationError:
        messages.error(request, _("Chưa tải ra được vì có câu hỏi đang lỗi. Hãy sửa câu ấy trước."))
        return redirect("draft-items", found.pk, lesson)
    ending = FORMATS[format]
    response = HttpResponse(write_items(items, format=format, title=str(title)), content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{lesson}-{format}.{ending}"'
    return response
