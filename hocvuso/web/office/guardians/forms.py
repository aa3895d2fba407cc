"""The form of who hears a guardian in person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Guardianship
from hocvuso.people.services.by_hand import Hand

from ...kit import forms


class HandForm(forms.Form):
    """The code that a child shows; then, with `act` = "confirm", who the guardian is and how they were heard."""

    act = forms.HiddenField()
    code = forms.TextField(label=_("Mã em đưa xem"), attrs={"inputmode": "numeric", "autocomplete": "off"})
    name = forms.TextField(
        label=_("Tên người giám hộ"), max_length=forms.max_of(Guardianship, "guardian_name"), required=False
    )
    how = forms.RadioField(label=_("Vì sao bạn biết người giám hộ đồng ý?"), choices=Guardianship.How, required=False)
    birth_year = forms.NumberField(label=_("Năm sinh đúng"), whole=True, required=False)

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        match typed["act"]:
            case "confirm":
                return {"hand": Hand(name=typed["name"], how=typed["how"])}
            case "year":
                return {"birth_year": typed["birth_year"]}
        return {}
