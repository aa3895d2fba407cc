"""The nouns of plans: plans and tasks with their evidence, requests for change, schemes."""

from .plan import ChangeRequest, Plan, Product, ProgressNote, Task, TaskOutcome
from .schemes import Scheme, SchemeLink

__all__ = ["ChangeRequest", "Plan", "Product", "ProgressNote", "Scheme", "SchemeLink", "Task", "TaskOutcome"]
