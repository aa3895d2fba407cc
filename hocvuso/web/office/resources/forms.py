"""The forms of pledges and needs: what is given or needed, a part given to a need, the steps, the filters of lists."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.text import clean
from hocvuso.resources.models import Need, Pledge
from hocvuso.resources.rules import COUNTED_IN, MOST, Kind, NeedState, PledgeState
from hocvuso.resources.services import allocations, needs, pledges
from hocvuso.units.models import Place

from ...kit import forms
from ...kit.forms import max_of


def _kinds() -> list[tuple[str, str]]:
    counted = _("%(kind)s (đếm theo %(counted)s)")
    return [(value, counted % {"kind": label, "counted": COUNTED_IN[value]}) for value, label in Kind.choices]


class ResourceForm(forms.Form):
    """So much of a kind, where, from when to when. Communes are those of the province that stands there."""

    html_names = {"place": "province"}
    once = forms.OnceField()
    field_order = ["unit"]
    version = forms.VersionField()
    kind = forms.ChoiceField(label=_("Loại"), choices=_kinds)
    title = forms.TextField(label=_("Tên ngắn"), max_length=max_of(Pledge, "title"))
    details = forms.LinesField(
        label=_("Mô tả: cấu hình, giờ dùng được, điều kiện, người liên hệ"),
        max_length=max_of(Pledge, "details"),
        required=False,
    )
    quantity = forms.NumberField(label=_("Số lượng"), whole=True, min_value=1, max_value=MOST)
    starts_on = forms.DayField(label=_("Từ ngày"))
    ends_on = forms.DayField(label=_("Đến ngày (để trống: không thời hạn)"), required=False)
    place = forms.RowField(label=_("Tỉnh, thành phố"), blank=_("địa bàn của đơn vị"), required=False)
    commune = forms.RowField(label=_("Xã, phường, đặc khu"), blank=_("cả tỉnh, thành phố"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version" if self.row is None else "unit"]
        places = Place.objects.in_force(timezone.localdate())
        province = clean(str(self["place"].value() or ""))
        self._offer("place", places.provinces())
        self._offer("commune", places.communes().filter(parent=province or None))
        if not province:
            del self.fields["commune"]

    def _offer(self, name: str, places: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = places

    @classmethod
    def values_of(cls, row: Pledge | Need) -> dict[str, Any]:
        inside = row.place.kind == Place.Kind.COMMUNE
        place = {"place": row.place.parent_id, "commune": row.place_id} if inside else {"place": row.place_id}
        return super().values_of(row) | {"commune": None} | place

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        commune = typed.pop("commune", None)
        return typed | {"place": commune or typed["place"]}


class PledgeForm(ResourceForm):
    """What a unit gives."""

    unit = forms.UnitField(label=_("Đơn vị đóng góp"))


class NeedForm(ResourceForm):
    """What a unit lacks."""

    unit = forms.UnitField(label=_("Đơn vị cần"))


class AllocateForm(forms.Form):
    """A part of a pledge for a need, from a day to a day."""

    once = forms.OnceField()
    pledge = forms.RowField(label=_("Đóng góp"))
    quantity = forms.NumberField(label=_("Số lượng"), whole=True, min_value=1, max_value=MOST)
    starts_on = forms.DayField(label=_("Từ ngày"))
    ends_on = forms.DayField(label=_("Đến ngày"))


class PledgeSteps(forms.StepForm):
    """The steps of a pledge that was seen; whoever refuses it says why."""

    steps = {
        "verify": pledges.verify,
        "refuse": pledges.refuse,
        "available": pledges.make_available,
        "withdraw": pledges.withdraw,
    }
    version = forms.VersionField()
    why = forms.LinesField(label=_("Vì sao"), max_length=max_of(Pledge, "refusal"), rows=3, required=False)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        if self.cleaned_data["step"] != "refuse":
            del typed["why"]
        return typed


class NeedSteps(forms.StepForm):
    """The steps of a need that was seen."""

    steps = {"withdraw": needs.withdraw_need, "close": needs.close_need}
    version = forms.VersionField()


class AllocationSteps(forms.StepForm):
    """The steps of an allocation; `at` says on which page it was pressed."""

    steps = {"hand-over": allocations.hand_over, "take-back": allocations.take_back, "cancel": allocations.cancel}
    at = forms.HiddenField()


class ResourcesFilter(forms.FilterForm):
    """What is available near, by words, kind and province."""

    html_names = {
        "tab": "xem",
        "text": "q",
        "kind": "loai",
        "state": "trang-thai",
        "province": "tinh",
        "unit": "don-vi",
    }
    field_order = ["tab", "text", "kind", "state", "province", "unit"]
    tab = forms.HiddenField()
    text = forms.TextField(label=_("Tìm"), max_length=100, attrs={"type": "search"})
    kind = forms.ChoiceField(label=_("Loại"), choices=Kind, blank=_("Tất cả"))
    province = forms.RowField(label=_("Tỉnh, thành phố"), blank=_("Tất cả"))
    unit = forms.UnitField(label=_("Gần với"))


class OwnFilter(ResourcesFilter):
    """What one's units give, in whatever state; near to nothing."""

    state = forms.ChoiceField(label=_("Trạng thái"), choices=PledgeState, blank=_("Tất cả"))


class NeedsFilter(ResourcesFilter):
    """What is needed."""

    state = forms.ChoiceField(label=_("Trạng thái"), choices=NeedState, blank=_("Tất cả"))
