"""The form of a certificate that one holds."""

from __future__ import annotations

from typing import Any

from ...kit import forms


class ShowNameForm(forms.Form):
    """Whether the public page shows the name: the button that was pressed says "1" or "0"."""

    show = forms.HiddenField()

    def arguments(self) -> dict[str, Any]:
        return {"show": self.cleaned_data["show"] == "1"}
