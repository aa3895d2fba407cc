"""Forms of a breach: what is known of it, and its steps."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.privacy.models import Breach
from hocvuso.privacy.register import REGISTER

from ...kit import forms
from ...kit.forms import max_of

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[:hg.]([0-5][0-9])")
MOST_PEOPLE = 1_000_000_000
HOUR = {"placeholder": "14:30", "inputmode": "numeric"}


class HourField(forms.TextField):
    """An hour and minute, as `14:30`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and not _HOUR.fullmatch(text):
            raise ValidationError(_("Hãy ghi giờ và phút, ví dụ 14:30."), "invalid")
        return text


def moment(day: Any, hour: str) -> datetime | None:
    """A day and an hour of Vietnam as a moment; without an hour, midnight."""
    if day is None:
        return None
    found = _HOUR.fullmatch(hour or "0:00")
    at = time(int(found[1]), int(found[2])) if found else time()
    return timezone.make_aware(datetime.combine(day, at))


class BreachForm(forms.Form):
    """What is known of a breach. Only a title and when it was known must be there at once."""

    once = forms.OnceField()
    version = forms.VersionField()
    title = forms.TextField(label=_("Tên vụ việc"), max_length=max_of(Breach, "title"))
    known_on = forms.DayField(label=_("Ngày phát hiện"))
    known_hour = HourField(label=_("Giờ phát hiện"), max_length=5, attrs=HOUR)
    happened_on = forms.DayField(label=_("Ngày xảy ra"), required=False)
    happened_hour = HourField(label=_("Giờ xảy ra"), max_length=5, required=False, attrs=HOUR)
    what = forms.LinesField(label=_("Diễn biến"), max_length=4000, required=False)
    data = forms.ChoicesField(  # type: ignore[assignment]
        label=_("Dữ liệu liên quan"), choices=[(line.key, line.title) for line in REGISTER], required=False
    )
    whose = forms.TextField(label=_("Của những ai"), max_length=max_of(Breach, "whose"), required=False)
    people_count = forms.NumberField(
        label=_("Số người (ước tính)"), whole=True, min_value=0, max_value=MOST_PEOPLE, required=False
    )
    consequences = forms.LinesField(label=_("Hậu quả có thể xảy ra"), max_length=4000, required=False)
    measures = forms.LinesField(label=_("Biện pháp đã và sẽ làm"), max_length=4000, required=False)

    @classmethod
    def values_of(cls, row: Breach) -> dict[str, Any]:
        known = timezone.localtime(row.known_at)
        found = super().values_of(row) | {"known_on": known.date(), "known_hour": f"{known:%H:%M}"}
        if row.happened_at:
            happened = timezone.localtime(row.happened_at)
            found |= {"happened_on": happened.date(), "happened_hour": f"{happened:%H:%M}"}
        return found

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        typed["known_at"] = moment(typed.pop("known_on"), typed.pop("known_hour"))
        typed["happened_at"] = moment(typed.pop("happened_on"), typed.pop("happened_hour"))
        return typed


class ToldForm(forms.Form):
    """When the authority was told."""

    version = forms.VersionField()
    told_on = forms.DayField(label=_("Ngày gửi thông báo"))
    told_hour = HourField(label=_("Giờ gửi"), max_length=5, attrs=HOUR)
    why_late = forms.LinesField(label=_("Lý do, nếu quá 72 giờ"), max_length=1000, required=False)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"told_at": moment(typed.pop("told_on"), typed.pop("told_hour"))}


class PeopleToldForm(forms.Form):
    """When the people affected were told."""

    version = forms.VersionField()
    people_told_on = forms.DayField(label=_("Ngày báo cho người bị ảnh hưởng"))
    people_told_hour = HourField(label=_("Giờ báo"), max_length=5, attrs=HOUR)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"people_told_at": moment(typed.pop("people_told_on"), typed.pop("people_told_hour"))}


class NotOwedForm(forms.Form):
    """Why the authority need not be told."""

    version = forms.VersionField()
    reason = forms.LinesField(label=_("Vì sao không phải thông báo"), max_length=1000)


class ReopenForm(forms.Form):
    """It is to be told after all."""

    version = forms.VersionField()


class CloseForm(forms.Form):
    """What was learned."""

    version = forms.VersionField()
    conclusion = forms.LinesField(label=_("Kết luận, bài học"), max_length=4000)
