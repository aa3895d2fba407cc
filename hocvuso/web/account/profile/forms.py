"""The forms of “Thông tin của tôi”, and whom a child asks."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.text import clean
from hocvuso.people.models import Person
from hocvuso.people.queries import ethnicities
from hocvuso.people.services import ages, profile
from hocvuso.skills.models import Audience
from hocvuso.units.models import Place

from ...kit import forms
from ...kit.templatetags.kit import or_en
from ..signin.forms import OnwardForm

_LONGEST_ADDRESS = 200
_YEAR = re.compile(r"[0-9]{4}")
NOT_SAID = _("Không nêu")


class GuardianForm(forms.Form):
    """Whom a child asks."""

    name = forms.TextField(label=_("Tên người giám hộ"), max_length=120)
    address = forms.TextField(
        label=_("Số điện thoại hoặc thư điện tử của người giám hộ"),
        help_text=_("Khác với số, thư bạn dùng để đăng nhập. Thư điện tử thì mở ngay trên máy này cũng được."),
        max_length=_LONGEST_ADDRESS,
    )


class CommuneField(forms.RowField):
    """A commune of the chosen province; one of another is left over from a province chosen before, and is none."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError:
            return None


def _audiences() -> list[tuple[str, str]]:
    return [(audience.key, or_en(audience.title, audience.title_en)) for audience in Audience.objects.all()]


def _ethnicities() -> list[tuple[str, str]]:
    return list(ethnicities().items())


class BirthYearForm(OnwardForm):
    """A form that asks for the year of birth."""

    birth_year = forms.TextField(
        label=_("Năm sinh"), required=False, attrs={"inputmode": "numeric", "autocomplete": "bday-year"}
    )

    def clean_birth_year(self) -> int | None:
        """The year as a number; that it can be one, the verb says."""
        typed = self.cleaned_data["birth_year"]
        if typed and not _YEAR.fullmatch(typed):
            raise ValidationError(ages.BadYear.says, ages.BadYear.code)
        return int(typed) if typed else None


class WelcomeForm(BirthYearForm):
    """The two things that a new person is asked, and why; all else is asked where it serves."""

    field_order = ("name", "birth_year")
    name = forms.TextField(
        label=_("Họ và tên"),
        help_text=_("Để chúng tôi gọi bạn, và in lên chứng nhận của bạn."),
        max_length=forms.max_of(Person, "name"),
        required=False,
        attrs={"autocomplete": "name"},
    )
    birth_year = forms.TextField(
        label=_("Năm sinh"),
        help_text=_("Để bảo vệ trẻ em: dưới 16 tuổi thì người giám hộ đồng ý trước khi lưu kết quả."),
        required=False,
        attrs={"inputmode": "numeric", "autocomplete": "bday-year"},
    )


class StaffWelcomeForm(OnwardForm):
    """The two things that whoever holds a role is asked at first."""

    name = forms.TextField(
        label=_("Họ và tên"),
        help_text=_("Đồng nghiệp và người dân đọc tên này dưới việc bạn làm."),
        max_length=forms.max_of(Person, "name"),
        attrs={"autocomplete": "name"},
    )
    position = forms.TextField(
        label=_("Chức vụ"),
        help_text=_("Như trong văn bản, ví dụ: Công chức Văn hoá – Xã hội. Để biết ai phụ trách việc gì."),
        max_length=forms.max_of(Person, "position"),
        attrs={"autocomplete": "organization-title"},
    )


class ProfileForm(BirthYearForm):
    """What a person may correct about themselves. The commune is asked once the province is chosen."""

    field_order = ("name", "position", "birth_year")
    name = forms.TextField(
        label=_("Họ và tên"), max_length=forms.max_of(Person, "name"), required=False, attrs={"autocomplete": "name"}
    )
    position = forms.TextField(
        label=_("Chức vụ"),
        max_length=forms.max_of(Person, "position"),
        required=False,
        attrs={"autocomplete": "organization-title"},
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=[("female", _("nữ")), ("male", _("nam"))], blank=NOT_SAID, required=False
    )
    audience = forms.ChoiceField(label=_("Bạn là"), choices=_audiences, blank=NOT_SAID, required=False)
    home_place = forms.RowField(label=_("Nơi ở (tỉnh, thành phố)"), blank=NOT_SAID, required=False)
    home_commune = CommuneField(label=_("Xã, phường, đặc khu"), blank=NOT_SAID, required=False)
    ethnicity = forms.ChoiceField(
        label=_("Dân tộc"),
        help_text=_("Không bắt buộc. Chỉ dùng để đếm theo nhóm, không hiện với ai khác."),
        choices=_ethnicities,
        blank=NOT_SAID,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        places = Place.objects.in_force(timezone.localdate())
        super().__init__(*args, within={"home_place": places.provinces()}, **kwargs)
        if not self.row.serves:
            del self.fields["position"]
        communes = places.communes().filter(parent=clean(str(self["home_place"].value() or "")) or None)
        if communes:
            self.fields["home_commune"].queryset = communes  # type: ignore[attr-defined]
        else:
            del self.fields["home_commune"]

    @classmethod
    def values_of(cls, row: Person) -> dict[str, Any]:
        place = row.home_place
        inside = place is not None and place.kind == Place.Kind.COMMUNE
        return super().values_of(row) | {
            "home_place": place.parent_id if place and inside else row.home_place_id,
            "home_commune": row.home_place_id if inside else None,
        }

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        place = typed.pop("home_commune", None) or typed.pop("home_place")
        return {"profile": profile.Profile(**typed | {"home_place": place.pk if place else None})}
