"""Forms of pages: Django forms with one field template. CONTRIBUTING, “A page with a form”, shows how a page uses them.

Fields read through the readers of `base`; a verb's Refusal lands on the field it names; filters of lists are forms too.
"""

from .fields import (
    CheckField,
    ChoiceField,
    ChoicesField,
    DayField,
    ExactField,
    FileField,
    HiddenField,
    LinesField,
    ListField,
    NumberField,
    OnceField,
    RadioField,
    RowField,
    RowsField,
    SeenRowsField,
    TextField,
    UnitField,
    VersionField,
    max_of,
)
from .files import FilesField
from .form import OPTIONAL, FilterForm, Form
from .named import AskedUnitField, NamedUnitField, NamedUnitsField, PeriodField
from .pages import answer
from .rendering import Renderer
from .steps import StepForm

__all__ = [
    "OPTIONAL",
    "AskedUnitField",
    "CheckField",
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "ExactField",
    "FileField",
    "FilesField",
    "FilterForm",
    "Form",
    "HiddenField",
    "LinesField",
    "ListField",
    "NamedUnitField",
    "NamedUnitsField",
    "NumberField",
    "OnceField",
    "PeriodField",
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
