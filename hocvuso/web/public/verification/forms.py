"""The forms of everybody: a certificate to be checked, and the name on the paper at hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.carriers import MOST_FILE
from hocvuso.credentials.models import Credential

from ...kit import forms


class CheckerForm(forms.Form):
    """A certificate as a file or pasted, and the name that stands on the paper."""

    file = forms.FileField(
        label=_("Quét mã QR, hoặc chọn tệp PDF, ảnh PNG, JSON"),
        most=MOST_FILE,
        required=False,
        attrs={"accept": "application/pdf,image/png,application/json,.pdf,.png,.json"},
    )
    text = forms.ExactField(
        label=_("hoặc dán nội dung chứng nhận số"), required=False, attrs={"spellcheck": "false", "rows": "3"}
    )
    name = forms.TextField(
        label=_("Tên người được cấp, như ghi trên giấy (nếu muốn đối chiếu)"),
        required=False,
        attrs={"autocomplete": "off"},
    )


class NameForm(forms.Form):
    """The name on the paper, to be compared with the certificate of this page."""

    name = forms.TextField(
        label=_("Tên ghi trên giấy"),
        max_length=forms.max_of(Credential, "holder_name"),
        attrs={"autocomplete": "off"},
    )
