"""The form of whoever erases an account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ...kit import forms


class EraseForm(forms.Form):
    """One is sure."""

    sure = forms.CheckField(label=_("Tôi hiểu và muốn xoá."))

    def arguments(self) -> dict[str, Any]:
        return {}
