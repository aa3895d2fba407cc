"""The page that answers a form: as it was, with its faults, or with both texts where somebody else saved in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hocvuso.base import days
from hocvuso.base.versions import Stale
from hocvuso.people.models import Person

from .fields import DayField
from .form import Form
from .rendering import Bound
from .rows import Rows
from .steps import StepForm

PRESSED = ("do", "merge")  # hidden fields that a button fills: saving one's own text does nothing more than that


@dataclass(frozen=True)
class Difference:
    """One field of which somebody else saved another text: what is saved now beside what was typed."""

    label: Any
    saved: str
    typed: Bound | Rows


def answer(request: HttpRequest, template: str, form: Form, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page with the form: 200 when it is only shown, 400 with its faults.

    409 where somebody else saved in between: the page of the conflict, with both texts; for a step, and a form in which
    nothing is typed, the page itself, which shows what is stored now.
    """
    if form.stale and form.visible_fields() and (not isinstance(form, StepForm) or form.only_keeps()):
        return conflict(request, form, form.stale)
    return render(request, template, {"form": form, **(context or {})}, status=form.status)


def conflict(request: HttpRequest, form: Form, stale: Stale) -> HttpResponse:
    """What is saved now, by whom and when, beside what was typed, which can still be changed and saved on top."""
    differences = list(_differences(form, stale.row))
    differing = [d.typed for d in differences]
    context = {
        "form": form,
        "row": stale.row,
        "who": Person.objects.filter(pk=stale.by).first() if stale.by else None,
        "at": stale.at,
        "lost": [field.label for field in form.visible_fields() if request.FILES.getlist(field.html_name)],
        "differences": differences,
        "same": [field for field in form.visible_fields() if field not in differing],
        "carried": [field for field in form.hidden_fields() if field.name not in PRESSED],
        "along": _along(request, form),
    }
    return render(request, "kit/conflict.html", context, status=409)


def _differences(form: Form, row: Model) -> Iterator[Difference]:
    shown = form.of_saved(row)
    fields: list[Any] = form.visible_fields()
    for field in fields:
        saved, typed = shown[field.name].value(), form.cleaned_data.get(field.name)
        if not _is_same(field, saved, typed):
            label, field.label = field.label, _("%(label)s: bạn gõ") % {"label": field.label}
            yield Difference(label, _in_words(field, saved), field)
    for name, rows in form.rows.items():
        before = [
            " · ".join(str(v) for v in values.values() if v not in (None, "")) for values in shown.initial.get(name, ())
        ]
        yield Difference(_("Các dòng"), "\n".join(before), rows)


def _is_same(field: Bound, saved: Any, typed: Any) -> bool:
    """Whether the saved value, read as if it were typed, is what was typed."""
    try:
        read = field.field.clean(saved)
    except ValidationError:
        return False
    if hasattr(read, "__iter__") and not isinstance(read, str | dict):
        return list(read) == list(typed)
    return bool(read == typed)


def _in_words(field: Bound, value: Any) -> str:
    """A saved value as people read it."""
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    if labels:
        keys = value if isinstance(value, list | tuple) else [value]
        return "\n".join(labels.get(str(key)) or _row(field, key) for key in keys if key not in (None, ""))
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return days.written(days.read(value)) if isinstance(field.field, DayField) and value else str(value or "")


def _row(field: Bound, key: Any) -> str:
    """A saved row that is not among those which are offered now, as people read it."""
    rows = getattr(field.field, "queryset", None)
    return str(rows.model._base_manager.filter(pk=key).first() or key) if rows is not None else str(key)


def _along(request: HttpRequest, form: Form) -> list[tuple[str, str]]:
    """What was sent beside the form, such as the button that was pressed."""
    own = {field.html_name for field in form} | {"csrfmiddlewaretoken"}
    parts = tuple(f"{name}-" for name in form.rows)
    sent = ((name, value) for name, values in request.POST.lists() for value in values)
    return [(name, value) for name, value in sent if name not in own and not (parts and name.startswith(parts))]
