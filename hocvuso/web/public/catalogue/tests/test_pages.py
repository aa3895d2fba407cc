"""Home by goals, programmes, search that forgives, frameworks to browse and take away, language."""

import csv
import io
from pathlib import Path

import pytest

from hocvuso.library import services as library
from hocvuso.library.indexing import note_learners
from hocvuso.library.models import Lesson, SearchTerm
from hocvuso.web.public.catalogue import pages
from tests import world

ROOT = Path(__file__).parents[5]

pytestmark = pytest.mark.django_db


class TestHome:
    def test_it_asks_who_one_is(self, programme, client):
        page = client.get("/").text
        assert "Bạn là ai?" in page.partition("</h1>")[0]
        assert page.count('href="/cho/') == 6 and page.count('class="face') >= 6

    def test_it_asks_what_one_wants_to_do_and_leads_to_the_lesson(self, programme, client):
        page = client.get("/").text
        assert "<h2>Bạn muốn làm được việc gì?</h2>" in page
        assert '<a class="goal" href="/hoc/hai-bai/bai-mot/"' in page and "Phân biệt tin lừa đảo" in page
        assert page.index("/hoc/hai-bai/bai-mot/") < page.index("/hoc/hai-bai/bai-hai/")

    def test_a_short_practice_leads_into_its_lesson(self, programme, client, monkeypatch):
        monkeypatch.setattr(pages, "FIRST_TRY", "hai-bai/bai-mot")
        practice = client.get("/").text.partition('<details class="try"')[2].partition("<h2>Bạn muốn")[0]
        assert "Thử 40 giây" in practice and 'href="/hoc/hai-bai/bai-mot/"' in practice

    def test_without_that_lesson_there_is_no_practice(self, programme, client):
        assert "Thử 40 giây" not in client.get("/").text

    def test_where_older_people_have_a_programme_large_type_leaves_the_others_out(self, programme, client):
        assert 'data-path class="less"' not in client.get("/").text
        programme.audience = "elderly"
        programme.save()
        other = world.publish(ROOT / "content" / "hoc-sinh-thcs")
        page = client.get("/").text
        assert page.count('data-path class="less"') == 1
        assert f'aria-labelledby="p-{other.key}" data-path class="less"' in page

    def test_before_anything_is_published_it_says_so(self, db, client):
        assert "Chưa có chương trình nào được phát hành." in client.get("/").text

    def test_a_withdrawn_programme_leaves_it(self, programme, client):
        library.withdraw(edition=programme.current)
        assert "hai-bai" not in client.get("/").text


class TestProgrammes:
    def test_the_list(self, programme, client):
        page = client.get("/chuong-trinh/").text
        assert '<a href="/chuong-trinh/hai-bai/">Hai bài thử</a>' in page and "2 bài" in page
        assert "Chương trình nhỏ của bộ kiểm thử." in page

    def test_an_empty_list_says_so(self, db, client):
        assert "Chưa có chương trình nào được phát hành." in client.get("/chuong-trinh/").text

    def test_the_path_shows_lessons_in_order_and_what_one_will_be_able_to_do(self, programme, client):
        page = client.get("/chuong-trinh/hai-bai/").text
        assert "Phần một" in page
        assert 0 < page.index('href="/hoc/hai-bai/bai-mot/"') < page.index('href="/hoc/hai-bai/bai-hai/"')
        assert "Nhận ra lừa đảo" in page and 'href="/khung-nang-luc/TT02-2025/4.2/"' in page
        assert 'href="/kiem-tra/hai-bai/"' in page

    @pytest.mark.parametrize("path", ["/chuong-trinh/khong-co/", "/chuong-trinh/hai-bai/x/"])
    def test_what_is_not_there_is_not_found(self, programme, client, path):
        assert client.get(path).status_code == 404

    def test_a_withdrawn_programme_is_not_found(self, programme, client):
        library.withdraw(edition=programme.current)
        assert client.get("/chuong-trinh/hai-bai/").status_code == 404

    def test_readers_of_english_get_its_english_titles(self, programme, client):
        client.cookies["hv_lang"] = "en"
        page = client.get("/chuong-trinh/hai-bai/").text
        assert "Recognise scams" in page and "Recognise a scam" in page and "Part one" in page


class TestSearch:
    @pytest.mark.parametrize("typed", ["lừa đảo", "lua dao", "lùa dảo", "luwaf ddaor", "LỪA ĐẢO", "gia danh"])
    def test_a_lesson_is_found_however_its_words_are_typed(self, programme, client, typed):
        found = client.get("/tim/", {"q": typed}).text.partition('<ul class="grid">')[2]
        assert found.index("/hoc/hai-bai/bai-mot/") > 0

    def test_the_nearest_comes_first(self, programme, client):
        found = client.get("/tim/", {"q": "trả tiền mã qr"}).text
        assert "/hoc/hai-bai/bai-hai/" in found.partition("</li>")[0]

    def test_a_slip_is_mended_and_the_mending_is_told(self, programme, client):
        page = client.get("/tim/", {"q": "chuyen khaon"}).text
        assert "Đã tìm thay:" in page and "<s>khaon</s> → <strong>khoan</strong>" in page
        assert "/hoc/hai-bai/bai-hai/" in page

    @pytest.mark.parametrize("typed", ["", "   "])
    def test_who_typed_nothing_is_offered_what_others_learn(self, programme, client, typed):
        page = client.get("/tim/", {"q": typed})
        assert page.status_code == 200 and "Chưa có bài nào" not in page.text
        assert "/hoc/hai-bai/bai-mot/" in page.text.partition("Có thể bắt đầu từ đây")[2]

    def test_that_many_learn_it_is_said_when_somebody_does(self, programme, client):
        note_learners({Lesson.objects.get(key="bai-hai").pk: 3})
        offered = client.get("/tim/").text.partition("Nhiều người đang học")[2]
        assert offered.index("/hoc/hai-bai/bai-hai/") < offered.index("/hoc/hai-bai/bai-mot/")

    def test_without_a_question_nothing_is_said_to_be_missing(self, programme, client):
        assert "Chưa có bài nào" not in client.get("/tim/").text

    @pytest.mark.parametrize("typed", ["zzzzqqq", "%", "_", "'; DROP TABLE x --", "\0", "💡", "a" * 5000])
    def test_nonsense_finds_nothing_and_shows_the_way_on(self, programme, client, typed):
        page = client.get("/tim/", {"q": typed})
        assert page.status_code == 200
        said, _heading, offered = page.text.partition("Có thể bắt đầu từ đây")
        assert "Chưa có bài nào về" in said and "/hoc/hai-bai/" not in said and "/hoc/hai-bai/" in offered
        assert 'href="/chuong-trinh/"' in page.text

    def test_what_was_typed_is_shown_as_text(self, programme, client):
        page = client.get("/tim/", {"q": '"><script>alert(1)</script>'}).text
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_many_lessons_come_in_pages_that_keep_the_question(self, programme, client):
        first = Lesson.objects.get(key="bai-mot")
        for number in range(40):
            made = Lesson.objects.create(
                programme=programme, key=f"them-{number}", address=f"hai-bai/them-{number}", position=number + 2,
                listed=True, title=f"Bài thêm {number}", goal="x", promise="x", icon=first.icon,
            )  # fmt: skip
            SearchTerm.objects.create(lesson=made, term="lua", weight=8)
        page = client.get("/tim/", {"q": "lua"}).text
        assert page.count('class="goal"') == 20 and "Trang 1 trên 3" in page and "41 bài" in page
        assert 'rel="next" href="?q=lua&amp;trang=2"' in page
        assert client.get("/tim/", {"q": "lua", "trang": "3"}).text.count('class="goal"') == 1

    @pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "hai", ""])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, programme, client, number):
        page = client.get("/tim/", {"q": "lua dao", "trang": number})
        assert page.status_code == 200 and "/hoc/hai-bai/bai-mot/" in page.text

    def test_a_withdrawn_lesson_is_not_found(self, programme, client):
        library.withdraw(edition=programme.current)
        assert "Chưa có bài nào về" in client.get("/tim/", {"q": "lua dao"}).text


class TestFrameworks:
    def test_the_list_names_each_with_its_issuer(self, programme, client):
        page = client.get("/khung-nang-luc/").text
        for key in ("TT02-2025", "DIGCOMP-2-2"):
            assert f'href="/khung-nang-luc/{key}/"' in page

    def test_an_empty_list_says_so(self, db, client):
        assert "Chưa nạp khung nào." in client.get("/khung-nang-luc/").text

    def test_a_code_with_a_zero_byte_is_not_there(self, db, client):
        assert client.get("/khung-nang-luc/x/%00/").status_code == 404

    def test_every_framework_that_is_listed_can_be_opened_and_taken_away(self, programme, client):
        from hocvuso.skills.models import Framework

        for key in Framework.objects.values_list("key", flat=True):
            for path in (f"{key}/", f"{key}.case.json", f"{key}.csv"):
                assert client.get(f"/khung-nang-luc/{path}").status_code == 200

    def test_a_framework_lists_its_competencies_and_sources(self, programme, client):
        page = client.get("/khung-nang-luc/TT02-2025/").text
        assert 'href="/khung-nang-luc/TT02-2025/4.2/"' in page and "Nguồn" in page
        assert 'href="/khung-nang-luc/TT02-2025.case.json"' in page

    def test_a_competency_leads_to_the_lessons_that_teach_it(self, programme, client):
        page = client.get("/khung-nang-luc/TT02-2025/4.2/").text
        assert "Bậc 1" in page and "Nhận ra lừa đảo" in page
        assert 'href="/hoc/hai-bai/bai-mot/"' in page and 'href="/hoc/hai-bai/bai-hai/"' not in page

    def test_a_withdrawn_lesson_is_not_offered_there(self, programme, client):
        library.withdraw(edition=programme.current)
        assert "/hoc/hai-bai/" not in client.get("/khung-nang-luc/TT02-2025/4.2/").text

    def test_it_shows_where_other_frameworks_say_the_same(self, programme, client):
        assert "Trong khung khác" in client.get("/khung-nang-luc/TT02-2025/4.2/").text

    @pytest.mark.parametrize("path", ["KHONG-CO/", "TT02-2025/99.9/", "TT02-2025.pdf", "KHONG-CO.csv", "KHONG-CO/1/"])
    def test_what_is_not_there_is_not_found(self, programme, client, path):
        assert client.get(f"/khung-nang-luc/{path}").status_code == 404

    def test_case_is_one_document_whose_items_hang_together(self, programme, client):
        package = client.get("/khung-nang-luc/TT02-2025.case.json").json()
        known = {item["identifier"] for item in package["CFItems"]} | {package["CFDocument"]["identifier"]}
        assert any(item["humanCodingScheme"] == "4.2" for item in package["CFItems"])
        for link in package["CFAssociations"]:
            assert {link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"]} <= known

    def test_csv_has_a_row_a_tier_and_opens_in_a_spreadsheet(self, programme, client):
        answer = client.get("/khung-nang-luc/TT02-2025.csv")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="TT02-2025.csv"'
        assert answer.text.startswith("\ufeff")
        rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert {"4.2", "5.2"} <= {row["code"] for row in rows}


class TestLanguage:
    def test_choosing_english_is_remembered_and_leads_back(self, db, client):
        answer = client.get("/ngon-ngu/?ma=en", headers={"Referer": "http://testserver/tim/?q=a"})
        assert (answer.status_code, answer["Location"]) == (302, "http://testserver/tim/?q=a")
        assert client.get("/gioi-thieu/").headers["Content-Language"] == "en"

    def test_choosing_vietnamese_forgets_it(self, db, client):
        client.get("/ngon-ngu/?ma=en")
        client.get("/ngon-ngu/?ma=vi")
        assert client.get("/gioi-thieu/").headers["Content-Language"] == "vi"

    @pytest.mark.parametrize("chosen", ["fr", "", "en; path=/", "vi\r\nX: y"])
    def test_a_language_we_do_not_speak_changes_nothing(self, db, client, chosen):
        answer = client.get("/ngon-ngu/", {"ma": chosen})
        assert answer.status_code == 302 and "hv_lang" not in answer.cookies

    @pytest.mark.parametrize(
        "back",
        ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example", "\\\\evil", "evil"],
    )
    def test_nobody_is_led_to_another_site(self, db, client, back):
        assert client.get("/ngon-ngu/?ma=en", headers={"Referer": back})["Location"] == "/"


def test_about_says_how_personal_data_is_treated(db, client):
    page = client.get("/gioi-thieu/").text
    assert "Dữ liệu của bạn" in page and "91/2025/QH15" in page


def test_every_component_stands_on_one_page(db, client):
    page = client.get("/thanh-phan/").text
    assert all(f'class="{name}' in page for name in ("button", "notice", "badge", "card", "box", "goal"))


class TestAbout:
    def test_it_says_who_runs_the_site_and_how_to_know_its_messages(self, db, client, settings):
        said = {
            "HOCVUSO_CONTROLLER": "Sở Một",
            "HOCVUSO_CONTROLLER_ADDRESS": "Số 1 phố Một",
            "HOCVUSO_HOTLINE": "1900 1",
        }
        settings.ENV = {**settings.ENV, **said, "HOCVUSO_SMS_SENDER": "HOCVUSO"}
        page = client.get("/gioi-thieu/").text
        assert all(part in page for part in ("Sở Một", "Số 1 phố Một", "tel:19001", "“HOCVUSO”", "123456 là mã"))

    def test_what_is_not_set_is_said_to_be_missing(self, db, client):
        page = client.get("/gioi-thieu/").text
        assert "chưa ghi tên cơ quan" in page and "Chưa có số điện thoại đường dây nóng" in page
