"""The forms of units and of roles held there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import person_with
from hocvuso.people.rules import Role
from hocvuso.people.services import signin

from ...kit import forms
from ...kit.forms import max_of

LONGEST_WORDS = 100  # of a search


class NobodyThere(Refusal):
    """No account has this phone or address."""

    code = "nobody"
    says = _("Chưa có tài khoản nào dùng số hoặc thư điện tử này. Hãy nhờ người đó đăng nhập một lần trước.")


class UnitsFilter(forms.FilterForm):
    """Units by name or code."""

    html_names = {"text": "q"}
    text = forms.TextField(
        label=_("Tên hoặc mã"), max_length=LONGEST_WORDS, attrs={"type": "search", "placeholder": _("Tên hoặc mã")}
    )


class GrantForm(forms.Form):
    """A role for a person, who is known by phone or e-mail."""

    html_names = {"person": "address"}
    once = forms.OnceField()
    person = forms.TextField(
        label=_("Số điện thoại hoặc thư điện tử"),
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

    def clean_person(self) -> Person:
        try:
            found = person_with(*signin.read_address(self.cleaned_data["person"]))
        except Refusal as refusal:
            raise ValidationError(str(refusal), refusal.code) from refusal
        if found is None:
            raise ValidationError(NobodyThere.says, NobodyThere.code)
        return found

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"role": Role(self.cleaned_data["role"])}
