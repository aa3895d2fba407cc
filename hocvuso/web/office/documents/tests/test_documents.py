"""Administrative documents: composed, edited by one, issued by another, laid out as prescribed."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.utils import translation
from docx import Document
from docx.shared import Mm, Pt
from pypdf import PdfReader

from hocvuso.base.errors import TwoEyes
from hocvuso.consultations.models import Consultation
from hocvuso.documents import composers, services
from hocvuso.documents.docx import render
from hocvuso.documents.models import DocumentProfile, NumberBook, OfficialDocument
from hocvuso.documents.queries import sheet_of
from hocvuso.documents.rules import Letterhead, Sheet, dateline, ending, symbol
from hocvuso.indicators.models import Indicator
from hocvuso.inspections.models import Inspection
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.reports.models import Regime, Report, ReportFigure, ReportSection, Review
from tests import world


@pytest.fixture
def office(cast):
    """An, an officer who writes; Lan, the leader who issues."""
    roles.grant(person=cast.an, role=Role.OFFICER, unit=cast.here, by=None)
    services.set_profile(unit=cast.here, values={"abbreviation": "SGDĐT", "place": "Hà Nội"}, by=cast.lan)
    return cast


@pytest.fixture
def plan(office):
    made = Plan.objects.create(
        unit=office.here,
        title="Kế hoạch phổ cập kỹ năng số",
        basis="Căn cứ một;\nCăn cứ hai;",
        starts_on=date(2026, 1, 1),
    )
    Task.objects.create(
        plan=made, title="Mở lớp", lead_unit=office.school, product="Danh sách lớp", due_on=date(2026, 5, 1)
    )
    Task.objects.create(plan=made, position=1, title="Soạn tài liệu")
    return made


@pytest.fixture
def draft(office, plan):
    return services.draft(
        unit=office.here, by=office.an, kind="KH", title=plan.title, subject=plan, signer="Mẫu", position="Giám đốc"
    )


class TestForm:
    def test_numbers_have_two_digits_and_letters_no_kind(self):
        head = Letterhead("Sở", abbreviation="SGDĐT")
        assert symbol(Sheet(head, "KH", "Kế hoạch", "x", number=7)) == "07/KH-SGDĐT"
        assert symbol(Sheet(head, "CV", "Công văn", "x", number=112)) == "112/SGDĐT"

    def test_dates_have_leading_zeros_as_prescribed(self):
        assert dateline("Hà Nội", date(2026, 2, 5)) == "Hà Nội, ngày 05 tháng 02 năm 2026"
        assert dateline("Hà Nội", date(2026, 3, 15)) == "Hà Nội, ngày 15 tháng 3 năm 2026"

    def test_recipients_end_with_a_full_stop(self):
        assert ending(["A", "B;", "Lưu: VT"]) == ["- A;", "- B;", "- Lưu: VT."]


class TestIssuing:
    def test_each_book_counts_for_itself(self, office, draft):
        other = services.draft(unit=office.here, by=office.an, kind="BC", title="x", signer="Mẫu", position="Giám đốc")
        assert services.issue(document=draft, by=office.lan, on=date(2026, 3, 1)).number == 1
        assert services.issue(document=other, by=office.lan, on=date(2026, 3, 1)).number == 1
        third = services.draft(unit=office.here, by=office.an, kind="KH", title="y", signer="Mẫu", position="Giám đốc")
        assert services.issue(document=third, by=office.lan, on=date(2026, 12, 31)).number == 2
        fourth = services.draft(unit=office.here, by=office.an, kind="KH", title="z", signer="Mẫu", position="Giám đốc")
        assert services.issue(document=fourth, by=office.lan, on=date(2027, 1, 1)).number == 1
        assert NumberBook.objects.count() == 3

    def test_the_writer_does_not_issue(self, office):
        made = services.draft(unit=office.here, by=office.lan, kind="KH", title="x", signer="Mẫu", position="Giám đốc")
        with pytest.raises(TwoEyes):
            services.issue(document=made, by=office.lan)

    def test_without_a_signer_it_waits(self, office):
        made = services.draft(unit=office.here, by=office.an, kind="KH", title="x")
        with pytest.raises(services.SignerMissing):
            services.issue(document=made, by=office.lan)

    def test_nor_without_what_its_number_and_date_are_written_with(self, office, draft, client):
        services.set_profile(unit=office.here, values={"abbreviation": "SGDĐT"}, by=office.lan)
        with pytest.raises(services.LetterheadMissing):
            services.issue(document=draft, by=office.lan)
        world.sign_in(client, office.lan)
        page = client.get(f"/dieu-hanh/van-ban/{draft.pk}/").text
        assert "Khai chữ viết tắt và địa danh" in page and "Ban hành, lấy số" not in page

    def test_it_waits_with_whoever_may_issue_it(self, office, draft, client):
        for person, waits in ((office.lan, True), (office.an, False), (office.xuan, False)):
            world.sign_in(client, person)
            page = client.get("/dieu-hanh/")
            assert ("Văn bản chờ ban hành" in page.text) == waits

    def test_an_issued_one_is_not_changed(self, office, draft):
        services.issue(document=draft, by=office.lan)
        with pytest.raises(services.AlreadyIssued):
            services.edit(document=draft, by=office.an, title="khác")
        with pytest.raises(services.AlreadyIssued):
            services.issue(document=draft, by=office.lan)

    def test_the_neighbour_can_do_nothing(self, office, draft):
        for verb in (services.issue, services.edit):
            with pytest.raises(services.NotAllowed):
                verb(document=draft, by=office.xuan)


def sheet(**more):
    head = Letterhead("Sở Giáo dục và Đào tạo", "Uỷ ban nhân dân tỉnh", "SGDĐT", "Hà Nội")
    body = [{"kind": "paragraph", "text": "Nội dung. " * 60}] * 12
    body.append({"kind": "table", "head": ["STT", "Việc"], "rows": [["1", "Một"], ["2", "Hai"]]})
    content = {"number": 3, "issued_on": date(2026, 1, 9), "body": body, "position": "Giám đốc", "signer": "Mẫu"}
    return Sheet(head, "KH", "Kế hoạch", "Phổ cập", **{**content, **more})


class TestDocx:
    """Decree 30/2020/NĐ-CP, Annex I."""

    def test_page_margins_and_font_are_as_prescribed(self):
        document = Document(BytesIO(render(sheet())))
        section = document.sections[0]
        assert section.page_width.mm == pytest.approx(210, abs=0.1) and section.page_height.mm == pytest.approx(
            297, abs=0.1
        )
        assert Mm(20) <= section.top_margin <= Mm(25) and Mm(20) <= section.bottom_margin <= Mm(25)
        assert Mm(30) <= section.left_margin <= Mm(35) and Mm(15) <= section.right_margin <= Mm(20)
        fonts = {run.font.name for p in document.paragraphs for run in p.runs}
        assert fonts == {"Times New Roman"}

    def test_the_national_title_stands_in_bold_capitals(self):
        left, right = Document(BytesIO(render(sheet()))).tables[0].rows[0].cells
        title = right.paragraphs[0].runs[0]
        assert title.text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" and title.bold and Pt(12) <= title.font.size <= Pt(13)
        assert "Số: 03/KH-SGDĐT" in [p.text for p in left.paragraphs]

    def test_libreoffice_shows_it_within_its_margins(self, tmp_path):
        (tmp_path / "a.docx").write_bytes(render(sheet()))
        home = f"-env:UserInstallation=file://{tmp_path}/home"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "a.docx"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pages = PdfReader(tmp_path / "a.pdf").pages
        assert len(pages) >= 2
        first = _lines(pages[0])
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in [text for _x, text in first]  # on one line
        assert min(x for x, _text in _lines(pages[1])) >= 30 / 25.4 * 72 - 6
        assert "2" in [text for _x, text in _lines(pages[1])] and "1" not in [text for _x, text in first[:3]]


def _lines(page):
    """(left edge in points, text) of each text run of a page."""
    found = []

    def visit(text, _user, matrix, _font, _size):
        if text.strip():
            found.append((matrix[4], text.strip()))

    page.extract_text(visitor_text=visit)
    return found


class TestPages:
    @pytest.fixture
    def an(self, client, office):
        world.sign_in(client, office.an)
        return client

    def test_a_plan_becomes_a_document_that_says_what_is_open(self, an, office, plan):
        answer = an.post("/dieu-hanh/van-ban/tao/", {"tu": f"plan:{plan.pk}", "unit": office.here.pk})
        page = an.get(answer["Location"]).text
        assert "Mở lớp" in page and "01/05/2026" in page and "chưa rõ" in page and "Căn cứ hai;" in page

    def test_what_stands_in_the_form_is_the_text_itself(self, an, office, plan):
        """Saving what was shown changes nothing: one line a basis, an addressee, a recipient."""
        url = an.post("/dieu-hanh/van-ban/tao/", {"tu": f"plan:{plan.pk}", "unit": office.here.pk})["Location"]
        OfficialDocument.objects.update(basis=["Luật A", "Nghị định B"], addressees=["Sở Một"], recipients=["Như trên"])
        page = an.get(url).text
        assert "{{" not in page and "|join" not in page
        form = {name: unescape(re.search(f'name="{name}"[^>]*>\n?([^<]*)</textarea>', page)[1]) for name in
                ("basis", "addressees", "recipients", "text")}  # fmt: skip
        assert form["basis"] == "Luật A\nNghị định B"
        an.post(url, form | {"title": "Mới", "signer": "Mẫu", "position": "Giám đốc"})
        made = OfficialDocument.objects.get()
        assert (made.basis, made.addressees, made.recipients) == (["Luật A", "Nghị định B"], ["Sở Một"], ["Như trên"])

    def test_editing_keeps_tables_in_their_place(self, an, office, plan):
        url = an.post("/dieu-hanh/van-ban/tao/", {"tu": f"plan:{plan.pk}", "unit": office.here.pk})["Location"]
        made = OfficialDocument.objects.get()
        text = "# I. MỚI\nĐoạn văn.\n- Ý một\n[bảng 1]\nCuối."
        an.post(url, {"title": "Mới", "text": text, "signer": "Mẫu", "position": "Giám đốc", "recipients": "A\nB"})
        made.refresh_from_db()
        assert [b["kind"] for b in made.body] == ["heading", "paragraph", "item", "table", "paragraph"]
        assert made.recipients == ["A", "B"]

    def test_faults_are_named_at_once_and_what_was_typed_stays(self, an, draft):
        page = an.post(f"/dieu-hanh/van-ban/{draft.pk}/", {"title": "", "signer": "a" * 121, "text": "Lời mới"})
        assert page.status_code == 400 and 'href="#title"' in page.text and 'href="#signer"' in page.text
        assert "Lời mới</textarea>" in page.text

    def test_who_saves_over_somebody_elses_change_sees_both_texts_and_loses_nothing(self, an, office, draft):
        url = f"/dieu-hanh/van-ban/{draft.pk}/"
        mine = {"version": "1", "title": "Tên của An", "signer": "Mẫu", "position": "Giám đốc", "text": "Lời của An"}
        services.edit(document=draft, by=office.lan, title="Tên của Lan", version=1)
        page = an.post(url, mine)
        assert page.status_code == 409 and "Tên của Lan" in page.text and 'value="Tên của An"' in page.text
        assert "Lan đã lưu thay đổi khác lúc" in page.text and "Lời của An</textarea>" in page.text
        draft.refresh_from_db()
        assert draft.title == "Tên của Lan"
        seen = re.search(r'name="version" value="(\d+)"', page.text)[1]
        assert an.post(url, mine | {"version": seen}).status_code == 302
        draft.refresh_from_db()
        assert draft.title == "Tên của An" and draft.version == 3

    def test_two_who_set_a_letterhead_at_once_see_both(self, client, office):
        world.sign_in(client, office.lan)
        url = f"/dieu-hanh/van-ban/don-vi/{office.here.pk}/"
        mine = {"organ_above": "UBND", "abbreviation": "PA", "place": "Huế", "name": "", "version": "0"}
        page = client.post(url, mine)
        assert page.status_code == 409 and "Hà Nội" in page.text and 'value="Huế"' in page.text
        seen = page.context["form"]["version"].value()
        assert client.post(url, mine | {"version": seen}).status_code == 302
        assert DocumentProfile.objects.get(unit=office.here).place == "Huế"

    def test_nobody_issues_what_they_have_not_seen(self, client, office, draft):
        world.sign_in(client, office.lan)
        services.edit(document=draft, by=office.an, title="Tên mới")
        page = client.post(f"/dieu-hanh/van-ban/{draft.pk}/ban-hanh/", {"version": "1"})
        draft.refresh_from_db()
        assert page.status_code == 409 and "Tên mới" in page.text and draft.state == "draft"
        assert 'name="version" value="2"' in page.text
        client.post(f"/dieu-hanh/van-ban/{draft.pk}/ban-hanh/", {"version": "2"})
        draft.refresh_from_db()
        assert draft.state == "issued"

    def test_a_kind_that_is_none_is_named_in_the_filter(self, an, draft):
        page = an.get("/dieu-hanh/van-ban/?loai=XX&q=ke+hoach")
        assert 'id="error-loai"' in page.text and draft.title in page.text

    def test_the_file_is_a_docx(self, an, draft):
        answer = an.get(f"/dieu-hanh/van-ban/{draft.pk}.docx")
        assert answer.content[:2] == b"PK" and re.search(r'filename="KH-du-thao.docx"', answer["Content-Disposition"])

    def test_the_neighbour_sees_nothing(self, client, office, plan, draft):
        world.sign_in(client, office.xuan)
        assert client.get(f"/dieu-hanh/van-ban/{draft.pk}/").status_code == 404
        assert client.get(f"/dieu-hanh/van-ban/{draft.pk}.docx").status_code == 404
        assert client.get(f"/dieu-hanh/van-ban/tao/?tu=plan:{plan.pk}").status_code == 404
        assert draft.title not in client.get("/dieu-hanh/van-ban/").text

    def test_the_list_does_not_ask_more_for_more_rows(self, an, office, django_assert_max_num_queries):
        for n in range(25):
            services.draft(unit=office.here, by=office.an, kind="KH", title=f"Kế hoạch {n}")
        with django_assert_max_num_queries(6):
            an.get("/dieu-hanh/van-ban/")

    def test_the_page_lays_out_what_the_file_says(self, an, draft):
        page = an.get(f"/dieu-hanh/van-ban/{draft.pk}/").text
        assert "Độc lập - Tự do - Hạnh phúc" in page and sheet_of(draft).letterhead.organ.upper() in page


class TestComposing:
    """Whatever a document is about, it says it whole, in Vietnamese, also for a reader of English."""

    @pytest.fixture
    def composed(self, office, plan):
        def of(subject):
            with translation.override("en"):
                return composers.compose(subject)

        return of

    def text(self, fields):
        return "\n".join(
            block.get("text") or "\n".join(" | ".join(row) for row in block["rows"]) for block in fields["body"]
        )

    def test_a_letter_urges_a_task(self, composed, plan):
        fields = composed(plan.tasks.first())
        assert fields["kind"] == "CV" and fields["addressees"] == ["Trường Một"] and "muộn" in self.text(fields)

    def test_a_report_says_where_each_figure_comes_from(self, composed, office):
        regime = Regime.objects.create(
            issuer=office.ministry, title="Báo cáo tháng", period_type="month", starts_on=date(2026, 1, 1)
        )
        report = Report.objects.create(
            regime=regime, unit=office.here, period="2026-03", ends_on=date(2026, 3, 31), due_on=date(2026, 4, 5)
        )
        indicator = Indicator.objects.create(key="a", title="Máy tính", kind="declared", measured_in="máy")
        ReportFigure.objects.create(report=report, indicator=indicator, value=1234, kind="d", comment="kiểm kê")
        ReportSection.objects.create(report=report, key="kq", title="Kết quả", text="Đã mở lớp.")
        said = self.text(composed(report))
        assert "Đã mở lớp." in said and "Máy tính | 1.234 | máy | đơn vị khai báo | kiểm kê" in said

    def test_a_review_stands_figures_against_targets(self, composed, plan, office):
        figure = {"title": "Người học", "value": 90.0, "target": 100.0, "in": "%", "decimals": 0, "reached": False}
        facts = {
            "figures": [figure],
            "tasks": {"counts": {"late": 2}, "named": []},
            "reports": {"expected": 3, "accepted": 2, "late": 1},
        }
        review = Review(plan=plan, kind="final", title="Tổng kết năm", facts=facts, text={"y-kien": "Làm tiếp."})
        said = self.text(composed(review))
        assert "Người học | 90 | 100 | % | chưa đạt" in said and "muộn: 2" in said and "Làm tiếp." in said

    def test_a_consultation_counts_who_answered(self, composed, office):
        made = Consultation.objects.create(unit=office.here, title="Dự thảo kế hoạch", written_by=office.an)
        assert "Số đơn vị được hỏi: 0" in self.text(composed(made))

    def test_an_inspection_lists_what_must_be_mended(self, composed, office):
        made = Inspection.objects.create(
            unit=office.here, title="kiểm tra lớp học", basis="Căn cứ một", written_by=office.an
        )
        fields = composed(made)
        assert fields["kind"] == "TB" and fields["basis"] == ["Căn cứ một"]
