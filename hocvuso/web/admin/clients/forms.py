"""The form of a program that will ask."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.interop.models import ApiClient
from hocvuso.interop.services import NeedsScope, Unnamed
from hocvuso.people.rules import Role

from ...kit import forms
from ...kit.forms import max_of

# Those whose accounts find something.
ROLES_OF_PROGRAMS = (Role.STEWARD, Role.INSPECTOR, Role.OFFICER, Role.MANAGER, Role.LEADER)


class ClientForm(forms.Form):
    """A program that uses the API: what it is called, for which unit and in which role, and what it may do."""

    once = forms.OnceField()
    name = forms.TextField(
        label=_("Tên"), max_length=max_of(ApiClient, "name"), error_messages={"required": Unnamed.says}
    )
    unit = forms.NamedUnitField(label=_("Đơn vị (mã hoặc tên)"))
    role = forms.ChoiceField(
        label=_("Vai trò"), choices=[(role.value, role.label) for role in ROLES_OF_PROGRAMS], initial=Role.STEWARD.value
    )
    scopes = forms.ChoicesField(
        label=_("Phạm vi"),
        choices=[(scope.value, format_lazy("{} ({})", scope.label, scope.value)) for scope in ApiClient.Scope],
        error_messages={"required": NeedsScope.says},
    )

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"role": Role(self.cleaned_data["role"])}
