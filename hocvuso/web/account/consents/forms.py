"""The form of what one says to a purpose."""

from __future__ import annotations

from functools import partial
from typing import Any

from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents

from ...kit import forms

EVIDENCE = "page"


class ConsentForm(forms.StepForm):
    """One purpose, and yes or no by the button that was pressed: nothing is chosen beforehand."""

    steps = {said.value: partial(consents.answer, said=said, evidence=EVIDENCE) for said in Said}
    purpose = forms.ChoiceField(choices=Purpose.choices)
    next = forms.HiddenField()

    def arguments(self) -> dict[str, Any]:
        return {"purpose": Purpose(self.cleaned_data["purpose"])}
