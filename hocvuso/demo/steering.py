"""Plans given to every province and commune, and monthly reports: on time, late, missing, returned."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import figures
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.services import assigning, planning, working
from hocvuso.reports.models import Regime, Report, ReportFigure, ReportMove, ReportSection
from hocvuso.reports.rules import late_days
from hocvuso.reports.services import regimes
from hocvuso.units.models import Unit

from .cases import SOURCE

TASKS = (
    "Mở lớp kỹ năng số cho người dân", "Thành lập tổ công nghệ số cộng đồng", "Hướng dẫn dùng dịch vụ công trực tuyến",
    "Tuyên truyền an toàn trên môi trường số", "Bồi dưỡng giáo viên về AI", "Rà soát thiết bị, đường truyền",
    "Huy động sinh viên tình nguyện", "Phối hợp doanh nghiệp mở lớp", "Báo cáo định kỳ", "Sơ kết, khen thưởng",
    "Hỗ trợ người cao tuổi", "Kiểm tra việc triển khai ở cơ sở",
)  # fmt: skip
MONTHS_OF_REPORTS = 3
INDICATORS = ["learners", "lessons-done"]
RESULTS = (
    "Đã mở lớp buổi tối ở nhà văn hóa các thôn; người học đông nhất là người trên 50 tuổi.",
    "Tổ công nghệ số đến từng nhà hướng dẫn nộp hồ sơ trực tuyến; còn ba thôn sóng yếu.",
    "Giáo viên trường trung học cơ sở dạy cuối tuần; thiếu điện thoại để thực hành.",
    "Chưa mở được lớp mới vì mùa vụ; đã phát lịch học tháng tới qua loa của xã.",
)


def make(rng: Random, now: datetime) -> int:
    """One demo plan of the ministry, answered by all; returns the number of tasks."""
    ministry = Unit.objects.get(code="BGDDT")
    officer, leader = (
        _person(rng, name, role, ministry)
        for name, role in [("Cán bộ thử", Role.OFFICER), ("Lãnh đạo thử", Role.LEADER)]
    )
    today = timezone.localdate(now)
    plan = Plan.objects.create(
        unit=ministry, title="Kế hoạch thử: phổ cập kỹ năng số", state=Plan.State.IN_FORCE, source=SOURCE,
        starts_on=today - timedelta(days=120), ends_on=today + timedelta(days=120), written_by=officer,
        approved_by=leader, approved_at=now,
    )  # fmt: skip
    task = _tasks(rng, plan, ministry)[0]
    template = Plan.objects.create(
        unit=ministry, title="Mẫu thử", kind=Plan.Kind.TEMPLATE, source=SOURCE, written_by=officer
    )
    _tasks(rng, template, None)
    for kind in (Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE):
        units = Unit.objects.filter(kind=kind, closed_on=None)
        assigning.assign(task=task, units=units, by=officer, template=template)
    Plan.objects.filter(root=plan).update(source=SOURCE, ends_on=plan.ends_on)
    _carry_out(rng, plan)
    _keep_baselines(plan)
    working.settle_due(today)
    _report(rng, ministry, officer, leader, now)
    return Task.objects.filter(plan__source=SOURCE).count()


def _person(rng: Random, name: str, role: Role, unit: Unit) -> Person:
    made = Person.objects.create(name=name, is_demo=True)
    roles.grant(person=made, role=role, unit=unit, by=None)
    return made


def _tasks(rng: Random, plan: Plan, lead: Unit | None) -> list[Task]:
    start = timezone.localdate()
    return Task.objects.bulk_create(
        Task(
            plan=plan, position=n, title=title, lead_unit=lead, product="Báo cáo kết quả",
            starts_on=start - timedelta(days=100), due_on=start + timedelta(days=rng.randint(-40, 90)),
        )
        for n, title in enumerate(TASKS)
    )  # fmt: skip


def _carry_out(rng: Random, plan: Plan) -> None:
    """Most child plans are in force; their tasks are done, under way, late, or not begun."""
    children = list(Plan.objects.filter(root=plan).values_list("pk", flat=True))
    running = [pk for pk in children if rng.random() < 0.85]
    Plan.objects.filter(pk__in=running).update(state=Plan.State.IN_FORCE)
    tasks = list(Task.objects.filter(plan__in=running))
    for task in tasks:
        fate = rng.random()
        task.begun, task.produced = fate < 0.75, fate < 0.5
        task.due_on = timezone.localdate() + timedelta(days=rng.randint(-40, 90))
        if fate < 0.4:
            task.done_on = min(timezone.localdate(), task.due_on + timedelta(days=rng.randint(-20, 6)))
    _rewrite(tasks, ["begun", "produced", "due_on", "done_on"])


def _keep_baselines(root: Plan) -> None:
    """What was approved, as approving keeps it, for all plans at once."""
    tasks: dict[UUID, dict[str, Any]] = defaultdict(dict)
    rows = Task.objects.filter(plan__in=Plan.objects.of_tree(root)).select_related("lead_unit", "leader")
    for task in rows.prefetch_related("supporting_units"):
        tasks[task.plan_id][str(task.pk)] = planning.snapshot_of_task(task)
    plans = [p for p in Plan.objects.of_tree(root) if p.state == Plan.State.IN_FORCE]
    for plan in plans:
        days = {name: day.isoformat() if (day := getattr(plan, name)) else None for name in ("starts_on", "ends_on")}
        plan.baseline = {"plan": {"title": plan.title, **days}, "tasks": tasks[plan.pk]}
    Plan.objects.bulk_update(plans, ["baseline"], batch_size=500)


def _rewrite(rows: list[Any], fields: list[str]) -> None:
    """Fields of many rows: inserting over them takes a tenth of the time that `bulk_update` takes."""
    for some in batched(rows, 2000):
        type(rows[0])._default_manager.bulk_create(
            some, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )


def _report(rng: Random, ministry: Unit, officer: Person, leader: Person, now: datetime) -> None:
    """A monthly regime for departments and communes over the last months, answered as people do."""
    first = timezone.localdate(now).replace(day=1)
    for _month in range(MONTHS_OF_REPORTS):
        first = (first - timedelta(days=1)).replace(day=1)
    kinds = [Unit.Kind.PROVINCIAL_DEPARTMENT.value, Unit.Kind.COMMUNE_COMMITTEE.value]
    regime = Regime.objects.create(
        issuer=ministry, title="Báo cáo tháng (dữ liệu thử)", basis=SOURCE, kinds=kinds, period_type="month",
        starts_on=first, indicators=INDICATORS,
        sections=[{"key": "ket-qua", "title": "Kết quả", "required": True, "max_words": 500}], written_by=officer,
    )  # fmt: skip
    for period in regimes.periods_due(regime, timezone.localdate(now)):
        regimes.open_period(regime=regime, period=period, on=period.last)
    reports = list(Report.objects.filter(regime=regime).order_by("pk"))
    for report in reports:
        fate = rng.random()
        if fate < 0.1:
            continue
        submitted = report.due_on + timedelta(days=rng.randint(-4, 0) if fate < 0.8 else rng.randint(1, 15))
        if submitted >= timezone.localdate(now):
            continue
        report.state = Report.State.SUBMITTED if fate < 0.3 else Report.State.ACCEPTED
        report.written_by = report.submitted_by = officer
        report.submitted_at = now - (timezone.localdate(now) - submitted)
        report.late_days = late_days(report.due_on, submitted)
        report.decided_by = leader if report.state == Report.State.ACCEPTED else None
    _rewrite(reports, ["state", "written_by", "submitted_by", "submitted_at", "late_days", "decided_by"])
    _write_down(rng, [report for report in reports if report.submitted_at], now)
    ReportMove.objects.bulk_create(
        ReportMove(
            report=report, to=Report.State.SUBMITTED, by=officer, at=report.submitted_at, first=True,
            late_days=report.late_days,
        )
        for report in reports
        if report.submitted_at
    )  # fmt: skip


def _write_down(rng: Random, reports: list[Report], now: datetime) -> None:
    """Figures as the platform knows them and a few words in each report that was handed in."""
    indicators = list(Indicator.objects.current().filter(key__in=INDICATORS))
    for period in sorted({report.period for report in reports}):
        written = [report for report in reports if report.period == period]
        known = figures(indicators=indicators, units=Unit.objects.filter(reports__in=written), periods=[period])
        ReportFigure.objects.bulk_create(
            (
                ReportFigure(
                    report=report, position=n, indicator=indicator, kind="m", computed_at=now,
                    value=known[indicator.key, report.unit_id, period].value,
                )
                for report in written
                for n, indicator in enumerate(indicators)
            ),
            batch_size=2000,
        )  # fmt: skip
    ReportSection.objects.bulk_create(
        (
            ReportSection(report=report, key="ket-qua", title="Kết quả", required=True, text=rng.choice(RESULTS))
            for report in reports
        ),
        batch_size=2000,
    )
