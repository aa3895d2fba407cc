"""Verbs that make a lesson of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.people.models import Person

from .importing import BadDocument, Imported, note_of, read_document
from .models import Draft
from .queries import may_edit
from .services import add
from .services_programme import add_lesson, add_module


class Unreadable(Refusal):
    """The file is no document that can be read; `why` says what to do."""

    code = "unreadable-document"
    says = _("Chưa đọc được tài liệu: %(why)s")


def ask(*, draft: Draft, content: bytes, by: Person, args: Mapping[str, Any]) -> Job:
    """Ask that a document become a lesson; a small one has become it then.

    `args`: name, title, outcome, module, or module_title of a new one. Raises NotAllowed, Unreadable, TooManyJobs, and
    as `add_lesson`.
    """
    if not may_edit(by, draft):
        raise NotAllowed
    asked = {**args, "draft": str(draft.pk)}
    return jobs.ask("lesson.import", by=by, args=asked, content=content, size=len(content) >> 10)


def read(*, name: str, content: bytes) -> Imported:
    """What a document holds, as the text of a lesson. Raises Unreadable."""
    try:
        return read_document(name, content)
    except BadDocument as error:
        raise Unreadable(field="file", why=str(error)) from error


@transaction.atomic
def add_imported(
    *, draft: Draft, document: Imported, name: str, by: Person, outcome: str, title: str = "", module: str = "",
    module_title: str = "",
) -> str:  # fmt: skip
    """A lesson of what a document held, with its pictures; what could not be taken along stands at its beginning.

    Its key. `module` empty: in a new one of this title. Raises as `add_lesson`.
    """
    body = note_of(name, document.left_out) + document.body
    title = title or document.title
    if module:
        key = add_lesson(draft=draft, module=module, title=title, outcome=outcome, by=by, body=body)
    else:
        key = add_module(draft=draft, title=module_title, lesson=title, outcome=outcome, by=by, body=body)
    add(draft=draft, files={f"{key}/{picture}": content for picture, content in document.pictures.items()}, by=by)
    return key
