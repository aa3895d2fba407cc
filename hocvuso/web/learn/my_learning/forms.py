"""The forms of a certificate that one holds."""

from __future__ import annotations

from typing import Any

from ...kit import forms
from ...kit.naming import NameOnCertificateForm


class ShowNameForm(forms.Form):
    """Whether the public page shows the name: the button that was pressed says "1" or "0"."""

    show = forms.HiddenField()

    def arguments(self) -> dict[str, Any]:
        return {"show": self.cleaned_data["show"] == "1"}


class CorrectForm(NameOnCertificateForm):
    """The name as it should be."""
