"""The forms of guardians."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ...kit import forms
from ..profile.forms import BirthYearForm

_LONGEST_CODE = 24
_CODE = {"class": "code-input", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": _LONGEST_CODE}


class ConsentForm(BirthYearForm):
    """A guardian consents; with `act` = "withdraw" takes it back or declines, "year": only the year of birth is wrong.

    `code`: of the guardian's own address, on a device where somebody else is signed in.
    """

    field_order = ("birth_year", "code")
    act = forms.HiddenField()
    code = forms.TextField(label=_("Mã vừa gửi tới bạn"), required=False, attrs=_CODE)
    birth_year = forms.TextField(
        label=_("Năm sinh của em"),
        help_text=_("Sửa lại nếu em ghi nhầm."),
        required=False,
        attrs={"inputmode": "numeric", "autocomplete": "off"},
    )

    def arguments(self) -> dict[str, Any]:
        act = self.cleaned_data["act"]
        return {} if act in ("withdraw", "send") else {"birth_year": self.cleaned_data["birth_year"]}


class WardForm(forms.Form):
    """Whose consent is taken back."""

    ward = forms.RowField()
