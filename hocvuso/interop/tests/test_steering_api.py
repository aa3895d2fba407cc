"""Reports, urging, inspections, consultations, schemes, documents, targets and declared values for programs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from hocvuso.base.attachments import attach
from hocvuso.consultations.services import commenting, consulting
from hocvuso.consultations.tests import world as consulted
from hocvuso.documents import services as documents
from hocvuso.indicators.models import Indicator, Target
from hocvuso.indicators.services import Evidence, declare
from hocvuso.inspections.services import inspecting
from hocvuso.inspections.tests import world as inspected
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.services import linking
from hocvuso.reminders.models import Reminder, ReminderRule
from hocvuso.reports.tests import world as reported

from .machine import machine

PDF = b"%PDF-1"
SIGNED = {"position": "GIÁM ĐỐC", "signer": "Lan"}


@pytest.fixture
def here(cast):
    return machine(cast.here)


@pytest.fixture
def next_door(cast):
    return machine(cast.next_door)


class TestReports:
    @pytest.fixture
    def country(self, db):
        there = reported.country()
        reported.hand_in(there.commune, by=there.writer(there.cabinet.communes[0]), at=reported.on(9))
        return there

    def test_a_report_shows_figures_sections_and_moves(self, country):
        found = machine(country.cabinet.one).one(f"reports/{country.commune.pk}")
        assert (found["unit"], found["period"], found["state"]) == ("XA-1", "2026-09", "submitted")
        devices = next(f for f in found["figures"] if f["indicator"] == "may")
        assert devices["value"] == devices["own"]["value"] == 10 and devices["parts"]["value"] is None
        assert [s["text"] for s in found["sections"]] == [f"Kết quả của {country.cabinet.communes[0]}.", ""]
        assert [m["to"] for m in found["moves"]] == ["drafted", "submitted"]
        assert found["moves"][1]["late_days"] == found["late_days"] == 4

    def test_names_of_evidence_are_told(self, country):
        figure = country.commune.figures.get(indicator__key="may")
        attach(subject=figure, name="bien-ban.pdf", content=PDF, by=country.writer(country.cabinet.communes[0]))
        found = machine(country.cabinet.one).one(f"reports/{country.commune.pk}")
        assert {f["indicator"]: f["files"] for f in found["figures"]}["may"] == ["bien-ban.pdf"]

    def test_next_door_finds_none(self, country):
        assert machine(country.cabinet.two).get(f"reports/{country.commune.pk}").status_code == 404

    def test_they_are_narrowed(self, country):
        one = machine(country.cabinet.one)
        assert [r["unit"] for r in one.rows("reports", state="submitted")] == ["XA-1"]
        assert [r["unit"] for r in one.rows("reports", unit="XA-1")] == ["XA-1"]
        assert one.rows("reports", since="2027-01-01") == []

    @pytest.mark.parametrize("since", ["1735689600", "2026-01-01T00:00:00Z", "0001-01-01", "9999-12-31", "2026-02-30"])
    def test_a_day_is_none_but_a_day(self, country, since):
        """Not a count of seconds, no moment, and none that no calendar here holds."""
        for path in ("reports", "plans"):
            answer = machine(country.cabinet.one).get(path, since=since)
            assert answer.status_code == 400 and "since" in answer.json()["errors"][0]["field"]


class TestFigures:
    @pytest.fixture
    def indicator(self, db):
        return Indicator.objects.create(key="may", title="Máy", kind="declared", period_type="year")

    @pytest.fixture
    def value(self, cast, indicator):
        files = [Evidence("bang-ke.pdf", PDF)]
        return declare(
            indicator=indicator, unit=cast.here, period="2026", value=7, by=cast.lan, note="Kiểm kê", evidence=files
        )

    def test_declared_values_say_who_with_what_evidence(self, here, value):
        [row] = here.rows("declared", indicator="may", period="2026", unit="SO-1")
        assert (row["value"], row["by"], row["note"], row["files"]) == (7.0, "Lan", "Kiểm kê", ["bang-ke.pdf"])

    def test_next_door_sees_none(self, next_door, value, cast):
        Target.objects.create(indicator="may", unit=cast.here, period="2026", value=9, source="QĐ 1")
        assert next_door.rows("declared") == next_door.rows("targets") == []

    def test_targets_have_their_source(self, here, cast, indicator):
        Target.objects.create(indicator="may", unit=cast.school, period="2026", value=9, source="QĐ 1")
        row = {"indicator": "may", "unit": "T-1", "period": "2026", "value": 9.0, "source": "QĐ 1"}
        assert here.rows("targets", indicator="may", period="2026", unit="SO-1") == [row]
        assert here.rows("targets", period="2025") == []

    @pytest.mark.parametrize("path", ["targets", "declared"])
    def test_a_misspelling_is_refused_and_not_answered_with_nothing(self, here, path):
        for name, value in (("indicator", "mya"), ("period", "2026-13")):
            answer = here.get(path, **{name: value})
            assert answer.status_code == 409 and answer.json()["field"] == name

    def test_beyond_the_last_page_there_are_no_rows(self, here):
        assert here.one("units", page=99)["items"] == [] != here.one("units", page=1)["items"]

    def test_a_missing_scope_is_named(self, cast):
        answer = machine(cast.here, scopes=["plans:read"]).get("targets")
        assert answer.status_code == 403 and "figures:read" in answer.json()["title"]

    def test_they_take_a_fixed_number_of_queries(self, here, cast, value, indicator):
        Target.objects.create(indicator="may", unit=cast.here, period="2026", value=9, source="QĐ 1")
        before = [here.queries(path) for path in ("declared", "targets")]
        for year in ("2024", "2025"):
            declare(indicator=indicator, unit=cast.school, period=year, value=1, by=cast.lan)
            Target.objects.create(indicator="may", unit=cast.school, period=year, value=9, source="QĐ 1")
        assert [here.queries(path) for path in ("declared", "targets")] == before


class TestUrging:
    @pytest.fixture
    def urged(self, cast):
        rule = ReminderRule.objects.create(
            unit=cast.ministry, key="late", kinds=["task"], offset=3, recipients=["officers"]
        )
        plan = Plan.objects.create(unit=cast.ministry, title="K")
        task = Task.objects.create(plan=plan, title="Việc", lead_unit=cast.here)
        fields = {"kind": "task", "subject_id": task.pk, "unit": cast.here, "due_on": date(2026, 11, 1), "rule": rule}
        for who in (cast.lan, cast.hoa):
            Reminder.objects.create(person=who, title="Mở lớp", rule_key=str(rule.pk), note="Gọi 0912", **fields)
        return task

    def test_the_log_tells_what_was_urged_and_whether_it_was_read_but_not_who(self, here, urged):
        rows = here.rows("urgings", kind="task", unit="SO-1", since="2026-01-01")
        assert [
            (r["subject"], r["title"], r["unit"], r["days_from_due"], r["by_hand"], r["read_at"]) for r in rows
        ] == [(str(urged.pk), "Mở lớp", "SO-1", 3, False, None)] * 2
        text = here.get("urgings").text
        assert "Lan" not in text and "Hoa" not in text and "Gọi" not in text

    def test_only_whoever_urges_there_sees_it(self, cast, next_door, urged):
        assert next_door.rows("urgings") == machine(cast.here, Role.STEWARD).rows("urgings") == []

    def test_it_takes_a_fixed_number_of_queries(self, cast, here, urged):
        before = here.queries("urgings")
        Reminder.objects.create(
            person=cast.an,
            kind="task",
            subject_id=urged.pk,
            unit=cast.school,
            title="x",
            rule_key="hand:1",
            due_on=date(2026, 11, 1),
        )
        assert here.queries("urgings") == before


class TestInspections:
    @pytest.fixture
    def world(self, cast):
        made = inspected.prepare(cast)
        made.send(cast.here, finish=True)
        made.send(cast.next_door)
        made.ask(made.find(cast.here), days=-0)
        return made

    def test_one_shows_its_head_and_what_is_open(self, cast, here, world):
        found = here.one(f"inspections/{world.inspection.pk}")
        assert (found["unit"], found["state"], found["visits"], found["finished_visits"]) == ("BO", "running", 2, 1)
        assert (found["findings"], found["open_remedies"], found["conclusion"]) == (1, 1, "")
        assert [i["id"] for i in here.rows("inspections", state="running")] == [found["id"]]

    def test_visits_show_answers_findings_and_remedies_of_ones_own(self, here, world):
        [visit] = here.rows(f"inspections/{world.inspection.pk}/visits")
        assert visit["unit"] == "SO-1" and visit["state"] == "finished"
        assert {a["question"]: a["answer"] for a in visit["answers"]}["q2"] == "12"
        [finding] = visit["findings"]
        assert finding["severity"] == "minor" and finding["remedy"]["title"] == "Lập kế hoạch"
        assert (finding["remedy"]["state"], finding["remedy"]["late"]) == ("asked", False)

    def test_a_conclusion_is_shown_once_it_is_issued(self, cast, here, world):
        inspecting.draft_conclusion(inspection=world.inspection, text="Tốt", by=cast.hoa)
        path = f"inspections/{world.inspection.pk}"
        assert here.one(path)["conclusion"] == ""
        world.send(cast.next_door, finish=True)
        world.inspection.refresh_from_db()
        inspecting.conclude(inspection=world.inspection, by=cast.oanh)
        assert here.one(path)["conclusion"] == "Tốt"

    def test_whoever_was_not_visited_finds_none(self, cast, world):
        stranger = machine(cast.school, Role.MANAGER)
        assert stranger.rows("inspections") == []
        path = f"inspections/{world.inspection.pk}"
        assert stranger.get(path).status_code == stranger.get(f"{path}/visits").status_code == 404

    def test_visits_take_a_fixed_number_of_queries(self, cast, here, world):
        ministry, path = machine(cast.ministry), f"inspections/{world.inspection.pk}/visits"
        before = ministry.queries(path)
        world.ask(world.find(cast.next_door))
        world.find(cast.next_door, text="Thiếu máy")
        assert ministry.queries(path) == before


class TestConsultations:
    @pytest.fixture
    def world(self, cast):
        made = consulted.prepare(cast)
        made.say(cast.here, cast.an)
        commenting.send(invitation=made.invitation(cast.here), by=cast.an)
        made.say(cast.next_door, cast.xuan, text="Chưa gửi")
        return made

    def test_who_asks_sees_all_that_was_sent(self, cast, world):
        ministry, path = machine(cast.ministry), f"consultations/{world.consultation.pk}"
        found = ministry.one(path)
        assert (found["invited"], found["sent"], found["state"]) == (2, 1, "open")
        assert [c["label"] for c in found["clauses"]][:2] == ["Điều 1", "Điều 1 khoản 1"]
        rows = ministry.rows(f"{path}/comments")
        assert [(c["unit"], c["kind"], c["text"], c["verdict"]) for c in rows] == [("SO-1", "change", "Bỏ hải đảo", "")]
        assert {i["unit"]: i["sent_on"] is not None for i in ministry.rows(f"{path}/invitations")} == {
            "SO-1": True,
            "SO-2": False,
        }

    def test_the_invited_see_their_own_and_answers_once_all_are_given(self, cast, here, next_door, world):
        path = f"consultations/{world.consultation.pk}"
        assert next_door.rows(f"{path}/comments") == []
        assert [i["unit"] for i in next_door.rows(f"{path}/invitations")] == ["SO-2"]
        asked = consulting.close(consultation=world.consultation, by=cast.hoa)
        [comment] = world.invitation(cast.here).comments.all()
        consulting.answer(consultation=asked, comments=[comment], verdict="no", why="Trái luật", by=cast.hoa)
        assert here.rows(f"{path}/comments")[0]["verdict"] == ""
        asked.refresh_from_db()
        consulting.finish_answers(consultation=asked, by=cast.hoa)
        answered = here.rows(f"{path}/comments")[0]
        assert (answered["verdict"], answered["why"]) == ("no", "Trái luật")

    def test_whoever_was_not_invited_finds_none(self, cast, world):
        school, path = machine(cast.school, Role.MANAGER), f"consultations/{world.consultation.pk}"
        assert school.rows("consultations") == []
        assert {school.get(p).status_code for p in (path, f"{path}/comments", f"{path}/invitations")} == {404}

    def test_a_role_that_is_not_consulted_sees_none(self, cast, world):
        assert machine(cast.here, Role.STEWARD).rows("consultations") == []

    def test_they_take_a_fixed_number_of_queries(self, cast, world):
        ministry, path = machine(cast.ministry), f"consultations/{world.consultation.pk}"
        paths = ("consultations", f"{path}/comments", f"{path}/invitations")
        before = [ministry.queries(p) for p in paths]
        consulting.draft(unit=cast.ministry, by=cast.hoa, title="Khác", due_on=timezone.localdate() + timedelta(days=3))
        world.say(cast.next_door, cast.xuan, label="", text="Tán thành")
        commenting.send(invitation=world.invitation(cast.next_door), by=cast.xuan)
        assert [ministry.queries(p) for p in paths] == before


class TestSchemes:
    @pytest.fixture
    def scheme(self, cast):
        roles.grant(person=cast.lan, role=Role.LEADER, unit=cast.ministry, by=None)
        made = [
            linking.keep_scheme(key=key, title=key, family="de-an", source="QĐ", unit=cast.here, by=cast.lan)
            for key in ("de-an-1", "de-an-2")
        ]
        indicator = Indicator.objects.create(key="may", title="Máy", kind="declared", period_type="year")
        declare(indicator=indicator, unit=cast.here, period="2026", value=8, by=cast.lan)
        declare(indicator=indicator, unit=cast.school, period="2026", value=8, by=cast.lan)
        shares = {made[0]: Decimal("0.25"), made[1]: Decimal("0.75")}
        linking.set_shares(shares=shares, indicator="may", by=cast.lan)
        task = Task.objects.create(
            plan=Plan.objects.create(unit=cast.here, title="K"), title="Việc", lead_unit=cast.here
        )
        linking.set_shares(shares={made[0]: Decimal(1)}, task=task, by=cast.lan)
        return made[0]

    def test_one_shows_its_part_of_a_figure(self, here, scheme):
        found = here.one("schemes/de-an-1", unit="SO-1", period="2026")
        assert (found["tasks"], found["indicators"], found["of_unit"], found["period"]) == (1, 1, "SO-1", "2026")
        line = {"indicator": "may", "title": "Máy", "share": 0.25, "value": 8.0, "part": 2.0}
        assert found["lines"] == [line]
        assert [(t["title"], t["share"]) for t in here.rows("schemes/de-an-1/tasks")] == [("Việc", 1.0)]

    def test_sums_count_nothing_twice(self, here, scheme):
        asked = {"scheme": ["de-an-1", "de-an-2"], "indicator": "may", "unit": ["SO-1", "T-1"], "period": "2026"}
        assert here.one("scheme-sums", **asked) == {
            "total": 8.0, "by_scheme": {"de-an-1": 2.0, "de-an-2": 6.0}, "figures": {"may": 8.0},
        }  # fmt: skip

    def test_next_door_finds_none(self, next_door, scheme):
        assert next_door.rows("schemes") == []
        assert next_door.get("schemes/de-an-1").status_code == next_door.get("schemes/de-an-1/tasks").status_code == 404

    def test_a_unit_or_period_that_there_is_not_is_said(self, here, scheme):
        assert here.get("schemes/de-an-1", unit="SO-2").json()["type"].endswith("no-such-unit")
        assert here.get("schemes/de-an-1", period="nay").json()["field"] == "period"

    def test_they_take_a_fixed_number_of_queries(self, here, cast, scheme):
        before = here.queries("schemes", family="de-an")
        linking.keep_scheme(key="khac", title="Khác", family="de-an", source="QĐ", unit=cast.here, by=cast.lan)
        assert here.queries("schemes", family="de-an") == before


class TestDocuments:
    @pytest.fixture
    def letter(self, cast):
        roles.grant(person=cast.an, role=Role.OFFICER, unit=cast.here, by=None)
        body = [{"kind": "paragraph", "text": "Đề nghị các trường mở lớp."}]
        made = documents.draft(unit=cast.here, kind="CV", title="Về việc mở lớp", body=body, by=cast.an, **SIGNED)
        for unit in (cast.here, cast.school):
            documents.set_profile(unit=unit, values={"abbreviation": "SGDĐT", "place": "Hà Nội"}, by=cast.lan)
        return made

    def test_a_draft_has_no_symbol_and_what_is_issued_has(self, cast, here, letter):
        [row] = here.rows("documents", kind="CV", state="draft", unit="SO-1")
        assert (row["title"], row["symbol"], row["number"]) == ("Về việc mở lớp", None, None)
        documents.issue(document=letter, by=cast.lan)
        [row] = here.rows("documents", state="issued")
        assert (row["symbol"], row["number"]) == ("01/SGDĐT", 1)

    def test_it_comes_as_a_file(self, here, letter):
        answer = here.get(f"documents/{letter.pk}.docx")
        assert "wordprocessingml" in answer["Content-Type"]
        assert any("mở lớp" in p.text for p in Document(BytesIO(answer.content)).paragraphs)

    def test_next_door_finds_none(self, next_door, letter):
        assert next_door.rows("documents") == []
        assert next_door.get(f"documents/{letter.pk}.docx").status_code == 404

    def test_they_take_a_fixed_number_of_queries(self, cast, here, letter):
        documents.issue(document=letter, by=cast.lan)
        before = here.queries("documents")
        for unit in (cast.here, cast.school):
            made = documents.draft(unit=unit, kind="CV", title="Nữa", body=[], by=cast.an, **SIGNED)
            documents.issue(document=made, by=cast.lan)
        assert here.queries("documents") == before
