"""The forms of residents who ask for help."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.helpdesk.rules import RATINGS, Topic
from hocvuso.helpdesk.services.requests import LONGEST_TEXT

from ...kit import forms


class AskForm(forms.Form):
    """What a resident needs help with."""

    once = forms.OnceField()
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

    once = forms.OnceField()
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
