"""Verbs on sources: somebody read one again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.text import clean
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from .citations import cited
from .models import Programme, SourceCheck


class NoSuchSource(Refusal):
    """No published lesson of the programme cites it."""

    code = "no-such-source"
    says = _("Không bài nào đang phát hành dẫn nguồn này nữa.")


class NeedsNote(Refusal):
    """Whoever read a source again says what they saw."""

    code = "needs-note"
    says = _("Hãy ghi bạn đã đọc lại ở đâu và thấy gì.")


def may_check_sources(person: Person, programme: Programme) -> bool:
    """An author of the programme's owner."""
    return programme.owner is not None and may(person, May.AUTHOR, programme.owner)


@transaction.atomic
def check_source(*, programme: Programme, source: str, note: str, by: Person) -> SourceCheck:
    """Say that a source was read again today and still says so. Raises NotAllowed, NoSuchSource, NeedsNote."""
    if not may_check_sources(by, programme):
        raise NotAllowed
    today = timezone.localdate()
    if source not in {one.title for one in cited([programme], on=today)}:
        raise NoSuchSource
    said = clean(note)
    if not said:
        raise NeedsNote(field="note")
    made = SourceCheck.objects.create(programme=programme, source=source, on=today, by=by, note=said[:500])
    journal.write("source.checked", programme, by=by, source=source, note=made.note)
    return made
