"""Long work of this room: looking for doubts, and tables that come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvuso.base.numbers import trimmed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.models import Person
from hocvuso.people.queries import asker

from . import exchange
from .services import importing, quality_checks, table_import

EVERY = 2000  # rows after which it is told how many are read


@jobs.kind("quality.check", few=200)
def check_quality(run: Run) -> Finish:
    """`period`: what is doubtful among the units at which the asker keeps the data."""
    by, period = asker(run.by_id), run.args["period"]
    doubts = list(quality_checks.look(period=period, by=by, tell=run.tell))

    def finish() -> Outcome:
        new = quality_checks.file_doubts(doubts)
        return Outcome(_("Đã xét xong. Cảnh báo mới: %(count)s.") % {"count": trimmed(new)})

    return finish


@jobs.kind("values.import", minutes=60)
def bring_values(run: Run) -> Finish:
    """`name`, `apply`: what a file of values would do, or its values written."""
    by = asker(run.by_id)
    made = importing.plan(rows=_told(run, exchange.read(BytesIO(run.content()))), by=by)

    def finish() -> Outcome:
        if made.faults:
            return Outcome(_says_faults(len(made.faults) + made.more_faults), 0, made.faults, made.more_faults)
        if run.args["apply"]:
            written = importing.apply(made=made, by=by, source=run.args["name"])
            return Outcome(_("Đã nhập %(count)s số liệu.") % {"count": trimmed(written)}, written)
        says = _("Đọc được %(count)s số liệu, không có lỗi. Chưa có gì được ghi.") % {"count": trimmed(made.count)}
        return Outcome(says, then={"apply": True} if made.count else {})

    return finish


def _told(run: Run, rows: Iterator[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows, 1):
        if number % EVERY == 0:
            run.tell(number, 0)
        yield row


def _says_faults(count: int) -> str:
    return ngettext(
        "Có %(n)s chỗ cần sửa. Chưa có gì được ghi.", "Có %(n)s chỗ cần sửa. Chưa có gì được ghi.", count
    ) % {"n": trimmed(count)}


def _table(plan: Callable[..., table_import.TablePlan]) -> Callable[[Run], Finish]:
    """`name`, `apply`: what a table would do, or its rows written."""

    def work(run: Run) -> Finish:
        by: Person = asker(run.by_id)
        made = plan(name=run.args["name"], content=run.content(), by=by)

        def finish() -> Outcome:
            if made.faults:
                return Outcome(_says_faults(len(made.faults)), 0, made.faults)
            if run.args["apply"]:
                written = table_import.apply_table(made=made, by=by, source=run.args["name"])
                return Outcome(_("Đã ghi %(count)s dòng.") % {"count": trimmed(written)}, written)
            found = {"new": len(made.new), "changed": len(made.changed), "same": made.same}
            counts = {name: trimmed(count) for name, count in found.items()}
            says = _("Thêm %(new)s, sửa %(changed)s, giữ nguyên %(same)s. Chưa có gì được ghi.") % counts
            return Outcome(says, then={"apply": True} if made.new or made.changed else {})

        return finish

    return work


jobs.kind("populations.import")(_table(table_import.plan_populations))
jobs.kind("targets.import")(_table(table_import.plan_targets))
