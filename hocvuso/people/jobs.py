"""Long work on units, which needs to know who may keep them: lists that come in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvuso.base.errors import NotAllowed
from hocvuso.base.numbers import trimmed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.units import lists

from .queries import asker, tops_of_reach
from .rules import May


@jobs.kind("units.import")
def bring_units(run: Run) -> Finish:
    """`name`, `apply`: what a list of units would do, or its units written."""
    by = asker(run.by_id)
    under = tops_of_reach(by, May.MANAGE_UNITS)
    if not under:
        raise NotAllowed
    made = lists.plan(run.args["name"], run.content(), under=under, tell=run.tell)

    def finish() -> Outcome:
        if made.faults:
            count = len(made.faults)
            says = ngettext(
                "Có %(n)s chỗ cần sửa. Chưa có gì được ghi.", "Có %(n)s chỗ cần sửa. Chưa có gì được ghi.", count
            ) % {"n": trimmed(count)}
            return Outcome(says, 0, made.faults)
        if run.args["apply"]:
            written = lists.apply(made, by=by)
            return Outcome(_("Đã nhập %(count)s đơn vị.") % {"count": trimmed(written)}, written)
        found = {"new": len(made.new), "changed": len(made.changed), "same": made.same}
        counts = {name: trimmed(count) for name, count in found.items()}
        says = _("Thêm %(new)s, sửa %(changed)s, giữ nguyên %(same)s. Chưa có gì được ghi.") % counts
        return Outcome("\n".join([says, *made.warnings[:50]]), then={"apply": True} if made.new or made.changed else {})

    return finish
