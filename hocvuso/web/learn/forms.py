"""The forms of learners: asking for help, starting and answering a test, the name on a certificate."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from hocvuso.assess.services import BadResponse
from hocvuso.credentials.models import Credential
from hocvuso.helpdesk.rules import RATINGS, Topic
from hocvuso.helpdesk.services.requests import LONGEST_TEXT

from ..kit import forms


class AskForm(forms.Form):
    """What a resident needs help with."""

    topic = forms.ChoiceField(label=_("Loại việc"), choices=Topic)
    text = forms.LinesField(
        label=_("Việc bạn cần giúp"),
        help_text=_(
            "Viết như nói chuyện. Đừng ghi mật khẩu, mã OTP, số thẻ: người giúp không bao giờ cần những thứ đó."
        ),
        max_length=LONGEST_TEXT,
    )
    may_call = forms.CheckField(label=_("Gọi điện cho tôi: cho người giúp thấy số điện thoại của tôi"), required=False)
    tell = forms.CheckField(label=_("Nhắn cho tôi khi có người trả lời"), required=False, initial=True)


class RequestForm(forms.Form):
    """A word on a request of mine, or what is done with it: the pressed button says, as `do`."""

    do = forms.HiddenField()
    rating = forms.RadioField(
        label=_("Bạn thấy thế nào?"),
        help_text=_("1: chưa hài lòng; 5: rất hài lòng."),
        choices=[(str(n), str(n)) for n in RATINGS],
        required=False,
        attrs={"class": "rating"},
    )
    text = forms.LinesField(label=_("Nhắn thêm"), rows=3, max_length=LONGEST_TEXT, required=False)

    def __init__(self, *args: Any, is_solved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_solved:
            self.fields["text"].label = _("Lời nhắn (nếu chưa xong thì vướng ở đâu)")

    def arguments(self) -> dict[str, Any]:
        text, rating = self.cleaned_data["text"], self.cleaned_data["rating"]
        match self.cleaned_data["do"]:
            case "solve" | "withdraw":
                return {}
            case "again":
                return {"why": text}
            case "rate":
                return {"rating": int(rating) if rating else None, "note": text}
        return {"text": text}


class StartForm(forms.Form):
    """Which test is started: `kind` is "placement" or "final"."""

    kind = forms.HiddenField()


class _Chosen(django_forms.Widget):
    """What was chosen of a question: the ticked options, and for an order question the place of each."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[str], dict[str, str]]:
        places = {key.removeprefix("place-"): data[key] for key in data if key.startswith("place-") and data[key]}
        return data.getlist("option"), places


class ResponseField(django_forms.Field):
    """The answer as option numbers; of an order question in the order of their places."""

    widget = _Chosen

    def clean(self, value: Any) -> list[int]:
        options, places = value
        try:
            at = {int(option): int(place) for option, place in places.items()}
            chosen = sorted(int(option) for option in options)
        except ValueError:
            raise django_forms.ValidationError(str(BadResponse.says)) from None
        if len(set(at.values())) != len(at):
            raise django_forms.ValidationError(str(BadResponse.says))
        return sorted(at, key=lambda option: at[option]) if at else chosen


class AnswerForm(forms.Form):
    """The answer to the open question."""

    position = forms.HiddenField()
    response = ResponseField()

    def arguments(self) -> dict[str, Any]:
        try:
            return super().arguments() | {"position": int(self.cleaned_data["position"])}
        except ValueError:
            raise BadResponse(field="response") from None


class ClaimForm(forms.Form):
    """The name that a certificate should carry; without one, that of the account."""

    html_names = {"holder_name": "name"}
    holder_name = forms.TextField(
        label=_("Họ và tên in trên chứng nhận"),
        max_length=forms.max_of(Credential, "holder_name"),
        required=False,
        attrs={"autocomplete": "name"},
    )


class ShowNameForm(forms.Form):
    """Whether the public page shows the name: the button that was pressed says "1" or "0"."""

    show = forms.HiddenField()

    def arguments(self) -> dict[str, Any]:
        return {"show": self.cleaned_data["show"] == "1"}
