"""The base of every form: bound to what was sent, cleaned, and handed to a verb whose refusal lands on its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, ClassVar, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hocvuso.base import once
from hocvuso.base.errors import Refusal
from hocvuso.base.versions import Stale

from .fields import HiddenField
from .rows import Rows, rows_of

OPTIONAL = _("(không bắt buộc)")


class Form(forms.Form):
    """A form whose fields bear the names of the verb's parameters.

    `html_names` gives a field another name on the page, such as `{"kind": "loai"}`. `row_forms` names parts whose rows
    repeat: `{"criteria": CriterionForm}`; they are drawn by `{{ form.rows.criteria }}`.
    """

    html_names: ClassVar[Mapping[str, str]] = {}
    row_forms: ClassVar[Mapping[str, type[forms.Form]]] = {}
    use_required_attribute = False  # the server names all faults at once; a browser would name one and stop
    done: Any = None  # what the verb gave back
    stale: Stale | None = None  # the refusal of a change that did not start from what is stored

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        row: Any = None,
        initial: Mapping[str, Any] | None = None,
        within: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.row = row
        shown = {**(self.values_of(row) if row else {}), **(initial or {})}
        super().__init__(data, files, initial=shown, **({"auto_id": "%s", "label_suffix": ""} | kwargs))
        for name, rows in (within or {}).items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for field in self.fields.values():
            if field.required:
                field.widget.attrs.setdefault("aria-required", "true")
        self.rows: dict[str, Rows] = {
            # What was sent is judged by itself: a row that is as it was before is still a row.
            name: rows_of(row_form)(data, files, prefix=name, initial=None if data else self.initial.get(name))
            for name, row_form in self.row_forms.items()
        }

    @classmethod
    def of(cls, request: HttpRequest, *, redraw: str = "", **kwargs: Any) -> Self:
        """The form as `request` sent it; not sent yet when the page is only asked for.

        `row`: what is changed, shown at first as `values_of` says; `initial`: further values shown at first;
        `within`: per field of rows, the rows in reach. `redraw` names a button that only draws the page again, as when
        a choice depends on another: what was typed stays and is not judged yet.
        """
        sent = request.method == "POST"
        if sent and redraw and redraw in request.POST:
            typed = cls(request.POST, request.FILES, **kwargs)
            shown = {name: typed[name].data for name in typed.fields}
            return cls(**{**kwargs, "initial": {**kwargs.get("initial", {}), **shown}})
        return cls(request.POST if sent else None, request.FILES if sent else None, **kwargs)

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """What the form shows of `row`: its attributes of the same names. Override where they differ."""
        return {name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}

    def of_saved(self, row: Any) -> Self:
        """The same form, as it would show `row`: for the page that puts both texts side by side.

        Override in a form that cannot be made without more.
        """
        return type(self)(row=row)

    def attempt(self, verb: Callable[..., Any], /, **arguments: Any) -> bool:
        """Run `verb` with what was typed and `arguments` (which win), if the form was sent and is without fault.

        What the verb gives back is `self.done`. A Refusal becomes a fault of the field it names.
        """
        valid = self.is_valid()
        if before := self._done_before():  # even where a second press is not valid, as of what is no longer offered
            [self.done] = before
            return True
        if not valid:
            return False
        try:
            self.done = self._once(lambda: verb(**{**self.arguments(), **arguments}))
        except Refusal as refusal:
            self.refuse(refusal)
        return self.is_valid()

    def _once(self, act: Callable[[], Any]) -> Any:
        key = self._key()
        return once.do(key, "", act) if key else act()

    def _done_before(self) -> list[Any]:
        key = self._key()
        return once.done_before(key, "") if key else []

    def _key(self) -> str:
        """The token and all that was sent with it: what was changed and sent again is another act."""
        token = self["once"].data if self.is_bound and "once" in self.fields else ""
        if not token:
            return ""
        data: Any = self.data
        parts = [(name, data.getlist(name)) for name in sorted(data) if name != "csrfmiddlewaretoken"]
        parts += [(name, [_digest(file) for file in self.files.getlist(name)]) for name in sorted(self.files or ())]
        digest = sha256(repr([f"{type(self).__module__}.{type(self).__name__}", *parts]).encode())
        return f"{token}:{digest.hexdigest()}"

    def arguments(self) -> dict[str, Any]:
        """What was typed, as the verb takes it: cleaned values and lists of rows, by name. Override to build more."""
        typed = {k: v for k, v in self.cleaned_data.items() if not isinstance(self.fields[k], HiddenField)}
        return typed | {name: rows.values() for name, rows in self.rows.items()}

    def refuse(self, refusal: Refusal) -> None:
        """Say a refusal beside its field (of a row: `criteria.2.title`); one that names none concerns the whole."""
        if isinstance(refusal, Stale):
            self.stale = refusal
            self.carry(refusal.row.version)
        part, _dot, place = refusal.field.partition(".")
        if part in self.rows and self.rows[part].refuse(place, refusal):
            return
        self.add_error(refusal.field if self._is_seen(refusal.field) else None, str(refusal))

    def _is_seen(self, name: str) -> bool:
        return name in self.fields and not self[name].is_hidden

    def carry(self, version: int) -> None:
        """Let the page carry the version that is stored now: who saves again has seen it."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("version")] = version
        self.data = data

    @property
    def marks(self) -> dict[bool, Any]:
        """What is said beside a label, by whether its field is required: of both kinds, the rarer is marked."""
        required = [field.required for field in self.fields.values() if not field.widget.is_hidden]
        if all(required) or not any(required):
            return {}
        optional_is_rarer = sum(required) * 2 >= len(required)
        return {False: OPTIONAL} if optional_is_rarer else {True: _("(bắt buộc)")}

    def is_valid(self) -> bool:
        """Whether it was sent and every field, also of every row, is without fault."""
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(self.html_names.get(field_name, field_name))

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        if self.stale:
            return 409
        return 400 if self.is_bound and not self.is_valid() else 200

    @property
    def faults(self) -> SafeString:
        """The summary of all faults, with links to their fields; drawn by `{{ form }}`, else by `{{ form.faults }}`."""
        if not self.is_bound:
            return SafeString("")
        whole = [*self.non_field_errors(), *(fault for field in self.hidden_fields() for fault in field.errors)]
        for rows in self.rows.values():
            whole += rows.non_form_errors()
            whole += [
                _("Dòng %(n)s: %(fault)s") % {"n": n, "fault": fault}
                for n, row in enumerate(rows, 1)
                for fault in row.non_field_errors()
            ]
        return self.render("kit/faults.html", {"whole": whole, "faulty": list(self._faulty())})

    def _faulty(self) -> Iterator[tuple[Any, Any, Any]]:
        """Each faulty field, what it is called (in a row also which one) and its fault."""
        for field in self.visible_fields():
            yield from ((field, field.label, fault) for fault in field.errors)
        for rows in self.rows.values():
            for n, row in enumerate(rows, 1):
                for field in row.visible_fields():
                    label = _("Dòng %(n)s, %(label)s") % {"n": n, "label": field.label}
                    yield from ((field, label, fault) for fault in field.errors)


def _digest(file: UploadedFile) -> str:
    found = sha256()
    for part in file.chunks():
        found.update(part)
    file.seek(0)
    return f"{file.name}:{found.hexdigest()}"


class FilterForm(Form):
    """What a list is narrowed by, in its address. Nothing is required; what cannot be read is named and not applied."""

    template_name = "kit/filters.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs.pop("aria-required", None)

    @classmethod
    def of(cls, request: HttpRequest, *, defaults: Mapping[str, str | list[str]] | None = None, **kwargs: Any) -> Self:
        """The filter that the address asks for; `defaults` by field for what the address does not name."""
        query = request.GET.copy()
        for name, value in (defaults or {}).items():
            query.setlistdefault(cls.html_names.get(name, name), value if isinstance(value, list) else [value])
        return cls(query, **kwargs)

    @property
    def asked(self) -> dict[str, Any]:
        """The values by name; empty for what was not asked or could not be read."""
        self.is_valid()
        return {
            name: self.cleaned_data[name] if name in self.cleaned_data else field.clean(None)
            for name, field in self.fields.items()
        }
