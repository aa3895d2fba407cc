"""Long work of this room: all units of a kind scored and ranked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.queries import asker

from . import services
from .models import IndexDefinition


@jobs.kind("index.compute", few=200)
def compute(run: Run) -> Finish:
    """`index`, `period`, `kind`: the units of a kind, scored anew. Raises NotAllowed."""
    by, index = asker(run.by_id), IndexDefinition.objects.get(pk=run.args["index"])
    scored = services.score(index=index, period=run.args["period"], kind=run.args["kind"], by=by, tell=run.tell)

    def finish() -> Outcome:
        rows = services.keep(scored, by=by)
        if not rows:
            return Outcome(_("Chưa tính gì: không có đơn vị nào thuộc loại này. Hãy chọn loại khác."), 0)
        counts = {"count": trimmed(len(rows)), "without": trimmed(sum(row.total is None for row in rows))}
        return Outcome(_("Đã tính %(count)s đơn vị; %(without)s đơn vị còn thiếu số liệu.") % counts, len(rows))

    return finish
