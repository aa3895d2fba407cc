"""The form of a guardian."""

from __future__ import annotations

from ...kit import forms


class ConsentForm(forms.Form):
    """A guardian consents, or with `act` = "withdraw" takes it back."""

    act = forms.HiddenField()
