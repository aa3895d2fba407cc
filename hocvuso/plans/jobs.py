"""Long work of this room: a task given to many units."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.queries import asker
from hocvuso.units.models import Unit

from .models import Plan, Task
from .queries.planning import units_to_assign
from .services import assigning

TOGETHER = 200  # units in one transaction: more would keep all others from writing for too long


@jobs.kind("task.assign", few=2000, whole=False)
def assign(run: Run) -> Finish:
    """`task`, `template`, and to whom: `kind`, `under`, `text`, of these only `units` where they are named.

    Size: rows that are written. Begun again it goes on with the units that have no plan yet.
    """
    by, args = asker(run.by_id), run.args
    task = Task.objects.select_related("plan__unit").get(pk=args["task"])
    under = Unit.objects.filter(pk=args["under"]).first() if args["under"] else None
    template = Plan.objects.filter(pk=args["template"]).first() if args["template"] else None
    units = units_to_assign(task, kind=args["kind"], under=under, text=args["text"])
    if args["units"] is not None:
        units = units.filter(pk__in=args["units"])
    keys, made, already = list(units.values_list("pk", flat=True)), 0, 0
    for at in range(0, max(len(keys), 1), TOGETHER):
        some = units.filter(pk__in=keys[at : at + TOGETHER])
        done = assigning.assign(task=task, units=some, by=by, template=template)
        made, already = made + done.made, already + done.already
        run.tell(at + TOGETHER, len(keys))
    counts = {"made": made, "already": already}
    said = _("Đã giao cho %(made)s đơn vị; %(already)s đơn vị đã có kế hoạch từ trước.")
    none = _("Chưa giao thêm cho đơn vị nào; %(already)s đơn vị đã có kế hoạch. Hãy chọn đơn vị khác.")
    return lambda: Outcome((said if made else none) % counts, made)
