"""What a neighbour must not reach: one province with something of every kind, and a province next door without.

Everything belongs to Sở Một, to a commune beneath it, or to a person who learns there. Neighbours hold their roles at
Sở Hai. A new noun with an address of its own is made here, in one line of `things`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

from django.test import TestCase
from django.utils import timezone

from hocvuso.assess import services as assess
from hocvuso.assess.models import Attempt
from hocvuso.authoring import services as authoring
from hocvuso.authoring.models import DraftRevision
from hocvuso.base import master
from hocvuso.base.attachments import attach
from hocvuso.base.models import NotTaken, OutboxMessage
from hocvuso.consultations.services import commenting, consulting
from hocvuso.credentials import services as credentials
from hocvuso.documents import services as documents
from hocvuso.helpdesk.services import requests
from hocvuso.indicators.models import Flag, Indicator, Population, Target
from hocvuso.indicators.services import Evidence, declare
from hocvuso.indices.services import load_indices
from hocvuso.inspections.services import inspecting, remedying, visiting
from hocvuso.inspections.tests import world as inspected
from hocvuso.interop import services as interop
from hocvuso.jobs.models import Job
from hocvuso.learning.services import calling, goals
from hocvuso.library import services as library
from hocvuso.library.models import Edition
from hocvuso.people.models import Passkey, Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles, signin
from hocvuso.plans.models import Plan
from hocvuso.plans.services import changing, linking, planning, working, writing
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.privacy.models import Breach
from hocvuso.records import services as records
from hocvuso.reminders.models import Reminder, ReminderMessage, ReminderRule
from hocvuso.reports.models import Report
from hocvuso.reports.services import regimes, reporting, reviews, threads
from hocvuso.resources.services import allocations, needs, pledges
from hocvuso.units import services as units
from hocvuso.units.models import Place, Unit
from tests import world
from tests.world import Cast

PDF = b"%PDF-1.7\n"
PNG = inspected.PNG
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
# Of several rows, the one that shows most; of people, units and roles, those of whom nothing may be seen.
PREFERRED = {
    "people.Person": {"name": "Hoa"},
    "people.RoleGrant": {"unit__code": "SO-1", "role": "leader"},
    "units.Unit": {"code": "SO-1"},
    "plans.Plan": {"state": "in-force"},
    "plans.Task": {"plan__state": "in-force"},
    "consultations.Consultation": {"state": "open"},
    "consultations.Clause": {"consultation__state": "open"},
    "consultations.Invitation": {"consultation__state": "open"},
    "reports.Report": {"unit__code": "X-1"},
    "base.Attachment": {"subject__startswith": "report-figure:"},
    "assess.Attempt": {"state": "started"},
    "indicators.Indicator": {"key": "may"},
}


@dataclass
class World:
    """The cast, the commune beneath Sở Một, and who works there."""

    cast: Cast
    commune: Unit
    commune_next_door: Unit
    officer: Person
    second: Person
    programme: object
    plan: Plan | None = None
    people: dict[str, Person] = field(default_factory=dict)


def hired(name: str, role: Role, unit: Unit) -> Person:
    """A person with one role at a unit, who signed in by phone."""
    made = Person.objects.create(name=name)
    roles.grant(person=made, role=role, unit=unit, by=None)
    return made


def build() -> World:
    """Two provinces with a commune each; then everything, at the first."""
    master.keep_check()
    world.frameworks()
    cast = world.cast()
    with TestCase.captureOnCommitCallbacks(execute=True):
        programme = world.publish(world.ROOT / "tests" / "programmes" / "hai-bai")
    land = Place.objects.create(code="VN", name="Việt Nam", kind="country", type="quoc-gia")
    communes = []
    for number, above in enumerate((cast.here, cast.next_door), 1):
        province = Place.objects.create(
            code=f"0{number}", name=f"Tỉnh {number}", kind="province", parent=land, type="tinh"
        )
        Place.objects.create(code=f"0000{number}", name=f"Xã {number}", kind="commune", parent=province, type="xa")
        communes.append(
            units.open_unit(
                code=f"X-{number}",
                name=f"Xã {number}",
                kind="commune-committee",
                parent=above,
                place_code=f"0000{number}",
            )
        )
    for unit, code in ((cast.here, "01"), (cast.next_door, "02")):
        unit.place = Place.objects.get(code=code)
        unit.save()
    there = World(
        cast,
        communes[0],
        communes[1],
        hired("Tư", Role.OFFICER, communes[0]),
        hired("Nam", Role.OFFICER, cast.here),
        programme,
    )
    cast.hoa.home_place = Place.objects.get(code="00001")
    cast.hoa.birth_year = 1956
    cast.hoa.save()
    for make in (
        _learning,
        _drafts,
        _figures,
        _plans,
        _reports,
        _reviews,
        _consultations,
        _inspections,
        _documents,
        _resources,
        _rest,
    ):
        make(there)
    return there


def _learning(there: World) -> None:
    cast = there.cast
    scored = world.take_final(cast.hoa, there.programme)
    issued = credentials.issue(attempt=scored)
    records.append(person=cast.hoa, batch=world.batch(world.statement()))
    goals.choose(person=cast.hoa, lessons=5)
    calling.choose(person=cast.hoa, way="phone", often="daily", hour=19)
    assess.start(person=cast.hoa, programme=there.programme, kind=Attempt.Kind.FINAL)
    edition = Edition.objects.get()
    library.comment(edition=edition, lesson="bai-mot", line=1, text="x", by=cast.minh)
    library.ask_withdrawal(edition=edition, reason="Sai", by=cast.lan)
    Passkey.objects.create(person=cast.hoa, credential_id="x", public_key="x", label="x")
    credentials.ask_revocation(credential=issued, reason="Sai tên", by=cast.lan)


def _drafts(there: World) -> None:
    cast = there.cast
    edition = library.draft_from(folder=world.ROOT / "tests" / "programmes" / "hai-bai", by=cast.an)
    draft = authoring.go_on_from(edition=edition, unit=cast.here, by=cast.an)
    authoring.add_picture(draft=draft, lesson="bai-mot", name="a.svg", content=SVG, by=cast.an)
    assert DraftRevision.objects.exists()


def _figures(there: World) -> None:
    cast, year = there.cast, str(timezone.localdate().year)
    for key in ("may", "to"):
        Indicator.objects.create(
            key=key, title=key, kind="declared", definition={"aggregate": "sum"}, minimum=0, period_type="year"
        )
    files = [Evidence("bang-ke.pdf", PDF)]
    declare(
        indicator=Indicator.objects.get(key="may"), unit=cast.here, period=year, value=7, by=cast.lan, evidence=files
    )
    Target.objects.create(indicator="may", unit=cast.here, period=year, value=9, source="QĐ 1")
    Population.objects.create(
        place=Place.objects.get(code="01"), group="all", on=date(int(year), 1, 1), count=100, source="QĐ 1"
    )
    Flag.objects.create(
        indicator="may", unit=cast.here, period=year, kind="missing", detector="missing", facts={"due": "2026-11-01"}
    )


def _plans(there: World) -> None:
    cast, today = there.cast, timezone.localdate()
    text = PlanText(title="Kế hoạch", starts_on=date(today.year, 1, 1))
    writing.add_task(
        plan=writing.start(unit=cast.here, text=text, by=there.second), text=TaskText(title="Nháp"), by=there.second
    )
    plan = writing.start(unit=cast.here, text=text, by=there.second)
    for title in ("Một", "Hai"):
        writing.add_task(
            plan=plan, text=TaskText(title=title, lead_unit=cast.here, due_on=today + timedelta(9)), by=there.second
        )
    planning.submit(plan=plan, by=there.second)
    planning.approve(plan=plan, by=cast.oanh)
    there.plan = planning.put_in_force(plan=Plan.objects.get(pk=plan.pk), by=there.second)
    task = plan.tasks.order_by("position")[0]
    working.add_note(task=task, text="Đang làm", by=there.second)
    working.add_product(task=task, kind="file", by=there.second, name="a.pdf", content=PDF)
    changing.ask_for_task(task=task, text=TaskText(title="Khác"), reason="Đổi", by=there.second)
    linking.keep_scheme(key="de-an-a", title="Đề án", source="QĐ", by=cast.oanh, unit=cast.ministry)


def _reports(there: World) -> None:
    cast, today = there.cast, timezone.localdate()
    terms = regimes.RegimeTerms(
        title="Báo cáo năm", period_type="year", starts_on=today.replace(month=1, day=1), kinds=["commune-committee"],
        units=[there.commune], indicators=["may"], sections=[("Kết quả", True, 50)],
    )  # fmt: skip
    made = regimes.set_regime(issuer=cast.here, terms=terms, by=cast.lan)
    period = regimes.current_period(made, today)
    regimes.open_period(regime=made, period=period, by=cast.lan, on=today)
    report = reporting.draft(report=Report.objects.get(regime=made, unit=there.commune), by=there.officer)
    figure = report.figures.first()
    threads.ask(figure=figure, text="Vì sao?", by=cast.lan)
    attach(subject=figure, name="a.pdf", content=PDF, by=there.officer)
    attach(subject=report, name="a.pdf", content=PDF, by=there.officer)


def _reviews(there: World) -> None:
    today = timezone.localdate()
    reviews.begin(
        plan=there.plan, kind="yearly", title="Đánh giá", first=date(today.year, 1, 1), last=today, by=there.cast.lan
    )


def _consultations(there: World) -> None:
    cast, due = there.cast, timezone.localdate() + timedelta(days=7)
    for send in (False, True):
        made = consulting.draft(unit=cast.here, by=cast.lan, title="Dự thảo", due_on=due)
        consulting.set_document(consultation=made, text="Điều 1. Phạm vi\n1. Cả tỉnh.", by=cast.lan)
        consulting.invite(consultation=made, units=[there.commune], by=cast.lan)
        if send:
            made = consulting.open_consultation(consultation=made, by=cast.lan)
            said = {"kind": "change", "text": "Bỏ", "clause": made.clauses.first()}
            commenting.comment(invitation=made.invitations.get(), by=there.officer, **said)


def _inspections(there: World) -> None:
    cast = there.cast
    inspector = hired("Thanh", Role.INSPECTOR, cast.here)
    made = inspecting.plan_inspection(unit=cast.here, by=inspector, title="Kiểm tra")
    checklist, _faults = inspecting.read_checklist(text=inspected.TEXT)
    inspecting.set_checklist(inspection=made, checklist=checklist, by=inspector)
    inspecting.set_scope(inspection=made, units=[there.commune], by=inspector)
    inspecting.set_team(inspection=made, people=[inspector], by=inspector)
    inspecting.start(inspection=made, by=inspector)
    visit = made.visits.get()
    photo = [p["code"] for p in _questions(checklist) if p["kind"] == "photo"][0]
    visiting.add_photo(visit=visit, id=uuid4(), question=photo, name="a.png", content=PNG, by=inspector)
    finding = visiting.record_finding(visit=visit, text="Chưa có kế hoạch", by=inspector)
    due = timezone.localdate() + timedelta(days=10)
    remedying.ask_remedy(finding=finding, title="Lập kế hoạch", due_on=due, by=inspector)


def _questions(checklist: dict) -> list[dict]:
    return [question for section in checklist["sections"] for question in section["questions"]]


def _documents(there: World) -> None:
    cast = there.cast
    documents.draft(unit=cast.here, kind="CV", title="Về việc", by=cast.lan, subject=there.plan)


def _resources(there: World) -> None:
    cast, today = there.cast, timezone.localdate()
    fields = {
        "kind": "device", "title": "Máy tính bảng", "details": "Còn tốt", "quantity": 10, "place": None,
        "starts_on": today, "ends_on": today + timedelta(60),
    }  # fmt: skip
    pledge = pledges.offer(unit=there.commune, by=there.officer, **fields)
    pledges.verify(pledge=pledge, by=cast.lan)
    pledges.make_available(pledge=pledge, by=there.officer)
    pledge.refresh_from_db()
    need = needs.ask_need(unit=there.commune, by=there.officer, **fields)
    allocations.allocate(
        pledge=pledge, need=need, quantity=1, starts_on=today, ends_on=today + timedelta(9), by=there.officer
    )


def _rest(there: World) -> None:
    cast = there.cast
    requests.ask(unit=there.commune, topic="service", text="Tôi muốn nộp hồ sơ", by=cast.hoa)
    rule = ReminderRule.objects.create(unit=cast.here, kinds=["task"], offset=3, recipients=["officers"])
    task = there.plan.tasks.first()
    reminder = Reminder.objects.create(
        person=cast.lan, title="Việc", rule_key=str(rule.pk), kind="task", subject_id=task.pk, unit=cast.here,
        due_on=timezone.localdate(), rule=rule,
    )  # fmt: skip
    outgoing = OutboxMessage.objects.create(id=uuid4(), source="reminder-message", receiver="x", state="failed")
    ReminderMessage.objects.create(
        id=outgoing.pk, outgoing=outgoing, person=cast.lan, day=timezone.localdate(), channel="email", title="x"
    )
    client, _secret = interop.make_client(name="Máy", scopes=["hooks"], unit=cast.here, role=Role.OFFICER, by=cast.lan)
    interop.subscribe(client=client, url="https://8.8.8.8/", events=["plan.moved"])
    load_indices(world.ROOT / "data" / "indices")
    kind, value = signin.read_address("0900 000 099")
    guest = Person.objects.create(name="Khách")
    signin.add_identifier(person=guest, kind=kind, value=value)
    roles.offer(address="0900 000 099", role=Role.VOLUNTEER, unit=cast.here, by=cast.lan)
    Job.objects.create(kind="quality.check", args={"period": "2026-09"}, by_id=cast.lan.pk, language="vi")
    NotTaken.objects.create(batch="figures", thing=f"person:{cast.hoa.pk}", shown="Hoa", why="x")
    Breach.objects.create(title="Mất máy", known_at=timezone.now(), recorded_by=cast.lan)
    assert reminder.pk
