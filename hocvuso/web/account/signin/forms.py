"""The forms of signing in: an address, the code that proves it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ...kit import forms

_LONGEST_ADDRESS = 200
_LONGEST_CODE = 24  # the key of a day has twelve digits, which may be parted


class OnwardForm(forms.Form):
    """A form on the way to somewhere: `next` is where."""

    next = forms.HiddenField()


class AddressForm(OnwardForm):
    """A phone number or e-mail address to which a code goes."""

    address = forms.TextField(
        label=_("Số điện thoại hoặc thư điện tử"), max_length=_LONGEST_ADDRESS, attrs={"autocomplete": "tel"}
    )


class CodeForm(OnwardForm):
    """The code that proves an address, or that an authenticator app shows."""

    code = forms.TextField(
        label=_("Mã"),
        attrs={
            "class": "code-input",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "autofocus": True,
            "maxlength": _LONGEST_CODE,
        },
    )


class FirstCodeForm(CodeForm):
    """The first code of an app, beneath what must be read before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]
