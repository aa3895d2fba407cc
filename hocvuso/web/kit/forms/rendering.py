"""How forms are drawn: Django's own mechanism with our templates (`kit/form.html`, `field.html`, `rows.html`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("checkbox", "date", "email", "hidden", "number", "password", "search", "tel", "text", "url")
)


class Bound(BoundField):
    """A field of a form, with the names by which its parts point at each other."""

    @property
    def hint_id(self) -> str:
        """The id of its help."""
        return f"hint-{self.auto_id}"

    @property
    def error_id(self) -> str:
        """The id of its fault."""
        return f"error-{self.auto_id}"

    @property
    def anchor(self) -> str:
        """The id of the input to go to: of many boxes, the first."""
        return self.id_for_label or f"{self.auto_id}_0"

    @property
    def aria_describedby(self) -> str:
        """The ids of what describes it: its help, then its fault."""
        return " ".join([self.hint_id] * bool(self.help_text) + [self.error_id] * bool(self.errors))

    @property
    def mark(self) -> str:
        """What is said beside its label: that one may leave it, or must not."""
        return str(getattr(self.form, "marks", {}).get(self.field.required, ""))

    def as_input(self) -> SafeString:
        """The input alone, for a table whose head is its label."""
        return self.as_widget(attrs={"aria-label": str(self.label)})


class Renderer(TemplatesSetting):
    """The setting FORM_RENDERER."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"
    formset_template_name = "kit/rows.html"
    bound_field_class = Bound

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """What the template says. An `<input>`, of which a table may hold hundreds, is written without one."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    """As Django's `input.html` writes it, which takes two templates and ten times as long."""
    given = {"type": widget["type"], "name": widget["name"], "value": widget["value"], **widget["attrs"]}
    parts = [
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in given.items()
        if value is not None and value is not False
    ]
    return mark_safe(f"<input{''.join(parts)}>")  # noqa: S308  all of it was escaped
