"""The form of everybody: a certificate to be checked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ...kit import forms

MAX_BYTES = 100_000


class DocumentField(forms.LinesField):
    """A document to the letter: a signature is over what was sent, not over what one would keep."""

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def run_validators(self, value: Any) -> None:
        """None: whether it is a certificate says who checks it."""


class CheckerForm(forms.Form):
    """A digital certificate, pasted or as a file; `name` is compared in the browser alone."""

    text = DocumentField(label=_("Nội dung chứng nhận số"), required=False, attrs={"spellcheck": "false"})
    file = forms.FileField(
        label=_("hoặc chọn tệp"), most=MAX_BYTES, required=False, attrs={"accept": "application/json,.json"}
    )
    name = forms.TextField(
        label=_("Tên người được cấp (nếu muốn đối chiếu)"), required=False, attrs={"autocomplete": "off"}
    )
