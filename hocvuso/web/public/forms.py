"""The form of everybody: a certificate to be checked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..kit import forms

MAX_BYTES = 100_000


class CheckerForm(forms.Form):
    """A digital certificate, pasted or as a file; `name` is compared in the browser alone."""

    text = forms.ExactField(label=_("Nội dung chứng nhận số"), required=False, attrs={"spellcheck": "false"})
    file = forms.FileField(
        label=_("hoặc chọn tệp"), most=MAX_BYTES, required=False, attrs={"accept": "application/json,.json"}
    )
    name = forms.TextField(
        label=_("Tên người được cấp (nếu muốn đối chiếu)"), required=False, attrs={"autocomplete": "off"}
    )
