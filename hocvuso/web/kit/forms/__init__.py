"""Forms of pages: Django forms with one field template. CONTRIBUTING, “A page with a form”, shows how a page uses them.

Fields read through the readers of `base`; a verb's Refusal lands on the field it names; filters of lists are forms too.
"""

from .fields import (
    CheckField,
    ChoiceField,
    ChoicesField,
    DayField,
    FileField,
    HiddenField,
    LinesField,
    ListField,
    NumberField,
    RadioField,
    RowField,
    RowsField,
    SeenRowsField,
    TextField,
    UnitField,
    VersionField,
    max_of,
)
from .form import FilterForm, Form
from .pages import answer
from .rendering import Renderer
from .steps import StepForm

__all__ = [
    "CheckField",
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "FileField",
    "FilterForm",
    "Form",
    "HiddenField",
    "LinesField",
    "ListField",
    "NumberField",
    "Renderer",
    "RadioField",
    "RowField",
    "RowsField",
    "SeenRowsField",
    "StepForm",
    "TextField",
    "UnitField",
    "VersionField",
    "answer",
    "max_of",
]
