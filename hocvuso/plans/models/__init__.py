"""The nouns of steering, by subject."""

from .consulting import *  # noqa: F403
from .documents import *  # noqa: F403
from .inspecting import *  # noqa: F403
from .plan import ChangeRequest, Plan, Product, ProgressNote, Task
from .reporting import *  # noqa: F403
from .schemes import *  # noqa: F403
from .urging import *  # noqa: F403

__all__ = ["ChangeRequest", "Plan", "Product", "ProgressNote", "Task"]
