"""Parts of a form whose rows repeat: spare rows to fill in, and with JavaScript a button for more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal

from .fields import CheckField

SPARE = 3  # rows that are there to be filled in, also without JavaScript
MOST = 200


class Rows(BaseFormSet):
    """The rows as one form each. A row that is emptied, or ticked to be removed, is no row."""

    template_name = "kit/rows.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_kwargs = {"auto_id": "%s", **self.form_kwargs}

    def initial_form_count(self) -> int:
        # What was sent stands for itself: whether a row was there before does not matter, so that each may be emptied.
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME] = CheckField(label=_("Bỏ dòng này"), required=False)

    def filled(self) -> list[forms.Form]:
        """The rows that hold something, in order."""
        return [form for form in self.forms if form.has_changed() and not form.cleaned_data.get(DELETION_FIELD_NAME)]

    def values(self) -> list[dict[str, Any]]:
        """What the rows hold, each by the names of its fields."""
        return [{k: v for k, v in form.cleaned_data.items() if k != DELETION_FIELD_NAME} for form in self.filled()]

    def refuse(self, place: str, refusal: Refusal) -> bool:
        """Say a refusal at `2.title`, the title of the third row that holds something; False where there is none."""
        number, _dot, name = place.partition(".")
        filled = self.filled()
        if not number.isdecimal() or int(number) >= len(filled):
            return False
        row = filled[int(number)]
        row.add_error(name if name in row.fields else None, str(refusal))
        return True


def rows_of(row: type[forms.Form]) -> type[Rows]:
    """The rows of one form, as a class."""
    made: Any = formset_factory(
        row, formset=Rows, extra=SPARE, can_delete=True, max_num=MOST, absolute_max=MOST + SPARE, validate_max=True
    )
    return made
