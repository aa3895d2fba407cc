"""Long work of this room: a document becomes a lesson."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hocvuso.base.words import name_of
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.queries import asker

from . import services_importing
from .folders import LESSON
from .models import Draft


@jobs.kind("lesson.import", few=256)
def import_lesson(run: Run) -> Finish:
    """`draft`, `name` of the file, `title`, `outcome`, `module` or `module_title`: a lesson of the document that came.

    Size: kilobytes.
    """
    by = asker(run.by_id)
    draft = Draft.objects.get(pk=run.args["draft"])
    name = str(run.args["name"])
    document = services_importing.read(name=name, content=run.content())

    def finish() -> Outcome:
        placed = {field: run.args[field] for field in ("title", "outcome", "module", "module_title")}
        key = services_importing.add_imported(draft=draft, document=document, name=name, by=by, **placed)
        says = _("Đã tạo bài “%(title)s”.") % {"title": placed["title"] or document.title}
        if document.left_out:
            says += " " + _("Chỗ không lấy được ghi ở đầu bài: %(n)s.") % {"n": len(document.left_out)}
        return Outcome(says, leads_to=name_of(draft.files.get(path=f"{key}/{LESSON}")))

    return finish
