"""Hostile files and texts, made from a few seeds by readable rules; always the same ones.

What once broke something is added as a line of `corpus/texts.txt`, or as a file of `corpus/`, named `<reader>--<what>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from .certificates import certificates
from .common import (
    ARCHIVE,
    BACKUP,
    CERTIFICATE,
    DOCX,
    FOLDER,
    FORM,
    JSON,
    KINDS,
    NAME,
    PAPER,
    PICTURE,
    QUESTIONS,
    SVG,
    TABLE,
    YAML,
    Case,
    texts,
    utf8,
)  # fmt: skip
from .lessons import archives, drawings, pictures
from .office import documents, tables, workbooks
from .papers import papers
from .plain import backups, json_texts, yaml_texts
from .questions import questions

__all__ = [
    "ARCHIVE", "BACKUP", "CERTIFICATE", "DOCX", "FORM", "JSON", "KINDS", "NAME", "PAPER", "PICTURE", "QUESTIONS",
    "SVG", "TABLE", "YAML", "Case", "cases", "texts", "utf8",
]  # fmt: skip


def cases() -> Iterator[Case]:
    """The whole corpus."""
    files = (tables, workbooks, documents, papers, archives, drawings, pictures, certificates, questions)
    for made in (*files, yaml_texts, json_texts, backups, _kept):
        yield from made()
    for text in texts():
        yield Case(NAME, repr(text[:40]), utf8(text))


def _kept() -> Iterator[Case]:
    for file in sorted(FOLDER.iterdir()):
        kind, _sign, name = file.name.partition("--")
        if name:
            yield Case(kind, name, file.read_bytes())
