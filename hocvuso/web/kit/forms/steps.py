"""A button that takes one of several steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from .fields import HiddenField
from .form import Form
from .widgets import CHOOSE


class StepForm(Form):
    """Which step was pressed: `steps` names the verb of each. What else a step needs are fields, as of any form.

    In the page: `<button name="step" value="verify">`, and `version` as the page shows it.
    """

    steps: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    step = HiddenField()

    def clean_step(self) -> str:
        step = str(self.cleaned_data["step"])
        if step not in self.steps:
            raise ValidationError(CHOOSE, "invalid_choice")
        return step

    def take(self, **arguments: Any) -> bool:
        """Run the verb of the step that was pressed, like `attempt`."""
        return self.is_valid() and self.attempt(self.steps[self.cleaned_data["step"]], **arguments)
