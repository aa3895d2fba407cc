"""A button that takes one of several steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from .fields import HiddenField
from .form import Form
from .widgets import CHOOSE

KEEP = "save"  # the step that only keeps what was typed


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

    def only_keeps(self) -> bool:
        """Whether what was typed can be kept without a further step; if so, that becomes what was pressed."""
        if KEEP in self.steps:
            data: Any = self.data
            data = data.copy()
            data[self.add_prefix("step")] = KEEP
            self.data = data
        return KEEP in self.steps

    def take(self, **arguments: Any) -> bool:
        """Run the verb of the step that was pressed, like `attempt`."""
        return self.is_valid() and self.attempt(self.steps[self.cleaned_data["step"]], **arguments)
