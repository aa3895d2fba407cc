"""The fields of forms. Each reads through the readers of `base`, and a fault is said in one sentence beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import PurePath
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import Model
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from hocvuso.base import days, numbers
from hocvuso.base.errors import Refusal
from hocvuso.base.models import Versioned
from hocvuso.base.text import clean

from ..templatetags.kit import or_en
from .widgets import CHOOSE, Boxes, Choice, DayInput, Radios

MOST_ROWS = 200  # in a choice
VERSION = re.compile("[0-9]{1,9}")
FILL_IN = _("Hãy điền ô này.")
TOO_LONG = _("Ghi không quá %(limit_value)d ký tự; ở đây đang có %(show_value)d.")
NOT_OFFERED = _("“%(value)s” không có trong danh sách để chọn.")


def max_of(model: type[Model], field: str) -> int:
    """How long a text may be, as its column says: `max_length=max_of(Plan, "title")`."""
    longest = getattr(model._meta.get_field(field), "max_length", None)
    assert longest, f"{model.__name__}.{field} has no longest length"
    return int(longest)


class WithAttributes(forms.Field):
    """`attrs={"autocomplete": "name"}` on a field: attributes of its input beside those it has by itself."""

    def __init__(self, *args: Any, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = dict(attrs or {})
        if kind := more.pop("type", ""):
            self.widget.input_type = kind
        self.widget.attrs |= more


class TextField(WithAttributes, forms.CharField):
    """One line of text. What is too long is said, not cut: browsers cut in silence, so that they are not told."""

    default_error_messages = {"required": FILL_IN}
    lines = False

    def __init__(self, *args: Any, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if max_length:
            self.validators.append(MaxLengthValidator(max_length, TOO_LONG))

    def to_python(self, value: Any) -> str:
        return clean(str(value or ""), lines=self.lines)


class LinesField(TextField):
    """Text of several lines; `rows` says how many are seen at first."""

    widget = forms.Textarea
    lines = True

    def __init__(self, *args: Any, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.attrs["rows"] = rows


class ExactField(LinesField):
    """A text to the letter, such as rows of a table or what was signed: nothing of it is cleaned away."""

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def run_validators(self, value: Any) -> None:
        """None: what it holds is judged by whoever reads it."""


class ListField(LinesField):
    """One item a line, as a list of texts; lines without text are none. `max_length` is that of one item."""

    def to_python(self, value: Any) -> Any:
        lines = super().to_python(value).splitlines()
        return [text for line in lines if (text := clean(line))]

    def run_validators(self, value: Any) -> None:
        for item in value:
            super().run_validators(item)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(value)


class NumberField(WithAttributes, forms.Field):
    """A number as the language of the page writes it: `int` where it is `whole`, else `Decimal`; None for nothing."""

    default_error_messages = {"required": FILL_IN}

    def __init__(
        self,
        *,
        whole: bool = False,
        percent: bool | None = None,
        min_value: float | None = None,
        max_value: float | None = None,
        **kwargs: Any,
    ) -> None:
        self.whole, self.percent, self.min_value, self.max_value = whole, percent, min_value, max_value
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Decimal | int | None:
        if not (text := clean(str(value or ""))):
            return None
        bounds: dict[str, Any] = {"least": self.min_value, "most": self.max_value}
        found = _read(lambda: numbers.read(text, whole=self.whole, percent=self.percent, **bounds))
        return int(found) if self.whole else found

    def prepare_value(self, value: Any) -> Any:
        return numbers.typed(value) if isinstance(value, Decimal | int | float) else value


class DayField(WithAttributes, forms.Field):
    """A day, by the calendar of the browser or as people write it (dd/mm/yyyy)."""

    widget = DayInput
    default_error_messages = {"required": FILL_IN}

    def __init__(self, *, earliest: date = days.FIRST, latest: date = days.LAST, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if not (text := clean(str(value or ""))):
            return None
        return _read(lambda: days.read(text, earliest=self.earliest, latest=self.latest))

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class ChoiceField(WithAttributes, forms.ChoiceField):
    """One of a list: `ChoiceField(choices=Plan.Kind)`. `blank` is the label of no choice, for a field one may leave."""

    widget: type[forms.Widget] = Choice
    default_error_messages = {"required": CHOOSE, "invalid_choice": NOT_OFFERED}

    def __init__(self, *, choices: Any = (), blank: Any = None, **kwargs: Any) -> None:
        listed = getattr(choices, "choices", choices)  # or a function, for what stands in the database

        def offered() -> list[Any]:
            return [("", blank)] * (blank is not None) + list(listed() if callable(listed) else listed)

        super().__init__(choices=offered, **kwargs)


class RadioField(ChoiceField):
    """One of a few, all of them seen."""

    widget = Radios


class ChoicesField(WithAttributes, forms.MultipleChoiceField):
    """Several of a list, ticked: a list of values."""

    widget = Boxes
    default_error_messages = {"required": CHOOSE, "invalid_choice": NOT_OFFERED}

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(choices=getattr(choices, "choices", choices), **kwargs)


class CheckField(WithAttributes, forms.BooleanField):
    """One box to tick; `required` means that it must be ticked."""

    default_error_messages = {"required": _("Hãy đánh dấu ô này.")}


class _FirstRows(forms.models.ModelChoiceIterator):
    """The first rows of a long list; what is beyond is still accepted."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        field: Any = self.field
        for row in field.listed(self.queryset)[:MOST_ROWS]:
            yield self.choice(row)


class _OfRows(WithAttributes):
    """A field whose choices are the first rows of those in reach."""

    iterator: Any = _FirstRows
    validate_no_null_characters = ProhibitNullCharactersValidator(message=CHOOSE)
    default_error_messages = {"required": CHOOSE, "invalid_choice": CHOOSE, "invalid_pk_value": CHOOSE}

    def listed(self, rows: Any) -> Any:
        """The rows in the order of the list."""
        return rows


class RowField(_OfRows, forms.ModelChoiceField):
    """One row of those in reach, which the view says: `XForm.of(request, within={"plan": Plan.objects.visible_to(…)})`.

    A row out of reach is refused like one that is not there.
    """

    widget = Choice
    default_error_messages = {"invalid_choice": NOT_OFFERED}

    def __init__(self, *, blank: Any = None, **kwargs: Any) -> None:
        super().__init__(queryset=None, empty_label=blank, **kwargs)

    def label_from_instance(self, row: Any) -> str:
        """Its name in the language of the page, where it has one."""
        return or_en(row.name, row.name_en) if hasattr(row, "name_en") else str(row)


class UnitField(RowField):
    """A unit of those in reach, the highest first."""

    def listed(self, rows: Any) -> Any:
        return rows.order_by(Length("path"), "path")


class RowsField(_OfRows, forms.ModelMultipleChoiceField):
    """Several rows of those in reach, ticked: a list of rows."""

    widget = Boxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, **kwargs)


class FileField(WithAttributes, forms.FileField):
    """A file of some kinds (`kinds=(".xlsx", ".csv")`) and at most so many bytes."""

    default_error_messages = {"required": _("Hãy chọn một tệp."), "empty": _("Tệp này không có gì bên trong.")}

    def __init__(self, *, most: int, kinds: Iterable[str] = (), **kwargs: Any) -> None:
        self.most, self.kinds = most, tuple(kinds)
        super().__init__(**kwargs)
        if self.kinds:
            self.widget.attrs.setdefault("accept", ",".join(self.kinds))

    def to_python(self, data: Any) -> UploadedFile | None:
        found: Any = super().to_python(data)
        file: UploadedFile | None = found
        if file is None:
            return None
        if (file.size or 0) > self.most:
            raise ValidationError(_("Tệp lớn quá %(limit)s."), "too-large", {"limit": _size(self.most)})
        if self.kinds and PurePath(file.name or "").suffix.lower() not in self.kinds:
            raise ValidationError(_("Hãy chọn tệp %(kinds)s."), "other-kind", {"kinds": ", ".join(self.kinds)})
        return file


class HiddenField(TextField):
    """What the page gives along for itself and nobody types, such as where to go on to: no argument of the verb."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class OnceField(HiddenField):
    """A token that is good for one press: what a second press with the same content asks for was made by the first.

    Every form that makes something new has one.
    """

    def __init__(self) -> None:
        super().__init__(initial=partial(token_urlsafe, 16), attrs={"id": False})  # a page may hold several

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial


class VersionField(forms.IntegerField):
    """The version that the page shows: goes to the verb as `version`, which hands it to `base.versions.expect`.

    `initial=NONE_SEEN` where the form may make the row: who saw none is told of one that somebody made meanwhile.
    """

    widget = forms.HiddenInput

    def __init__(self, *, initial: int | None = None) -> None:
        super().__init__(required=False, initial=initial)


class SeenRowsField(RowsField):
    """Ticked rows as they were seen: a list of (row, version). Each tick bears `<key>@<version>`."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.pk}@{value.version}" if isinstance(value, Versioned) else value

    def clean(self, value: Any) -> Any:
        seen = dict(str(tick).partition("@")[::2] for tick in value or [])
        if not all(VERSION.fullmatch(version) for version in seen.values()):
            raise ValidationError(CHOOSE, "invalid_choice")
        rows = {str(row.pk): row for row in super().clean(list(seen))}
        if rows.keys() != seen.keys():  # the key of a row in another spelling
            raise ValidationError(CHOOSE, "invalid_choice")
        return [(rows[key], int(version)) for key, version in seen.items()]


def _read(read: Any) -> Any:
    """What a reader of `base` reads; its refusal as a fault of the field."""
    try:
        return read()
    except Refusal as refusal:
        raise ValidationError(str(refusal), refusal.code) from refusal


def _size(size: int) -> str:
    return f"{numbers.fixed(size / 2**20)} MB" if size >= 2**20 else f"{numbers.fixed(size / 1000)} KB"
