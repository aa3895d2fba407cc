"""What is typed into the pages of inspections: all faults at once, nothing lost, also where two write at once."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.inspections.models import Finding, Inspection, VisitPhoto, VisitSheet
from hocvuso.inspections.services import inspecting, remedying, visiting
from hocvuso.inspections.tests.world import prepare
from tests.world import sign_in

from .test_inspections import page, sheet


@pytest.fixture
def world(cast):
    return prepare(cast)


@pytest.fixture
def as_hoa(client, world):
    sign_in(client, world.hoa)
    return client


def faulty(answer):
    """The fields at which a page names a fault."""
    assert answer.status_code == 400
    return set(re.findall(r'id="error-([^"]+)"', answer.text))


def seen(answer):
    """The version that a page carries."""
    return re.search(r'name="version" value="(\d+)"', answer.text)[1]


class TestFaults:
    def test_all_faults_of_its_head_are_named_at_once(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        typed = {
            "title": "a" * 100_000, "number": "1" * 61, "basis": "b" * 5001, "starts_on": "31/02/2026", "ends_on": "-1",
            "unit": cast.here.pk,
        }  # fmt: skip
        names = {"title", "number", "basis", "starts_on", "ends_on"}
        answer = client.post(page("inspection-new"), typed)
        assert faulty(answer) == names | {"unit"} and "a" * 100_000 in answer.text
        assert faulty(client.post(page("inspection-edit", world.inspection.pk), typed | {"version": "x"})) == names
        assert faulty(client.post(page("inspection-edit", world.inspection.pk), {})) == {"title"}
        assert Inspection.objects.get().title == world.inspection.title

    def test_a_checklist_is_not_cut_and_a_file_is_of_its_kind(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        url, before = page("inspection-checklist", world.inspection.pk), world.inspection.checklist
        assert faulty(client.post(url, {"text": "a" * 100_001})) == {"text"}
        for file in (SimpleUploadedFile("phieu.xlsx", b"PK"), SimpleUploadedFile("phieu.doc", b"x")):
            assert faulty(client.post(url, {"file": file})) == {"file"}
        assert faulty(client.post(url, {})) == {"file"} and faulty(client.post(url, {"text": ""})) == {"text"}
        world.inspection.refresh_from_db()
        assert world.inspection.checklist == before

    def test_units_of_another_sphere_are_none_to_visit(self, client, cast):
        inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Kiểm tra trường")
        made = Inspection.objects.get()
        sign_in(client, cast.lan)
        typed = {"kind": ["x", "school"], "within": str(cast.next_door.pk), "codes": "SO-2"}
        assert "kind" in faulty(client.post(page("inspection-scope", made.pk), typed))
        assert faulty(client.post(page("inspection-scope", made.pk), {"codes": "SO-2"})) == {"codes"}
        assert faulty(client.post(page("inspection-scope", made.pk), {})) == {"kind"}
        assert faulty(client.post(page("inspection-team", made.pk), {"person": ["x", "\0"]})) == {"person"}
        assert not made.scope.exists() and not made.team.exists()

    def test_all_faults_of_a_sheet_are_named_and_its_findings_stay(self, as_hoa, world, cast):
        visit = world.visit(cast.here)
        file = SimpleUploadedFile("a.txt", b"x" * 10)
        typed = sheet(visit, q_q1="maybe", q_q2="mười hai", q_q3="c9", q_q6="a" * 5001, p_q5=file, f_text_1="Thiếu máy",
                      f_severity_1="x", f_text_2="b" * 2001, f_evidence_2="Sổ lớp", finish="1")  # fmt: skip
        answer = as_hoa.post(page("visit", visit.pk), typed)
        assert faulty(answer) == {"f_severity_1", "f_text_2"} and 'href="#q_q6"' in answer.text
        for kept in ("mười hai", "Thiếu máy", "b" * 2001, "Sổ lớp"):
            assert kept in answer.text
        answer = as_hoa.post(page("visit", visit.pk), sheet(visit, q_q1="maybe", q_q2="mười hai", q_q3="c9"))
        assert answer.status_code == 400 and all(f'href="#q_{code}"' in answer.text for code in ("q1", "q2", "q3"))
        assert as_hoa.post(page("visit", visit.pk), sheet(visit, p_q5=file)).status_code == 400
        assert as_hoa.post(page("visit", visit.pk), {"id": "x", "q_q1": "yes"}).status_code == 400
        assert not VisitSheet.objects.exists() and not Finding.objects.exists() and not VisitPhoto.objects.exists()

    def test_all_faults_are_named_at_the_form_that_was_sent(self, client, world, cast):
        finding = world.find(cast.here)
        sign_in(client, world.hoa)
        assert faulty(client.post(page("remedy-new", finding.pk), {"due_on": "31/02/2026"})) == {"title", "due_on"}
        typed = {"text": "a" * 2001, "severity": "x", "evidence": "b" * 1001, "version": "-x"}
        assert faulty(client.post(page("finding", finding.pk), typed)) == {"text", "severity", "evidence"}
        assert faulty(client.post(page("finding-new", finding.visit_id), typed)) == {"text", "severity", "evidence"}
        remedy = world.ask(finding)
        sign_in(client, world.an)
        typed = {"step": "propose", "text": "a" * 3001, "file": SimpleUploadedFile("a.pdf", b"")}
        assert faulty(client.post(page("remedy", remedy.pk), typed)) == {"done-text", "done-file"}
        typed = {"step": "propose", "text": "Đã lập", "file": SimpleUploadedFile("a.txt", b"x")}
        answer = client.post(page("remedy", remedy.pk), typed)
        assert faulty(answer) == {"done-file"} and "Đã lập" in answer.text
        for step in ("", "burn"):
            assert client.post(page("remedy", remedy.pk), {"step": step}).status_code == 400
        remedying.propose(remedy=remedy, text="Xong", by=world.an)
        sign_in(client, world.hoa)
        assert faulty(client.post(page("remedy", remedy.pk), {"step": "reopen", "text": " "})) == {"again-text"}
        remedy.refresh_from_db()
        finding.refresh_from_db()
        assert remedy.state == "proposed" and finding.text == "Chưa có kế hoạch" and remedy.task.notes.count() == 1


class TestTwoAtOnce:
    def test_two_who_change_the_head_lose_nothing(self, client, cast):
        world = prepare(cast, begin=False)
        key = world.inspection.pk
        version = Inspection.objects.get().version
        sign_in(client, cast.hoa)
        answer = client.get(page("inspection-edit", key))
        assert seen(answer) == str(version)
        inspecting.edit_inspection(inspection=world.inspection, by=world.oanh, title="Tên của Oanh", version=version)
        mine = {"version": version, "title": "Tên của Hoa", "basis": "Căn cứ của Hoa"}
        answer = client.post(page("inspection-edit", key), mine)
        assert answer.status_code == 409 and "Oanh đã lưu thay đổi khác lúc" in answer.text
        assert (
            "Tên của Oanh" in answer.text and 'value="Tên của Hoa"' in answer.text and "Căn cứ của Hoa" in answer.text
        )
        assert client.post(page("inspection-edit", key), mine | {"version": seen(answer)}).status_code == 302
        assert Inspection.objects.get().title == "Tên của Hoa"

    def test_checklist_scope_team_and_steps_start_from_what_was_seen(self, client, cast):
        world = prepare(cast, begin=False)
        key, before = world.inspection.pk, world.inspection.checklist
        sign_in(client, cast.hoa)
        file = SimpleUploadedFile("phieu.xlsx", client.get(page("inspection-checklist-file", key)).content)
        sent = [
            ("checklist", {"text": "Câu mới?"}, "Câu mới?"),
            ("checklist", {"file": file}, "Có kế hoạch chi tiết?"),
            ("scope", {"codes": "SO-1"}, "SO-1</textarea>"),
            ("team", {"person": str(cast.hoa.pk)}, "Đang được lưu"),
            ("move", {"step": "start"}, "đang chuẩn bị"),
        ]
        for name, typed, shown in sent:
            answer = client.post(page(f"inspection-{name}", key), typed | {"version": "1"})
            assert answer.status_code == 409 and shown in answer.text, name
            assert seen(answer) == str(Inspection.objects.get().version)
        now = Inspection.objects.get()
        assert (now.state, now.checklist) == ("planned", before) and now.scope.count() == now.team.count() == 2

    def test_two_who_amend_the_same_lose_nothing(self, client, world, cast):
        finding = world.find(cast.here)
        url = page("finding", finding.pk)
        sign_in(client, world.hoa)
        assert seen(client.get(url)) == "1"
        visiting.amend_finding(finding=finding, text="Lời của Bình", severity="major", evidence="", by=world.binh)
        mine = {"version": "1", "text": "Lời của Hoa", "severity": "minor", "evidence": "Sổ lớp"}
        answer = client.post(url, mine)
        assert answer.status_code == 409 and "Lời của Bình" in answer.text and "nghiêm trọng" in answer.text
        assert "Lời của Hoa</textarea>" in answer.text and 'value="Sổ lớp"' in answer.text
        assert client.post(url, mine | {"version": seen(answer)}).status_code == 302
        finding.refresh_from_db()
        assert (finding.text, finding.version) == ("Lời của Hoa", 3)

    def test_two_who_write_the_conclusion_lose_nothing(self, as_hoa, world, cast):
        url, version = page("inspection-conclusion", world.inspection.pk), world.inspection.version
        assert faulty(as_hoa.post(url, {"conclusion": "a" * 20_001})) == {"conclusion"}
        inspecting.draft_conclusion(inspection=world.inspection, text="Lời của Bình", by=world.binh)
        answer = as_hoa.post(url, {"version": version, "conclusion": "Lời của Hoa"})
        assert answer.status_code == 409 and "Lời của Bình" in answer.text and "Lời của Hoa</textarea>" in answer.text
        as_hoa.post(url, {"version": seen(answer), "conclusion": "Lời của Hoa"})
        assert Inspection.objects.get().conclusion == "Lời của Hoa"

    def test_nobody_issues_a_conclusion_they_have_not_seen(self, client, world, cast):
        for unit in (cast.here, cast.next_door):
            world.send(unit, finish=True)
        before = Inspection.objects.get().version
        inspecting.draft_conclusion(inspection=world.inspection, text="Nhìn chung tốt.", by=world.hoa)
        sign_in(client, cast.oanh)
        url = page("inspection-move", world.inspection.pk)
        answer = client.post(url, {"step": "conclude", "version": before})
        assert answer.status_code == 409 and Inspection.objects.get().state == "running"
        client.post(url, {"step": "conclude", "version": seen(answer)})
        assert Inspection.objects.get().state == "concluded"
