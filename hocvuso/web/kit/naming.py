"""The name on a certificate: typed, shown large as it will stand there, and only then confirmed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.base.text import clean
from hocvuso.credentials.models import Credential

from . import forms


class NameOnCertificateForm(forms.Form):
    """`confirmed` is the name that the page before showed: what was changed since is shown again."""

    html_names = {"holder_name": "name"}
    holder_name = forms.TextField(
        label=_("Họ và tên in trên chứng nhận"),
        help_text=_("Viết hoa, có dấu, như trên giấy tờ của bạn."),
        max_length=forms.max_of(Credential, "holder_name"),
        required=False,
        attrs={"autocomplete": "name"},
    )
    confirmed = forms.HiddenField()

    @property
    def is_confirmed(self) -> bool:
        """Whether the name that was sent is the one that was shown."""
        if not self.is_valid():
            return False
        name: str = self.cleaned_data["holder_name"]
        return bool(name) and name == clean(self.cleaned_data["confirmed"])
