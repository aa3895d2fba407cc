"""The nouns of steering, by subject."""

from .consulting import Clause, Comment, CommentKind, Consultation, ConsultationState, Invitation, Verdict
from .documents import DocumentProfile, NumberBook, OfficialDocument
from .inspecting import (
    Finding,
    Inspection,
    InspectionState,
    Remedy,
    RemedyState,
    Severity,
    Visit,
    VisitPhoto,
    VisitSheet,
    VisitState,
)
from .plan import ChangeRequest, Plan, Product, ProgressNote, Task, TaskOutcome
from .reporting import FigureMessage, FigureThread, Regime, Report, ReportFigure, ReportMove, ReportSection, Review
from .schemes import Scheme, SchemeLink
from .urging import UrgeMessage, UrgePreference, UrgeRule, Urging

__all__ = [
    "ChangeRequest",
    "Clause",
    "Comment",
    "CommentKind",
    "Consultation",
    "ConsultationState",
    "DocumentProfile",
    "FigureMessage",
    "FigureThread",
    "Finding",
    "Inspection",
    "InspectionState",
    "Invitation",
    "NumberBook",
    "OfficialDocument",
    "Plan",
    "Product",
    "ProgressNote",
    "Regime",
    "Remedy",
    "RemedyState",
    "Report",
    "ReportFigure",
    "ReportMove",
    "ReportSection",
    "Review",
    "Scheme",
    "SchemeLink",
    "Severity",
    "Task",
    "TaskOutcome",
    "UrgeMessage",
    "UrgePreference",
    "UrgeRule",
    "Urging",
    "Verdict",
    "Visit",
    "VisitPhoto",
    "VisitSheet",
    "VisitState",
]
