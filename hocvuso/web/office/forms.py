"""The forms of pages that have no folder of their own: certificates, programs, units and roles, lists of figures."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import IllegalMove, Refusal
from hocvuso.credentials.models import Credential
from hocvuso.credentials.services import ReasonFirst
from hocvuso.indicators import queries as indicators
from hocvuso.indicators.rules import POPULATION_GROUPS
from hocvuso.interop.models import ApiClient
from hocvuso.interop.services import NeedsScope, Unnamed
from hocvuso.people.models import Person
from hocvuso.people.queries import person_with
from hocvuso.people.rules import Role
from hocvuso.people.services import signin

from ..kit import forms
from ..kit.forms import max_of
from ..kit.templatetags.kit import or_en
from .carrying import CarriedForm

LONGEST_WORDS = 100  # of a search
# Those whose accounts find something.
ROLES_OF_PROGRAMS = (Role.STEWARD, Role.INSPECTOR, Role.OFFICER, Role.MANAGER, Role.LEADER)


class NobodyThere(Refusal):
    """No account has this phone or address."""

    code = "nobody"
    says = _("Chưa có tài khoản nào dùng số hoặc thư điện tử này. Hãy nhờ người đó đăng nhập một lần trước.")


class CertificateFilter(forms.FilterForm):
    """The certificate whose id stands in what was pasted: the id itself, or the address of its public page."""

    html_names = {"pasted": "ma"}
    pasted = forms.TextField(
        label=_("Mã hoặc địa chỉ trên chứng nhận"),
        max_length=2000,
        attrs={"type": "search", "placeholder": _("Mã hoặc địa chỉ trên chứng nhận")},
    )


class CertificateMoveForm(forms.Form):
    """The button that was pressed, and why. 409 where the certificate has no such move, or no longer."""

    act = forms.HiddenField()
    reason = forms.TextField(
        label=_("Lý do"),
        help_text=_("Nhật ký giữ lý do này mãi mãi: đừng ghi tên hay số điện thoại của ai."),
        max_length=max_of(Credential, "ended_reason"),
        error_messages={"required": ReasonFirst.says},
    )
    has_moved = False

    def refuse(self, refusal: Refusal) -> None:
        self.has_moved = isinstance(refusal, IllegalMove)
        super().refuse(refusal)

    @property
    def status(self) -> int:
        return 409 if self.has_moved else super().status


class ClientForm(forms.Form):
    """A program that uses the API: what it is called, for which unit and in which role, and what it may do."""

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


class UnitsFilter(forms.FilterForm):
    """Units by name or code."""

    html_names = {"text": "q"}
    text = forms.TextField(
        label=_("Tên hoặc mã"), max_length=LONGEST_WORDS, attrs={"type": "search", "placeholder": _("Tên hoặc mã")}
    )


class GrantForm(forms.Form):
    """A role for a person, who is known by phone or e-mail."""

    html_names = {"person": "address"}
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


class ValuesForm(CarriedForm):
    """A file of values: seen, applied, or its faults taken away as a file."""

    nothing = _("Hãy chọn tệp Excel, CSV hoặc ADX, không quá 20 MB.")
    file = forms.FileField(
        label=_("Tệp số liệu"), most=20 * 1024 * 1024, required=False, attrs={"accept": ".csv,.xlsx,.xml"}
    )
    faults_wanted = forms.HiddenField()
    html_names = {"faults_wanted": "faults"}


class PopulationsFilter(forms.FilterForm):
    """Populations by words of the place, by province and by group."""

    html_names = {"text": "q", "province": "tinh", "group": "nhom"}
    text = forms.TextField(label=_("Tên hoặc mã địa bàn"), max_length=LONGEST_WORDS, attrs={"type": "search"})
    province = forms.RowField(label=_("Tỉnh, thành phố"), blank=_("Tất cả"))
    group = forms.ChoiceField(label=_("Nhóm"), choices=POPULATION_GROUPS.items, blank=_("Tất cả"))


def _indicators() -> list[tuple[str, str]]:
    return [(i.key, or_en(i.title, i.title_en)) for i in indicators.current_indicators()]


class TargetsFilter(forms.FilterForm):
    """Targets by words of the unit, by indicator and by period."""

    html_names = {"text": "q", "indicator": "cs", "period": "ky"}
    text = forms.TextField(label=_("Tên hoặc mã đơn vị"), max_length=LONGEST_WORDS, attrs={"type": "search"})
    indicator = forms.ChoiceField(label=_("Chỉ số"), choices=_indicators, blank=_("Tất cả"))
    period = forms.PeriodField(label=_("Kỳ"), attrs={"placeholder": "2026"})
