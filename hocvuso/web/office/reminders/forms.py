"""The forms of urging: what is urged on now, rules, one's preferences, what was read, the filters of lists."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import OutboxMessage
from hocvuso.reminders import sources
from hocvuso.reminders.models import Reminder, ReminderPreference, ReminderRule
from hocvuso.reminders.rules import Channel, Recipients
from hocvuso.reminders.services.reminding import MAX_OFFSET

from ...kit import forms
from ...kit.forms import OPTIONAL, max_of

BEFORE, AFTER = "before", "after"


class NowFilter(forms.FilterForm):
    """What is urged on now, by kind, of a unit with those beneath it, late only."""

    html_names = {"kind": "loai", "unit": "don-vi", "late": "muon"}
    kind = forms.ChoiceField(label=_("Loại việc"), choices=sources.choices, blank=_("Tất cả"))
    unit = forms.AskedUnitField(label=_("Đơn vị (mã hoặc tên)"), attrs={"type": "search"})
    late = forms.CheckField(label=_("Chỉ việc quá hạn"))


class NoteForm(forms.Form):
    """A word that goes with an urging."""

    marks = {False: OPTIONAL}  # its one field would bear none
    note = forms.LinesField(label=_("Lời nhắn kèm theo"), max_length=max_of(Reminder, "note"), rows=2, required=False)


class RuleForm(forms.Form):
    """When whom is urged about what."""

    html_names = {"offset": "days"}
    field_order = ["unit"]
    version = forms.VersionField()
    offset = forms.NumberField(label=_("Số ngày"), whole=True, min_value=0, max_value=MAX_OFFSET)
    side = forms.ChoiceField(
        label=_("Trước hay sau hạn"), choices=[(BEFORE, _("trước hạn")), (AFTER, _("sau hạn"))], initial=AFTER
    )
    weekends = forms.CheckField(label=_("Gấp: nhắc cả thứ Bảy, Chủ nhật"), required=False)
    kinds = forms.ChoicesField(label=_("Việc gì"), choices=sources.choices)
    recipients = forms.ChoicesField(label=_("Nhắc ai"), choices=Recipients)
    active = forms.CheckField(label=_("Đang dùng"), required=False)

    @classmethod
    def values_of(cls, row: ReminderRule) -> dict[str, Any]:
        side = BEFORE if row.offset < 0 else AFTER
        return super().values_of(row) | {"offset": abs(row.offset), "side": side}

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"offset": typed["offset"] * (-1 if typed.pop("side") == BEFORE else 1)}


class NewRuleForm(RuleForm):
    """A rule of one of one's units."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Áp dụng cho đơn vị này và các đơn vị trực thuộc"))


class TimeField(forms.TextField):
    """A time of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"type": "time"}, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, time):
            return value
        if not (text := super().to_python(value)):
            return None
        try:
            found = time.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo:
            raise ValidationError(_("Hãy ghi giờ như 21:30."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class PreferenceForm(forms.Form):
    """By which ways one is reached, and when not."""

    channels = forms.ChoicesField(label=_("Nhận qua"), choices=Channel, required=False)
    chat_handle = forms.TextField(
        label=_("Số hoặc tên tài khoản nhắn tin"), max_length=max_of(ReminderPreference, "chat_handle"), required=False
    )
    quiet_from = TimeField(label=_("Từ"))
    quiet_to = TimeField(label=_("Đến"))


class OneOrAllField(forms.RowField):
    """One row, or None for all of them."""

    def clean(self, value: Any) -> Any:
        return None if value == "all" else super().clean(value)


class ReadForm(forms.Form):
    """What was read: one, or all; `go` leads on to what it is about."""

    html_names = {"urgings": "urging"}
    urgings = OneOrAllField(label=_("Việc"))
    go = forms.HiddenField()

    def arguments(self) -> dict[str, Any]:
        row = self.cleaned_data["urgings"]
        return {"urgings": [row.pk] if row else None}


class LogFilter(forms.FilterForm):
    """Messages by receiver, state, way and first day."""

    html_names = {"text": "q", "state": "trang-thai", "channel": "duong", "since": "tu"}
    text = forms.TextField(label=_("Người nhận"), max_length=100, attrs={"type": "search"})
    state = forms.ChoiceField(label=_("Trạng thái"), choices=OutboxMessage.State, blank=_("Tất cả"))
    channel = forms.ChoiceField(label=_("Đường gửi"), choices=Channel, blank=_("Tất cả"))
    since = forms.DayField(label=_("Từ ngày"))
