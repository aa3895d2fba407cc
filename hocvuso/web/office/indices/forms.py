"""The forms of indices: which ladder, what is computed, a year's definition as text."""

from __future__ import annotations

from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from hocvuso.base import plain_yaml
from hocvuso.indices.models import IndexDefinition
from hocvuso.indices.services import BadIndex
from hocvuso.units.models import Unit

from ...kit import forms

LONGEST = 200_000
KINDS = (Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.SCHOOL)
_OFFERED = [(kind.value, kind.label) for kind in KINDS]


class LadderFilter(forms.FilterForm):
    """The ladder of a period and a kind of units."""

    html_names = {"period": "ky", "kind": "loai"}
    period = forms.PeriodField(label=_("Kỳ"), help_text=_("ví dụ 2026, 2026-Q3, 2026-09"), attrs={"maxlength": 10})
    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=_OFFERED)


class ComputeForm(forms.Form):
    """What is computed again: the period and the kind of units that the page shows."""

    html_names = {"period": "ky", "kind": "loai"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="compute-%s", **kwargs)  # beside the filter, which has the same names

    period = forms.PeriodField(label=_("Kỳ"), widget=HiddenInput)
    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=_OFFERED, widget=HiddenInput, required=False)


class YamlField(forms.LinesField):
    """Data as YAML."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return plain_yaml.load(text)
        except plain_yaml.BadYaml as error:
            raise ValidationError(str(BadIndex(faults=str(error)[:300])), BadIndex.code) from None

    def prepare_value(self, value: Any) -> Any:
        return (
            value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
        )


class DefinitionForm(forms.Form):
    """A year's definition. Its version is that of the row which its key and year name."""

    html_names = {"definition": "text"}
    once = forms.OnceField()
    version = forms.VersionField()
    definition = YamlField(label=_("Định nghĩa (YAML)"), max_length=LONGEST, rows=30, attrs={"spellcheck": "false"})

    @classmethod
    def values_of(cls, row: IndexDefinition) -> dict[str, Any]:
        names = ("key", "year", "title", "title_en", "source", "definition")
        return {"version": row.version, "definition": {name: getattr(row, name) for name in names}}

    def arguments(self) -> dict[str, Any]:
        data, version = self.cleaned_data["definition"], self.cleaned_data["version"]
        named = (data.get("key"), data.get("year")) if isinstance(data, dict) else None
        is_seen = self.row is not None and named == (self.row.key, self.row.year)
        return {"data": data, "version": version if is_seen else 0}
