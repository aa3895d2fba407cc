"""The forms of the week's goal and of reminders of reviews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hocvuso.learning.rules import GOALS, HOURS, Often, Way

from ...kit import forms


def _goals() -> list[tuple[str, str]]:
    return [(str(n), ngettext("%(n)s bài một tuần", "%(n)s bài một tuần", n) % {"n": n}) for n in GOALS]


def _hours() -> list[tuple[str, str]]:
    return [(str(hour), _t("%(hour)s giờ") % {"hour": hour}) for hour in HOURS]


def _capitals(choices: Iterable[Any]) -> list[tuple[str, str]]:
    """Choices as lines of their own begin; in a sentence they do not."""
    return [(choice.value, capfirst(choice.label)) for choice in choices]


class GoalForm(forms.Form):
    """How many lessons a week."""

    lessons = forms.RadioField(label=_("Mục tiêu của bạn"), choices=_goals)

    def arguments(self) -> dict[str, Any]:
        return {"lessons": int(self.cleaned_data["lessons"])}


class RemindForm(forms.Form):
    """How, how often at most and at which hour a learner is called; the page gives the browser's leave along."""

    subscription = forms.HiddenField()
    way = forms.RadioField(label=_("Nhắc bằng"))
    often = forms.RadioField(label=_("Nhiều nhất"), choices=lambda: _capitals(Often), initial=Often.TWICE)
    hour = forms.ChoiceField(label=_("Vào lúc"), choices=_hours, initial="19")

    def __init__(self, *args: Any, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = _capitals(ways)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"hour": int(typed["hour"]), "subscription": self.cleaned_data["subscription"]}
