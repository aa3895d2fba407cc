"""Long work of this room: the run of urging, begun by a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.queries import asker

from .services import run as urging


@jobs.kind("urging.run", few=200, whole=False)
def run_urging(run: Run) -> Finish:
    """The rules, run over the asker's units; what they tell of, they tell once. Size: units."""
    told = urging.run_now(by=asker(run.by_id))
    said = _("Đã nhắc %(told)s lượt; tin được gửi trong ít phút tới.") % {"told": trimmed(told)}
    return lambda: Outcome(said if told else _("Lượt này không có việc nào đến lúc nhắc."), told)
