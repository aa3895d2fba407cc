"""The forms of residents' requests: written down, the steps of a helper, terms, the filter of the desk."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.base.versions import NONE_SEEN
from hocvuso.helpdesk.models import RequestTerm, ResidentRequest
from hocvuso.helpdesk.rules import LONGEST_ANSWER, LONGEST_TERM, Channel, Topic
from hocvuso.helpdesk.services import requests as verbs
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.forms import OPTIONAL, max_of

VIEWS = {
    "": _("Đang mở"),
    "qua-han": _("Quá hạn"),
    "toi-nhan": _("Tôi nhận"),
    "da-xong": _("Đã khép"),
}


class WriteDownForm(forms.Form):
    """What somebody asks who came, called or was met."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Nơi nhận"))
    channel = forms.ChoiceField(
        label=_("Đến bằng cách"), choices=[choice for choice in Channel.choices if choice[0] != Channel.PAGE]
    )
    topic = forms.ChoiceField(label=_("Loại việc"), choices=Topic)
    text = forms.LinesField(
        label=_("Việc cần giúp"),
        help_text=_("Không ghi mật khẩu, mã OTP, số thẻ, số căn cước."),
        max_length=max_of(ResidentRequest, "text"),
    )
    name = forms.TextField(label=_("Tên người hỏi"), max_length=max_of(ResidentRequest, "contact_name"), required=False)
    phone = forms.TextField(
        label=_("Số điện thoại (được mã hoá)"), max_length=40, required=False, attrs={"type": "tel"}
    )

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"caller": verbs.Caller(name=typed.pop("name"), phone=typed.pop("phone"))}


class UnitAsked(forms.FilterForm):
    """The unit at whose page somebody began to write down."""

    unit = forms.UnitField(label=_("Nơi nhận"))


class TakeForm(forms.StepForm):
    """A helper takes it, and may promise a day."""

    html_names = {"step": "do"}
    steps = {"take": verbs.take}
    marks = {False: OPTIONAL}  # its one field would bear none
    day = forms.DayField(label=_("Hẹn xong trước hết ngày"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["min"] = timezone.localdate().isoformat()


class SayForm(forms.StepForm):
    """A word to the resident, or how it was solved; or who wrote it down takes it back."""

    html_names = {"step": "do"}
    once = forms.OnceField()
    steps = {"say": verbs.say, "solve": verbs.solve, "withdraw": verbs.withdraw}
    text = forms.LinesField(
        label=_("Lời nhắn, hoặc đã giúp xong thế nào"), max_length=max_of(ResidentRequest, "text"), required=False
    )

    def arguments(self) -> dict[str, Any]:
        return {} if self.cleaned_data["step"] == "withdraw" else super().arguments()


class NextField(forms.UnitField):
    """Another unit of the commune, or the same for another helper (`here`)."""

    here: Any = None

    def label_from_instance(self, row: Unit) -> str:
        return str(_("người khác cùng đơn vị")) if row.pk == self.here else super().label_from_instance(row)


class HandForm(forms.StepForm):
    """It is passed on."""

    html_names = {"step": "do"}
    steps = {"hand": verbs.hand_over}
    to = NextField(label=_("Chuyển cho"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.here = self.row.unit_id


class TermForm(forms.Form):
    """In how many days a unit promises to help."""

    version = forms.VersionField(initial=NONE_SEEN)
    unit = forms.UnitField(label=_("Đơn vị"))
    days = forms.NumberField(
        label=_("Số ngày"),
        help_text=format_lazy(
            _("Từ 1 đến {most}; muốn thôi hẹn thì bấm “Thôi hẹn” ở bảng bên dưới."), most=LONGEST_TERM
        ),
        whole=True,
        min_value=1,
        max_value=LONGEST_TERM,
    )
    answer_hours = forms.NumberField(
        label=_("Số giờ có người trả lời ai vừa bị lừa"),
        help_text=_("Trang nhờ giúp nói giờ này với người dân. Để trống thì trang nói là chưa hẹn."),
        whole=True,
        required=False,
        min_value=1,
        max_value=LONGEST_ANSWER,
    )
    phone = forms.TextField(
        label=_("Điện thoại để người dân gọi"),
        help_text=_("Chỉ của riêng đơn vị này, không dùng cho đơn vị bên dưới."),
        max_length=max_of(RequestTerm, "phone"),
        required=False,
        attrs={"type": "tel"},
    )
    basis = forms.TextField(label=_("Văn bản quy định"), max_length=max_of(RequestTerm, "basis"), required=False)


class StopForm(forms.Form):
    """Nothing is typed: a unit promises no longer."""

    version = forms.VersionField()
    stop = forms.HiddenField()
    unit = forms.UnitField(label=_("Đơn vị"))


class RequestsFilter(forms.FilterForm):
    """Requests by where they stand, by topic, and of one unit with those beneath."""

    html_names = {"view": "xem", "topic": "loai", "unit": "don-vi"}
    view = forms.ChoiceField(label=_("Xem"), choices=VIEWS.items())
    topic = forms.ChoiceField(label=_("Loại việc"), choices=Topic, blank=_("Tất cả"))
    unit = forms.UnitField(label=_("Nơi nhận"))
