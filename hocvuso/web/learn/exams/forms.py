"""The forms of a test: which, the answer to a question, the name on the certificate."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from hocvuso.assess.queries import BadResponse, Question

from ...kit import forms
from ...kit.naming import NameOnCertificateForm


class StartForm(forms.Form):
    """Which test is started: `kind` is "placement" or "final"."""

    kind = forms.HiddenField()


class AskedPlacement(forms.FilterForm):
    """The placement under way, as its address carries it."""

    html_names = {"token": "bai"}
    token = forms.HiddenField()


class _Chosen(django_forms.Widget):
    """What was chosen of a question: the ticked options, and for an order question the place of each."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[str], dict[str, str]]:
        places = {key.removeprefix("place-"): data[key] for key in data if key.startswith("place-") and data[key]}
        return data.getlist("option"), places


class ResponseField(django_forms.Field):
    """The answer as option numbers; of an order question in the order of their places."""

    widget = _Chosen

    def clean(self, value: Any) -> list[int]:
        options, places = value
        try:
            at = {int(option): int(place) for option, place in places.items()}
            chosen = sorted(int(option) for option in options)
        except ValueError:
            raise django_forms.ValidationError(str(BadResponse.says)) from None
        if len(set(at.values())) != len(at):
            raise django_forms.ValidationError(_("Có hai việc cùng một số. Hãy cho mỗi việc một số khác nhau."))
        return sorted(at, key=lambda option: at[option]) if at else chosen


class AnswerForm(forms.Form):
    """The answer to the open question."""

    position = forms.HiddenField()
    response = ResponseField()

    def marked(self, question: Question) -> list[dict[str, Any]]:
        """The options of the question as they were chosen last: a fault in one place takes nothing away."""
        chosen, places = self.fields["response"].widget.value_from_datadict(self.data, {}, "response")
        if self.data.get("position") != str(question.position):
            chosen, places = [], {}
        return [
            {"value": value, "text": text, "chosen": str(value) in chosen, "place": places.get(str(value), "")}
            for value, text in question.options
        ]

    def arguments(self) -> dict[str, Any]:
        try:
            return super().arguments() | {"position": int(self.cleaned_data["position"])}
        except ValueError:
            raise BadResponse(field="response") from None


class ClaimForm(NameOnCertificateForm):
    """The name that a certificate should carry."""
