"""The page to listen to: nothing is loaded before it is asked for, and without a sound it leads to the lesson."""

import re

import pytest

from hocvuso.library import queries, services_speech
from hocvuso.library.models import LessonSound
from hocvuso.library.publishing import store
from hocvuso.web.learn.lessons import publishing
from hocvuso.web.learn.lessons.pages_sound import _clock

pytestmark = pytest.mark.django_db
PAGE = "/hoc/hai-bai/bai-mot/nghe/"


@pytest.fixture
def speaking(programme, settings):
    settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}


@pytest.fixture
def sound(programme, speaking):
    """A lesson as it is once it was spoken: 3 minutes 5 seconds, 0.4 MB."""
    script = next(one for one in services_speech.lacks(programme.current) if one.lesson.key == "bai-mot")
    rows = [{"kind": p.kind, "shown": p.shown, "at": 12.5 * n} for n, p in enumerate(script.paragraphs)]
    content = services_speech._json({"paragraphs": rows, "sound": {"sha256": store.digest(b"x")}})
    folder = store.digest(content)
    store.put({"script.json": content, queries.SOUND: b"x"}, name=folder)
    facts = {"bundle": programme.current.bundle, "script": script.hash, "folder": folder}
    return LessonSound.objects.create(lesson=script.lesson, seconds=185, bytes=430_000, **facts)


class TestListening:
    def test_it_says_how_long_and_how_heavy_before_anything_is_loaded(self, sound, client):
        page = client.get(PAGE).text
        assert "Khoảng 3 phút, 0,4 MB, chỉ tải khi bạn bấm nghe." in page
        assert f'<audio controls preload="none" src="/b/{sound.folder}/bai.weba"></audio>' in page

    def test_every_paragraph_stands_there_with_its_second(self, sound, client):
        page = client.get(PAGE).text
        rows = queries.script_of(sound)
        assert re.findall(r'data-at="([\d.]+)"', page) == ["0", *(str(row["at"]) for row in rows[1:])]
        assert f'href="/b/{sound.folder}/bai.weba#t=25.0"' in page and "0:25" in page
        assert "Việc thứ nhất." in page and "KHOA-DUNG" not in page

    def test_in_english_all_but_the_lesson_is_english(self, sound, client):
        client.cookies["hv_lang"] = "en"
        page = client.get(PAGE).text
        assert "About 3 min, 0.4 MB" in page and '<h1 lang="vi" data-at="0">Nhận ra lừa đảo</h1>' in page
        assert 'data-at="12.5"' in page

    def test_a_device_keeps_it_only_on_purpose(self, sound, client):
        """The worker keeps what is for everybody with every file it names: opening it must not load the sound."""
        assert "Hv-Everybody" not in client.get(PAGE).headers
        assert client.get(PAGE, headers={"Hv-Language": "vi"}).headers["Hv-Everybody"] == "1"

    def test_no_programme_no_page(self, sound, client):
        assert client.get("/hoc/hai-bai/bai-ba/nghe/").status_code == 404
        assert client.get("/hoc/khong-co/bai-mot/nghe/").status_code == 404

    def test_it_is_no_sound_of_an_edition_before(self, sound, client):
        LessonSound.objects.update(bundle="0" * 64)
        assert "chưa có. Bạn quay lại sau" in client.get(PAGE).text


class TestWithoutASound:
    def test_it_is_being_made(self, programme, speaking, client):
        page = client.get(PAGE).text
        assert "chưa có. Bạn quay lại sau" in page and "<audio" not in page and 'href="/hoc/hai-bai/bai-mot/"' in page

    def test_there_is_none_where_the_site_does_not_speak(self, programme, client):
        page = client.get(PAGE).text
        assert "chưa có bản nghe" in page and "<audio" not in page


class TestTheWayThere:
    def test_the_lesson_leads_to_it(self, programme, speaking, client):
        assert 'href="nghe/"' in client.get("/hoc/hai-bai/bai-mot/").text

    def test_not_where_the_site_does_not_speak(self, programme, client):
        assert "nghe/" not in client.get("/hoc/hai-bai/bai-mot/").text

    def test_it_costs_the_lesson_few_bytes(self, programme, settings):
        file = settings.SITE / "hoc" / "hai-bai" / "bai-mot" / "index.html.br"
        publishing.render_lessons(programme)
        before = file.stat().st_size
        settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
        publishing.render_lessons(programme)
        assert 0 < file.stat().st_size - before < 200


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.9, "0:59"), (61, "1:01"), (605.2, "10:05")])
def test_minutes_and_seconds(seconds, shown):
    assert _clock(seconds) == shown
