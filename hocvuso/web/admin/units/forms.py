"""The forms of units and of roles held there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import signin

from ...kit import forms
from ...kit.forms import max_of

LONGEST_WORDS = 100  # of a search


class UnitsFilter(forms.FilterForm):
    """Units by name or code."""

    html_names = {"text": "q"}
    text = forms.TextField(
        label=_("Tên hoặc mã"), max_length=LONGEST_WORDS, attrs={"type": "search", "placeholder": _("Tên hoặc mã")}
    )


class OfferForm(forms.Form):
    """A role for whoever has a phone number or an address, with an account or without."""

    once = forms.OnceField()
    address = forms.TextField(
        label=_("Số điện thoại hoặc thư điện tử"),
        help_text=_("Người có số này được hỏi khi đăng nhập, và chỉ giữ vai trò khi đã nhận."),
        attrs={"autocomplete": "off"},
        error_messages={"required": signin.NotAnAddress.says},
    )
    name = forms.TextField(
        label=_("Họ và tên"),
        help_text=_("Dùng khi người này chưa tự ghi họ tên."),
        max_length=max_of(Person, "name"),
        required=False,
    )
    role = forms.ChoiceField(label=_("Vai trò"), choices=Role)

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"]
        try:
            signin.read_address(typed)
        except Refusal as refusal:
            raise ValidationError(str(refusal), refusal.code) from refusal
        return typed

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"role": Role(self.cleaned_data["role"])}
