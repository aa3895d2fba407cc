"""States of consultations and the splitting of a document into clauses; pure tables and functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsultationState(models.TextChoices):
    """Where a consultation stands."""

    DRAFT = "draft", _("đang soạn")
    OPEN = "open", _("đang lấy ý kiến")
    CLOSED = "closed", _("đã kết thúc nhận góp ý")
    ANSWERED = "answered", _("đã giải trình xong")
    REPORTED = "reported", _("đã báo cáo")


class CommentKind(models.TextChoices):
    """What a comment says of the text."""

    AGREE = "agree", _("nhất trí")
    CHANGE = "change", _("đề nghị sửa")
    QUESTION = "question", _("hỏi")


class Verdict(models.TextChoices):
    """What becomes of a comment."""

    ACCEPTED = "accepted", _("tiếp thu")
    PARTLY = "partly", _("tiếp thu một phần")
    NO = "no", _("không tiếp thu")
    EXPLAINED = "explained", _("đã giải trình")


# The answers that fit what a comment says; an agreement needs none.
VERDICTS: dict[CommentKind, set[Verdict]] = {
    CommentKind.AGREE: set(),
    CommentKind.CHANGE: {Verdict.ACCEPTED, Verdict.PARTLY, Verdict.NO},
    CommentKind.QUESTION: {Verdict.EXPLAINED},
}
MOVES: dict[ConsultationState, set[ConsultationState]] = {
    ConsultationState.DRAFT: {ConsultationState.OPEN},
    ConsultationState.OPEN: {ConsultationState.CLOSED},
    ConsultationState.CLOSED: {ConsultationState.ANSWERED, ConsultationState.OPEN},
    ConsultationState.ANSWERED: {ConsultationState.REPORTED},
    ConsultationState.REPORTED: set(),
}


@dataclass(frozen=True)
class Piece:
    """One clause of a document: its label ("Điều 2 khoản 1"), its text, how deep it stands."""

    label: str
    text: str
    depth: int


_ROMAN = r"[IVX]{1,6}"
# Headings, highest first: the words that begin a clause, and its depth.
_PATTERNS: list[tuple[re.Pattern[str], int]] = [
    (re.compile(rf"^(Phần\s+(?:thứ\s+\w+|{_ROMAN}|\d+))\b[.:]?", re.IGNORECASE), 0),
    (re.compile(rf"^(Chương\s+(?:{_ROMAN}|\d+))\b[.:]?", re.IGNORECASE), 1),
    (re.compile(r"^(Mục\s+\d+)\b[.:]?", re.IGNORECASE), 2),
    (re.compile(r"^(Điều\s+\d+[a-zđ]?)\b[.:]", re.IGNORECASE), 3),
    (re.compile(rf"^({_ROMAN})\.(?=\s)"), 3),
    (re.compile(r"^(\d{1,3})\.(?=\s)"), 4),
    (re.compile(r"^(\d{1,2}\.\d{1,2})\.?(?=\s)"), 5),
    (re.compile(r"^(\d{1,2}(?:\.\d{1,2}){2,4})\.?(?=\s)"), 6),
]
CLAUSE = 4  # the depth of a khoản


def split(text: str, *, headings: dict[int, int] | None = None) -> list[Piece]:
    """A document as its clauses, in order; no line is lost. `headings`: line number → depth, where a style says so."""
    pieces: list[Piece] = []
    article = ""
    for number, raw in enumerate(text.splitlines()):
        line = raw.strip()
        if not line:
            continue
        found = _heading(line, (headings or {}).get(number))
        if found is None and pieces:
            last = pieces[-1]
            pieces[-1] = Piece(last.label, f"{last.text}\n{line}", last.depth)
            continue
        label, depth = found or ("", 0)
        if depth < CLAUSE:
            article = label
        elif depth == CLAUSE and article:
            # The document's own words, in its own language.
            label = f"{article} khoản {label}" if article.lower().startswith("điều") else f"{article}.{label}"
        pieces.append(Piece(label, line, depth))
    return pieces


def _heading(line: str, styled: int | None) -> tuple[str, int] | None:
    for pattern, depth in _PATTERNS:
        if match := pattern.match(line):
            return re.sub(r"\s+", " ", match[1]), depth
    if styled is not None:
        return line[:60], styled
    return None


@dataclass(frozen=True)
class Tally:
    """How many comments of each kind; what became of the proposals, and how many questions were answered."""

    comments: int = 0
    agree: int = 0
    change: int = 0
    question: int = 0
    accepted: int = 0
    partly: int = 0
    no: int = 0
    explained: int = 0
    unanswered: int = 0


def tally(comments: list[tuple[str, str]]) -> Tally:
    """Counts of (kind, verdict) pairs; an empty verdict is unanswered, where one is needed."""
    kinds = [kind for kind, _verdict in comments]
    proposals = [verdict for kind, verdict in comments if kind == CommentKind.CHANGE]
    questions = [verdict for kind, verdict in comments if kind == CommentKind.QUESTION]
    return Tally(
        comments=len(comments),
        agree=kinds.count(CommentKind.AGREE),
        change=len(proposals),
        question=len(questions),
        accepted=proposals.count(Verdict.ACCEPTED),
        partly=proposals.count(Verdict.PARTLY),
        no=proposals.count(Verdict.NO),
        explained=len(questions) - questions.count(""),
        unanswered=(proposals + questions).count(""),
    )
