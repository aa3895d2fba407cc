"""Lesson pages, made at publishing and by request the same; the guide; what a device keeps for offline."""

import html

import pytest
from django.conf import settings

from hocvuso.library import services as library
from hocvuso.web.learn.lessons import pages, publishing
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast, client):
    world.sign_in(client, cast.hoa)
    return client


class TestLesson:
    def test_it_promises_teaches_and_leads_on(self, programme, client):
        page = client.get("/hoc/hai-bai/bai-mot/")
        assert page.status_code == 200
        assert "<h1>Nhận ra lừa đảo</h1>" in page.text and "Sau bài này bạn làm được việc thử." in page.text
        assert "Việc thứ nhất." in page.text and "bài 1 trên 2" in page.text
        assert 'rel="next" href="/hoc/hai-bai/bai-hai/"' in page.text and 'rel="prev"' not in page.text

    def test_the_last_one_leads_to_the_test(self, programme, client):
        page = client.get("/hoc/hai-bai/bai-hai/").text
        assert 'rel="prev" href="/hoc/hai-bai/bai-mot/"' in page and 'rel="next"' not in page
        assert 'href="/kiem-tra/hai-bai/"' in page

    def test_scripts_know_what_is_being_learned(self, programme, client):
        page = client.get("/hoc/hai-bai/bai-mot/").text
        assert 'data-lesson="hai-bai/bai-mot"' in page
        assert f'data-edition="{programme.current.bundle[:16]}"' in page

    def test_the_page_made_at_publishing_is_the_same_to_the_letter(self, programme, client):
        made = (settings.SITE / "hoc" / "hai-bai" / "bai-mot" / "index.html").read_text("utf-8")
        assert client.get("/hoc/hai-bai/bai-mot/").text == made

    def test_no_script_of_an_author_runs(self, programme, client):
        page = client.get("/hoc/hai-bai/bai-mot/").text
        assert "<script>alert" not in page and "onload=" not in page

    def test_readers_of_english_get_english_around_the_vietnamese_article(self, programme, client):
        client.cookies["hv_lang"] = "en"
        page = client.get("/hoc/hai-bai/bai-mot/").text
        assert "<h1>Recognise scams</h1>" in page and '<div class="article" lang="vi">' in page
        outcomes = programme.current.content["outcomes"]
        assert "This lesson is in Vietnamese." in page and any(html.escape(o["can_do_en"]) in page for o in outcomes)

    def test_readers_of_vietnamese_are_told_nothing_of_the_language(self, programme, client):
        assert "tiếng Việt" not in client.get("/hoc/hai-bai/bai-mot/").text

    @pytest.mark.parametrize(
        "path", ["hai-bai/bai-ba/", "khong-co/bai-mot/", "hai-bai/bai-ba/huong-dan/", "a/b/trinh-chieu/"]
    )
    def test_what_is_not_there_is_not_found(self, programme, client, path):
        assert client.get(f"/hoc/{path}").status_code == 404

    def test_a_withdrawn_one_is_gone_as_page_and_as_file(self, programme, client, django_capture_on_commit_callbacks):
        file = settings.SITE / "hoc" / "hai-bai" / "bai-mot" / "index.html"
        assert file.is_file()
        with django_capture_on_commit_callbacks(execute=True):
            library.withdraw(edition=programme.current)
        assert not file.exists()
        for path in ("bai-mot/", "bai-mot/huong-dan/", "offline.json"):
            assert client.get(f"/hoc/hai-bai/{path}").status_code == 404

    def test_finished_pages_of_lessons_that_left_are_cleared(self, programme):
        left = settings.SITE / "hoc" / "hai-bai" / "bai-cu"
        left.mkdir()
        assert publishing.render_all() == 2
        assert not left.exists()


class TestKeysOfTestItems:
    """A learner who reads the source of every page finds no answer to the final test."""

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/chuong-trinh/hai-bai/",
            "/hoc/hai-bai/bai-mot/",
            "/hoc/hai-bai/bai-hai/",
            "/hoc/hai-bai/bai-mot/huong-dan/",
            "/hoc/hai-bai/bai-mot/trinh-chieu/",
            "/hoc/hai-bai/offline.json",
            "/kiem-tra/hai-bai/",
            "/tim/?q=cau%20so",
            "/api/v1/catalogue",
        ],
    )
    def test_they_are_on_no_public_page(self, programme, client, path):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not any(secret in answer.text for secret in ("KHOA-DUNG", "BI-MAT", "Câu số 1", "Câu nhiều số 2"))


class TestGuide:
    def test_it_is_for_those_who_teach(self, programme, client):
        assert "/hoc/hai-bai/bai-mot/trinh-chieu/" in client.get("/hoc/hai-bai/bai-mot/huong-dan/").text
        page = client.get("/hoc/hai-bai/bai-mot/huong-dan/").text
        assert "Hướng dẫn cho người dạy" in page and "làm được việc thử" in page and "Mục tiêu" in page


class TestOffline:
    def test_a_device_learns_what_to_fetch_and_how_heavy_it_is(self, programme, client):
        answer = client.get("/hoc/hai-bai/offline.json").json()
        assert answer["urls"] == ["/chuong-trinh/hai-bai/", "/hoc/hai-bai/bai-mot/", "/hoc/hai-bai/bai-hai/"]
        assert answer["edition"] == programme.current.bundle[:16]
        files = [settings.SITE / url.strip("/") / "index.html.br" for url in answer["urls"]]
        assert answer["bytes"] == sum(file.stat().st_size for file in files) > 0

    def test_every_page_it_names_is_there(self, programme, client):
        for url in client.get("/hoc/hai-bai/offline.json").json()["urls"]:
            assert client.get(url).status_code == 200


class TestForEverybody:
    """What a device may keep holds nothing of a person, and says so."""

    @pytest.mark.parametrize("path", ["/", "/chuong-trinh/hai-bai/", "/hoc/hai-bai/bai-mot/", "/da-luu/", "/ai-hoc/"])
    def test_pages_that_are_the_same_for_all_say_so_also_in_english(self, programme, client, path):
        for language in ("vi", "en"):
            client.cookies["hv_lang"] = language
            assert client.get(path).headers["Hv-Everybody"] == "1"

    def test_a_page_that_shows_a_message_does_not(self, programme, hoa):
        hoa.post("/tai-khoan/du-lieu/xoa/", {"sure": "1"})
        assert "Hv-Everybody" not in hoa.get("/").headers

    @pytest.mark.parametrize("path", ["/viec-hoc/", "/tai-khoan/", "/hoc/hai-bai/bai-mot/huong-dan/"])
    def test_pages_of_a_person_and_for_teachers_do_not(self, programme, hoa, path):
        assert "Hv-Everybody" not in hoa.get(path).headers

    def test_a_device_asks_without_cookies_and_names_the_language(self, programme, client):
        page = client.get("/hoc/hai-bai/bai-mot/", headers={"Hv-Language": "en"})
        assert page.headers["Content-Language"] == "en" and "<h1>Recognise scams</h1>" in page.text

    def test_a_whole_household_finds_its_pictures(self, client):
        assert client.get("/ai-hoc/").text.count('<svg class="icon"') >= len(pages.PICTURES)
