"""The forms of figures: what is looked at, a declared value, a definition, a target, doubts and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.forms import HiddenInput
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.base.errors import NeedsWords
from hocvuso.base.periods import Period, PeriodType
from hocvuso.base.versions import NONE_SEEN
from hocvuso.indicators import services
from hocvuso.indicators.models import Flag, Indicator, Target, Value
from hocvuso.indicators.services import BadDefinition, Evidence, NeedsSource

from ...kit import forms
from ...kit.forms import max_of
from ...kit.forms.widgets import CHOOSE
from ...kit.templatetags.kit import or_en

MOST_FILES = 5
MOST_DECIMALS = 6
LONGEST_NOTE = 5000  # of a definition
BACK = 12  # periods


class AskedFilter(forms.FilterForm):
    """What a page of figures is about: a unit in reach, a period or a type of periods; words to find a unit by."""

    html_names = {"unit": "don-vi", "period": "ky", "kind": "loai-ky", "text": "tim"}
    unit = forms.UnitField(label=_("Đơn vị"), widget=HiddenInput)
    period = forms.PeriodField(label=_("Kỳ"))
    kind = forms.ChoiceField(label=_("Loại kỳ"), choices=PeriodType, widget=HiddenInput)
    text = forms.TextField(label=_("Tên hoặc mã đơn vị"), max_length=100, attrs={"type": "search"})


class SheetFilter(forms.FilterForm):
    """The table of many figures: which indicators, how many periods back, which units down the side."""

    html_names = {"indicators": "cs", "back": "so-ky", "kind": "loai"}
    kind = forms.ChoiceField(label=_("Các dòng"))
    back = forms.ChoiceField(label=_("Số kỳ"), choices=[(str(n), str(n)) for n in range(1, BACK + 1)])
    indicators = forms.ChoicesField(label=_("Chỉ số"))

    def __init__(self, *args: Any, offered: Iterable[Indicator], kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["indicators"].choices = [(i.key, or_en(i.title, i.title_en)) for i in offered]
        fields["kind"].choices = [("", _("Đơn vị trực thuộc")), *kinds]


def _measured(label: Any, indicator: Indicator) -> Any:
    """A label with the unit of measure behind it."""
    unit = or_en(indicator.measured_in, indicator.measured_in_en)
    return format_lazy("{} ({})", label, unit) if unit else label


class DeclareForm(forms.Form):
    """What a unit says of itself in a period, with evidence."""

    version = forms.VersionField(initial=NONE_SEEN)
    period = forms.ChoiceField(label=_("Kỳ"))
    value = forms.NumberField(label=_("Giá trị"))
    note = forms.LinesField(
        label=_("Cách tính, nguồn số; lý do nếu sửa"), max_length=max_of(Value, "note"), rows=3, required=False
    )
    file = forms.FilesField(
        label=_("Tệp minh chứng"),
        help_text=_("PDF, ảnh, Word hoặc Excel; mỗi tệp không quá 10 MB."),
        most=MAX_BYTES,
        most_files=MOST_FILES,
        required=False,
    )
    marks = {}  # whether evidence is needed is said by the indicator, and known of a period once it is chosen

    def __init__(self, *args: Any, indicator: Indicator, periods: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.periods = indicator, periods
        self.fields["period"].choices = [(p.code, str(p)) for p in periods]  # type: ignore[attr-defined]
        value: Any = self.fields["value"]
        value.label, value.percent = _measured(value.label, indicator), indicator.is_share
        if indicator.needs_evidence:
            self.fields["file"].label = format_lazy("{} {}", self.fields["file"].label, _("(bắt buộc)"))

    def of_saved(self, row: Value) -> Self:
        return type(self)(row=row, indicator=self.indicator, periods=self.periods)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        evidence = [Evidence(file.name or "", file.read()) for file in typed.pop("file")]
        return typed | {"value": float(typed["value"]), "evidence": evidence}


class JsonField(forms.LinesField):
    """A JSON text; nothing typed is an empty object."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = json.loads(text or "{}")
            kept = json.dumps(found, ensure_ascii=False, allow_nan=False)
            kept.encode()  # not with halves of characters
            if "\\u0000" in kept:
                raise ValueError("\\u0000")
        except (ValueError, RecursionError) as error:
            why = _("không phải JSON đúng (%(where)s)") % {"where": error}
            raise ValidationError(BadDefinition.says % {"why": why}, BadDefinition.code) from None
        return found

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


HOW_DEFINED = format_lazy(
    "{} {}",
    _(
        "Đo được cần tên phép đo; tỉ lệ cần tử số, mẫu số (mã chỉ số hoặc nhóm dân số) và hệ số; tổng hợp "
        "cần danh sách trọng số và mã chỉ số; khai báo nói có cộng dồn từ cấp dưới không, có bắt buộc minh "
        "chứng không. Ví dụ:"
    ),
    '{"measure": "learning.learners"} · {"numerator": "learners", "population": "all", "factor": 100} · '
    '{"terms": [[1, "a"], [-1, "b"]]} · {"aggregate": "sum", "evidence": true}',
)


class DefinitionForm(forms.Form):
    """The next version of an indicator's definition."""

    version = forms.VersionField()
    title = forms.TextField(label=_("Tên"), max_length=max_of(Indicator, "title"))
    title_en = forms.TextField(label=_("Tên tiếng Anh"), max_length=max_of(Indicator, "title_en"), required=False)
    note = forms.LinesField(label=_("Giải thích"), max_length=LONGEST_NOTE, required=False)
    kind = forms.ChoiceField(label=_("Cách tính"), choices=Indicator.Kind, initial=Indicator.Kind.DECLARED.value)
    period_type = forms.ChoiceField(label=_("Loại kỳ"), choices=PeriodType, initial=PeriodType.MONTH.value)
    measured_in = forms.TextField(label=_("Đơn vị tính"), max_length=max_of(Indicator, "measured_in"), required=False)
    measured_in_en = forms.TextField(
        label=_("Đơn vị tính, tiếng Anh"), max_length=max_of(Indicator, "measured_in_en"), required=False
    )
    decimals = forms.NumberField(
        label=_("Số chữ số thập phân"), whole=True, min_value=0, max_value=MOST_DECIMALS, required=False, initial=0
    )
    minimum = forms.NumberField(label=_("Nhỏ nhất"), required=False)
    maximum = forms.NumberField(label=_("Lớn nhất"), required=False)
    definition = JsonField(
        label=_("Định nghĩa (JSON)"), help_text=HOW_DEFINED, initial={}, rows=6, attrs={"spellcheck": "false"}
    )
    source = forms.TextField(label=_("Nguồn"), max_length=max_of(Indicator, "source"), required=False)
    higher_is_better = forms.CheckField(label=_("Càng cao càng tốt"), required=False, initial=True)
    public = forms.CheckField(label=_("Công khai số toàn quốc"), required=False)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        bounds = {name: float(typed[name]) for name in ("minimum", "maximum") if typed[name] is not None}
        return typed | bounds | {"decimals": typed["decimals"] or 0}


class NewDefinitionForm(DefinitionForm):
    """The first version of an indicator, with its key."""

    once = forms.OnceField()
    key = forms.TextField(label=_("Mã"), max_length=max_of(Indicator, "key"))
    field_order = ("key",)


class TargetForm(forms.Form):
    """What a unit should reach in a period, and who says so."""

    version = forms.VersionField(initial=NONE_SEEN)
    unit = forms.NamedUnitField(label=_("Đơn vị (mã hoặc tên)"))
    period = forms.PeriodField(label=_("Kỳ (ví dụ 2026 hoặc 2026-Q4)"))
    value = forms.NumberField(label=_("Giá trị"))
    source = forms.TextField(
        label=_("Nguồn (số văn bản, ngày)"),
        max_length=max_of(Target, "source"),
        error_messages={"required": NeedsSource.says},
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        value: Any = self.fields["value"]
        value.label, value.percent = _measured(value.label, indicator), indicator.is_share

    def of_saved(self, row: Target) -> Self:
        return type(self)(row=row, indicator=self.indicator)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"value": float(self.cleaned_data["value"])}


class RemoveTargetForm(forms.StepForm):
    """The target that is taken away, as it was seen."""

    version = forms.VersionField()
    steps = {"remove": services.remove_target}


class FlagsFilter(forms.FilterForm):
    """Doubts by state and unit, which links set, and by kind and period."""

    html_names = {"state": "trang-thai", "unit": "don-vi", "kind": "loai", "period": "ky"}
    state = forms.ChoiceField(label=_("Trạng thái"), choices=Flag.State, widget=HiddenInput)
    unit = forms.UnitField(label=_("Đơn vị"), widget=HiddenInput)
    kind = forms.ChoiceField(label=_("Loại"), choices=Flag.Kind, blank=_("Tất cả"))
    period = forms.PeriodField(label=_("Kỳ"), attrs={"placeholder": "2026-10"})


class SettleForm(forms.Form):
    """What becomes of a doubt, which the pressed button says, and what was found."""

    to = forms.HiddenField()
    version = forms.VersionField()
    note = forms.TextField(
        label=_("Đã kiểm tra gì, kết quả ra sao"),
        max_length=max_of(Flag, "note"),
        error_messages={"required": NeedsWords.says},
    )

    @classmethod
    def values_of(cls, row: Flag) -> dict[str, Any]:
        return {"version": row.version}

    def clean_to(self) -> Flag.State:
        to = self.cleaned_data["to"]
        if to not in Flag.State.values:
            raise ValidationError(CHOOSE, "invalid_choice")
        return Flag.State(to)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data}


class QualityCheckForm(forms.Form):
    """A period to be looked through for doubts."""

    period = forms.PeriodField(label=_("Xét lại một kỳ"))
