"""The pages of inspections: preparing, a visit, findings and remedies; with the neighbour at every door."""

from __future__ import annotations

import json
import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from hocvuso.inspections.models import Finding, Inspection, Remedy, Visit, VisitPhoto, VisitSheet
from hocvuso.inspections.services import inspecting, remedying
from hocvuso.inspections.tests.world import PNG, TEXT, conditional, prepare
from tests.world import flat, sign_in


@pytest.fixture
def world(cast):
    return prepare(cast)


@pytest.fixture
def as_hoa(client, world):
    sign_in(client, world.hoa)
    return client


def page(name, *keys):
    return reverse(name, args=keys)


class TestPreparing:
    def test_from_nothing_to_a_running_inspection(self, client, cast):
        prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        made = client.post(
            page("inspection-new"), {"unit": cast.ministry.pk, "title": "Kiểm tra hai", "starts_on": "2026-11-01"}
        )
        inspection = Inspection.objects.get(title="Kiểm tra hai")
        assert made["Location"] == page("inspection-checklist", inspection.pk)
        client.post(page("inspection-checklist", inspection.pk), {"text": TEXT})
        client.post(page("inspection-scope", inspection.pk), {"kind": "provincial-department"})
        client.post(page("inspection-team", inspection.pk), {"person": str(cast.hoa.pk)})
        client.post(page("inspection-move", inspection.pk), {"step": "start"})
        inspection.refresh_from_db()
        assert inspection.state == "running" and inspection.visits.count() == 2

    def test_what_was_typed_stays_beside_the_refusal(self, client, cast):
        prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        typed = {"unit": cast.ministry.pk, "title": "Kiểm tra", "basis": "Căn cứ A", "starts_on": "32/13/2026"}
        answer = client.post(page("inspection-new"), typed)
        assert answer.status_code == 400
        assert "Căn cứ A" in answer.text and 'id="error-starts_on"' in answer.text

    def test_faults_of_a_checklist_are_said_by_line(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        answer = client.post(page("inspection-checklist", world.inspection.pk), {"text": "A | bản đồ"})
        assert answer.status_code == 400 and "dòng 1" in answer.text and "A | bản đồ" in answer.text

    def test_a_checklist_goes_out_as_xlsform_and_comes_in_again(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        file = client.get(page("inspection-checklist-file", world.inspection.pk)).content
        assert load_workbook(BytesIO(file)).sheetnames == ["survey", "choices"]
        before = world.inspection.checklist
        upload = SimpleUploadedFile("phieu.xlsx", file)
        client.post(page("inspection-checklist", world.inspection.pk), {"file": upload})
        world.inspection.refresh_from_db()
        assert world.inspection.checklist == before

    def test_a_checklist_that_lines_cannot_say_is_not_offered_in_lines(self, client, cast):
        world = prepare(cast, begin=False, checklist=conditional())
        sign_in(client, cast.hoa)
        text = client.get(page("inspection-checklist", world.inspection.pk)).text
        assert "Chỉ trả lời khi “Có phòng máy?” là “Có”." in text and "# Máy móc\n" not in text
        file = client.get(page("inspection-checklist-file", world.inspection.pk)).content
        client.post(page("inspection-checklist", world.inspection.pk), {"file": SimpleUploadedFile("phieu.xlsx", file)})
        world.inspection.refresh_from_db()
        assert world.inspection.checklist == conditional()
        client.post(page("inspection-checklist", world.inspection.pk), {"text": TEXT})
        assert TEXT.splitlines()[1] in client.get(page("inspection-checklist", world.inspection.pk)).text

    def test_codes_that_name_nobody_are_named(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        answer = client.post(page("inspection-scope", world.inspection.pk), {"codes": "SO-1 SAI"})
        assert answer.status_code == 400 and "SAI" in answer.text
        assert world.inspection.scope.count() == 2

    def test_the_team_is_chosen_by_name_unit_and_role_and_nobody_inspects_their_own(self, client, cast):
        world = prepare(cast, begin=False)
        sign_in(client, cast.hoa)
        url = page("inspection-team", world.inspection.pk)
        text = client.get(url).text
        assert "người kiểm tra, Bộ" in text and str(cast.lan.pk) not in text and str(cast.xuan.pk) not in text
        answer = client.post(url, {"person": [str(cast.hoa.pk), str(cast.lan.pk)]})
        assert answer.status_code == 400 and 'id="error-person"' in answer.text
        assert "Lan." in answer.text and set(world.inspection.team.all()) == {cast.hoa, cast.binh}

    def test_a_step_that_is_not_ready_says_why(self, as_hoa, world):
        answer = as_hoa.post(page("inspection-move", world.inspection.pk), {"step": "conclude"})
        assert answer.status_code == 400 and "chưa xong" in answer.text
        assert as_hoa.post(page("inspection-move", world.inspection.pk), {"step": "burn"}).status_code == 400


def sheet(visit, **more):
    return {"id": str(uuid.uuid4()), "q_q1": "yes", "q_q2": "12", **more}


class TestTheSheet:
    def test_without_script_answers_photos_and_findings_in_one_form(self, as_hoa, world, cast):
        visit = world.visit(cast.here)
        assert 'data-visit="' in as_hoa.get(page("visit", visit.pk)).text
        sent = sheet(visit, f_text_1="Thiếu máy", f_severity_1="major", save="1")
        for _twice in range(2):
            photo = SimpleUploadedFile("phong.png", PNG, content_type="image/png")
            answer = as_hoa.post(page("visit", visit.pk), {**sent, "p_q5": photo})
            assert answer.status_code == 302
        visit.refresh_from_db()
        assert visit.answers == {"q1": "yes", "q2": 12} and visit.state == "open"
        assert Finding.objects.get().severity == "major"
        assert VisitPhoto.objects.count() == VisitSheet.objects.count() == 1

    def test_without_script_several_choices_and_all_questions_with_their_conditions_in_words(self, client, cast):
        world = prepare(cast, checklist=conditional())
        sign_in(client, world.hoa)
        visit = world.visit(cast.here)
        text = client.get(page("visit", visit.pk)).text
        assert text.count("Chỉ trả lời khi “Có phòng máy?” là “Có”.") == 2
        assert "Chỉ trả lời khi “Số máy” từ 5 trở lên và “Dùng để làm gì?” có chọn “Thi”." in text
        assert 'data-when="[&quot;=&quot;, &quot;q1&quot;, &quot;yes&quot;]"' in text
        client.post(page("visit", visit.pk), sheet(visit, q_q3=["", "c1", "c3"], save="1"))
        visit.refresh_from_db()
        assert visit.answers["q3"] == "c1 c3"
        assert client.get(page("visit", visit.pk)).text.count(" checked") == 3
        client.post(page("visit", visit.pk), sheet(visit, q_q3="", save="1"))
        visit.refresh_from_db()
        assert "q3" not in visit.answers
        client.post(page("visit", visit.pk), sheet(visit, q_q1="no", q_q3=["", "c9"], finish="1"))
        text = client.get(page("visit", visit.pk)).text
        assert "<dd>Không</dd>" in flat(text) and "Dùng để làm gì?" not in text

    def test_a_refusal_stands_beside_its_question_and_what_was_typed_stays(self, as_hoa, world, cast):
        visit = world.visit(cast.here)
        answer = as_hoa.post(page("visit", visit.pk), sheet(visit, q_q2="mười hai", finish="1"))
        assert answer.status_code == 400 and "mười hai" in answer.text and "Hãy ghi một số." in answer.text

    def test_finished_it_is_a_page_to_read(self, as_hoa, world, cast):
        visit = world.visit(cast.here)
        as_hoa.post(page("visit", visit.pk), sheet(visit, finish="1"))
        text = as_hoa.get(page("visit", visit.pk)).text
        assert "data-visit=" not in text and "<dd>Có</dd>" in flat(text)

    def post_json(self, client, visit, **more):
        body = {"id": str(uuid.uuid4()), "answers": {"q1": "yes"}, "findings": [], "finish": False} | more
        return client.post(page("visit", visit.pk), json.dumps(body), content_type="application/json")

    def test_a_phone_sends_again_and_nothing_is_doubled(self, as_hoa, world, cast):
        visit, key = world.visit(cast.here), str(uuid.uuid4())
        findings = [{"text": "Thiếu máy", "severity": "minor", "evidence": ""}]
        answers = [self.post_json(as_hoa, visit, id=key, findings=findings, finish=True) for _twice in range(2)]
        assert [a.status_code for a in answers] == [200, 200]
        assert Finding.objects.count() == 1

    def test_a_phone_is_told_what_is_wrong(self, as_hoa, world, cast):
        visit, key = world.visit(cast.here), str(uuid.uuid4())
        wrong = self.post_json(as_hoa, visit, answers={"q2": "x"})
        assert wrong.status_code == 422 and list(wrong.json()["wrong"]) == ["q2"]
        self.post_json(as_hoa, visit, id=key)
        assert self.post_json(as_hoa, visit, id=key, answers={"q1": "no"}).status_code == 409
        assert self.post_json(as_hoa, visit, id="x").status_code == 400
        deep = as_hoa.post(page("visit", visit.pk), "[" * 100_000, content_type="application/json")
        assert deep.status_code == 400

    @pytest.mark.parametrize(
        "answers",
        ['{"q1":NaN}', '{"x":Infinity}', '{"\\ud800":"a"}', '{"\\u0000":"a"}', '{"x":["\\u0000"]}', '{"x":{}}'],
    )
    def test_what_no_phone_sends_is_refused(self, as_hoa, world, cast, answers):
        visit = world.visit(cast.here)
        sheet = f'{{"id":"{uuid.uuid4()}","answers":{answers},"findings":[]}}'
        assert as_hoa.post(page("visit", visit.pk), sheet, content_type="application/json").status_code == 400

    def test_photos_from_the_script(self, as_hoa, world, cast):
        visit, key = world.visit(cast.here), str(uuid.uuid4())
        for content, status in ((PNG, 200), (PNG, 200), (b"%PDF-1.4", 409)):
            photo = SimpleUploadedFile("a.png", content)
            sent = {"id": key, "question": "q5", "photo": photo}
            assert as_hoa.post(page("visit-photo", visit.pk), sent).status_code == status
        assert as_hoa.post(page("visit-photo", visit.pk), {"id": "x"}).status_code == 400
        answer = as_hoa.get(page("photo", key))
        assert answer["Content-Type"] == "image/png" and b"".join(answer.streaming_content) == PNG


class TestFindings:
    def test_from_a_finding_to_the_confirmed_remedy(self, client, world, cast):
        finding = world.find(cast.here)
        sign_in(client, world.hoa)
        wrong = client.post(page("remedy-new", finding.pk), {"title": "Lập kế hoạch", "due_on": "2020-01-01"})
        assert wrong.status_code == 400 and "Lập kế hoạch" in wrong.text and 'id="error-due_on"' in wrong.text
        client.post(page("remedy-new", finding.pk), {"title": "Lập kế hoạch", "due_on": "2099-01-01"})
        remedy = Remedy.objects.get()
        sign_in(client, world.an)
        assert "Báo đã khắc phục" in client.get(page("finding", finding.pk)).text
        file = SimpleUploadedFile("kh.pdf", b"%PDF-1.4")
        client.post(page("remedy", remedy.pk), {"step": "propose", "text": "Đã lập", "file": file})
        assert "Xác nhận đã khắc phục" not in client.get(page("finding", finding.pk)).text
        sign_in(client, world.binh)
        assert "Xác nhận đã khắc phục" in client.get(page("finding", finding.pk)).text
        client.post(page("remedy", remedy.pk), {"step": "verify"})
        remedy.refresh_from_db()
        assert remedy.state == "verified"
        client.post(page("remedy", remedy.pk), {"step": "reopen", "text": "Lại hỏng"})
        remedy.refresh_from_db()
        assert remedy.state == "reopened"

    def test_what_was_not_seen_is_not_confirmed(self, client, world, cast):
        """Sent back and reported again, with other words, while the page of the first report is open elsewhere."""
        finding = world.find(cast.here)
        remedy = world.ask(finding)
        remedying.propose(remedy=remedy, text="Đã lập kế hoạch", by=world.an)
        sign_in(client, world.binh)
        seen = client.get(page("finding", finding.pk)).context["verifying"]["version"].value()
        remedying.reopen(remedy=remedy, why="Chưa có chữ ký", by=world.hoa)
        remedying.propose(remedy=remedy, text="Sẽ ký sau", by=world.an)
        answer = client.post(page("remedy", remedy.pk), {"step": "verify", "version": seen})
        assert answer.status_code == 409 and "Sẽ ký sau" in answer.text
        remedy.refresh_from_db()
        assert remedy.state == "proposed"
        now = answer.context["verifying"]["version"].value()
        assert client.post(page("remedy", remedy.pk), {"step": "verify", "version": now}).status_code == 302

    def test_by_unit_and_as_a_file(self, as_hoa, world, cast):
        world.ask(world.find(cast.here))
        text = as_hoa.get(page("findings"), {"don-vi": cast.here.pk}).text
        assert "Sở Một" in text and "Chưa có kế hoạch" in text
        book = load_workbook(BytesIO(as_hoa.get(page("findings") + "?tai=xlsx").content))
        assert [cell.value for cell in book.active[2]][:4] == ["SO-1", "Sở Một", 1, 1]

    def test_a_finding_without_a_remedy_is_seen_as_such(self, as_hoa, world, cast):
        world.find(cast.here)
        assert "chưa giao" in as_hoa.get(page("inspection", world.inspection.pk)).text

    def test_a_finding_after_the_visit(self, as_hoa, world, cast):
        world.send(cast.here, finish=True)
        visit = world.visit(cast.here)
        as_hoa.post(page("finding-new", visit.pk), {"text": "Thiếu máy", "severity": "minor"})
        finding = Finding.objects.get()
        as_hoa.post(page("finding", finding.pk), {"text": "Thiếu máy tính", "severity": "major", "evidence": ""})
        finding.refresh_from_db()
        assert finding.text == "Thiếu máy tính"

    def test_answers_and_findings_as_files(self, as_hoa, world, cast):
        world.send(cast.here)
        world.ask(world.find(cast.here, "=1+1"))
        book = load_workbook(BytesIO(as_hoa.get(page("inspection-answers", world.inspection.pk)).content))
        assert [cell.value for cell in book.active[2]][:5] == ["SO-1", "Sở Một", "chưa xong", "Có", 12]
        csv = b"".join(as_hoa.get(page("inspection-answers", world.inspection.pk) + "?bang=ton-tai&dang=csv"))
        assert "'=1+1" in csv.decode()

    def test_the_conclusion_is_drafted_here_and_issued_by_another(self, as_hoa, client, world, cast):
        for unit in (cast.here, cast.next_door):
            world.send(unit, finish=True)
        as_hoa.post(page("inspection-conclusion", world.inspection.pk), {"conclusion": "Nhìn chung tốt."})
        assert as_hoa.post(page("inspection-move", world.inspection.pk), {"step": "conclude"}).status_code == 400
        waiting = "Kết luận kiểm tra chờ ban hành"
        assert waiting not in client.get(page("office")).text
        sign_in(client, cast.oanh)
        assert waiting in client.get(page("office")).text
        client.post(page("inspection-move", world.inspection.pk), {"step": "conclude"})
        assert waiting not in client.get(page("office")).text
        sign_in(client, cast.lan)
        text = client.get(page("inspection-conclusion", world.inspection.pk)).text
        assert "Nhìn chung tốt." in text and "Sở Hai" not in text


class TestTheNeighbour:
    def doors(self, world, cast):
        visit, finding = world.visit(cast.here), world.find(cast.here)
        remedy = world.ask(finding)
        world.send(cast.here)
        return [
            ("get", page("visit", visit.pk)),
            ("post", page("visit", visit.pk)),
            ("post", page("visit-photo", visit.pk)),
            ("post", page("finding-new", visit.pk)),
            ("get", page("finding", finding.pk)),
            ("post", page("finding", finding.pk)),
            ("post", page("remedy-new", finding.pk)),
            ("post", page("remedy", remedy.pk)),
        ]

    def test_finds_nothing_of_another_unit_s_visit(self, client, world, cast):
        doors = self.doors(world, cast)
        sign_in(client, cast.xuan)
        for method, url in doors:
            assert getattr(client, method)(url).status_code == 404, url

    def test_finds_nothing_of_an_inspection_that_is_not_theirs(self, client, cast):
        made = inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Kiểm tra trường")
        sign_in(client, cast.xuan)
        for name in ("inspection", "inspection-edit", "inspection-checklist", "inspection-checklist-file",
                     "inspection-scope", "inspection-team", "inspection-conclusion", "inspection-answers"):  # fmt: skip
            assert client.get(page(name, made.pk)).status_code == 404, name
        assert client.post(page("inspection-move", made.pk), {"step": "start"}).status_code == 404
        assert "Kiểm tra trường" not in client.get(page("inspections")).text

    def test_the_inspected_unit_cannot_act_for_the_inspectors(self, client, world, cast):
        finding = world.find(cast.here)
        remedy = world.ask(finding)
        remedying.propose(remedy=remedy, text="Xong", by=world.an)
        sign_in(client, cast.lan)
        assert client.post(page("remedy", remedy.pk), {"step": "verify"}).status_code in (400, 403)
        assert client.post(page("inspection-move", world.inspection.pk), {"step": "conclude"}).status_code in (400, 403)
        sent = sheet(world.visit(cast.here))
        assert client.post(page("visit", world.visit(cast.here).pk), sent).status_code in (400, 403)
        remedy.refresh_from_db()
        assert remedy.state == "proposed" and world.visit(cast.here).answers == {}

    def test_people_without_a_role_are_not_let_in(self, client, cast):
        sign_in(client, cast.minh)
        for name in ("inspections", "inspection-new", "findings"):
            assert client.get(page(name)).status_code == 404


class TestWeight:
    def test_lists_do_not_ask_more_with_more_rows(self, as_hoa, world, cast, django_assert_max_num_queries):
        for number in range(12):
            made = inspecting.plan_inspection(unit=cast.ministry, by=world.hoa, title=f"Cuộc {number}")
            assert made
            world.ask(world.find(cast.here, f"Tồn tại {number}"))
        for url in (page("inspections"), page("findings"), page("inspection", world.inspection.pk),
                    page("inspection-conclusion", world.inspection.pk)):  # fmt: skip
            with django_assert_max_num_queries(22):
                assert as_hoa.get(url).status_code == 200

    def test_what_waits_is_on_the_page_of_today(self, as_hoa, client, world, cast):
        world.ask(world.find(cast.here))
        assert page("visit", world.visit(cast.here).pk) in as_hoa.get(page("office")).text
        sign_in(client, world.an)
        assert "Lập kế hoạch" in client.get(page("office")).text
        assert Visit.objects.count() == 2
