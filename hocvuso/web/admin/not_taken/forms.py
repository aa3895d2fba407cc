"""The filter of rows not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.base import batches

from ...kit import forms


def _batches() -> list[tuple[str, str]]:
    return [(batch.word, batch.label) for batch in batches.known()]


class NotTakenFilter(forms.FilterForm):
    """Rows not taken, by batch and by words of the reason or the name."""

    html_names = {"batch": "viec", "text": "q"}
    batch = forms.ChoiceField(label=_("Việc"), choices=_batches, blank=_("Tất cả"))
    text = forms.TextField(label=_("Tên hoặc lý do"), max_length=200, attrs={"type": "search"})
