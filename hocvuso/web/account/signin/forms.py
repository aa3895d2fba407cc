"""The forms of signing in: an address, the code that proves it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit import forms

_LONGEST_ADDRESS = 200


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
        attrs={"class": "code-input", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8},
    )
