"""Lessons are spoken after publishing: only what changed, each kept as soon as it is, by the site itself."""

from __future__ import annotations

import json
import shutil

import pytest
from django.conf import settings

from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.library import queries, services_speech
from hocvuso.library import services as library
from hocvuso.library.models import Edition, Lesson, LessonSound
from hocvuso.media import speech
from hocvuso.media.speech import Speech, Unspoken
from tests import world

pytestmark = pytest.mark.django_db
SOURCE = world.ROOT / "tests" / "programmes" / "hai-bai"


@pytest.fixture
def voice(programme, monkeypatch, settings):
    """A site that speaks, with a quick voice of letters; what it was asked to say."""
    settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
    asked = []

    def speak(paragraphs):
        asked.append(list(paragraphs))
        return Speech("\n".join(paragraphs).encode(), 2.0 * len(paragraphs), [2.0 * n for n in range(len(paragraphs))])

    monkeypatch.setattr(speech, "speak", speak)
    return asked


@pytest.fixture
def edition(programme):
    return programme.current


def published_again(tmp_path, old="Việc thứ nhất.", new="Việc thứ nhất đã khác."):
    """The next edition, in which one lesson says something else."""
    folder = tmp_path / "hai-bai"
    shutil.copytree(SOURCE, folder)
    text = folder / "bai-mot" / "lesson.md"
    assert old in text.read_text("utf-8")
    text.write_text(text.read_text("utf-8").replace(old, new), "utf-8")
    return library.publish_folder(folder=folder)


class TestAsking:
    def test_publishing_asks_for_it(self, voice, programme, django_capture_on_commit_callbacks, tmp_path):
        with django_capture_on_commit_callbacks(execute=True):
            edition = published_again(tmp_path)
        job = Job.objects.get(kind="lessons.speak")
        assert job.args == {"edition": str(edition.pk)} and job.by_id is None

    def test_a_site_that_is_not_to_speak_asks_for_nothing(self, edition):
        services_speech.ask_for(edition)
        assert services_speech.ask() == 0 and services_speech.lacks(edition) == []
        assert not Job.objects.exists()

    def test_setting_up_asks_for_what_is_lacking(self, voice, edition):
        assert services_speech.ask() == 1
        services_speech.speak(edition)
        assert services_speech.ask() == 0

    def test_what_was_withdrawn_meanwhile_is_not_spoken(self, voice, edition):
        services_speech.ask_for(edition)
        library.withdraw(edition=edition)
        jobs.do(jobs.take("w"), lambda done, total: None)
        assert voice == [] and Job.objects.get().state == Job.State.DONE


class TestSpeaking:
    def test_every_lesson_gets_its_sound_and_its_script(self, voice, edition):
        told = []
        assert services_speech.speak(edition, lambda done, total: told.append((done, total))) == 2
        assert told == [(0, 2), (1, 2), (2, 2)]
        sound = queries.sound_of(edition, "bai-mot")
        rows = queries.script_of(sound)
        assert rows[0]["shown"] == edition.content["lessons"]["bai-mot"]["title"]
        assert [row["at"] for row in rows] == [2.0 * n for n in range(len(rows))]
        assert sound.seconds == 2 * len(rows) and services_speech.is_whole(sound)
        assert (settings.BUNDLES / sound.folder / "bai.weba").stat().st_size == sound.bytes

    def test_a_second_time_nothing_is_rendered(self, voice, edition):
        services_speech.speak(edition)
        voice.clear()
        assert services_speech.speak(edition) == 0 and voice == []

    def test_of_a_new_edition_only_what_changed_is_rendered(self, voice, edition, tmp_path):
        services_speech.speak(edition)
        before = {one.lesson.key: one.folder for one in LessonSound.objects.select_related("lesson")}
        voice.clear()
        new = published_again(tmp_path)
        assert queries.sound_of(new, "bai-mot") is None  # the old one says something else
        assert services_speech.speak(new) == 1 and "đã khác" in " ".join(voice[0])
        assert queries.sound_of(new, "bai-hai").folder == before["bai-hai"]
        assert queries.sound_of(new, "bai-mot").folder != before["bai-mot"]
        assert (settings.BUNDLES / before["bai-mot"]).is_dir()  # whoever listens goes on

    def test_a_lesson_that_is_as_it_was_keeps_its_sound_before_anything_is_rendered(self, voice, edition, tmp_path):
        services_speech.speak(edition)
        new = published_again(tmp_path)
        services_speech.ask_for(new)
        assert queries.sound_of(new, "bai-hai") and not queries.sound_of(new, "bai-mot")
        assert Job.objects.filter(kind="lessons.speak").exists()

    def test_people_who_wait_come_first_and_it_is_asked_for_again(self, voice, edition, cast):
        Job.objects.create(kind="edition.publish", by_id=cast.an.pk, args={}, language="vi")
        assert services_speech.speak(edition) == 1
        assert Job.objects.get(by_id=None).args == {"edition": str(edition.pk)}

    def test_an_edition_that_is_shown_no_more_is_not_spoken_on(self, voice, edition):
        lacking = Edition.objects.get(pk=edition.pk)
        library.withdraw(edition=edition)
        assert services_speech.speak(lacking) == 0 and voice == []

    def test_a_site_that_was_silenced_shows_none(self, voice, edition, settings):
        services_speech.speak(edition)
        settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "off"}
        assert queries.sound_of(edition, "bai-mot") is None and queries.spoken() == set()

    def test_another_voice_or_pronunciation_is_another_sound(self, voice, edition, monkeypatch):
        services_speech.speak(edition)
        monkeypatch.setattr(speech, "VIETNAMESE", speech.Voice("vi", 90))
        assert len(services_speech.lacks(edition)) == 2

    def test_what_was_broken_off_goes_on_where_it_was(self, voice, edition, monkeypatch):
        quick, said = speech.speak, []

        def breaks(paragraphs):
            if said:
                raise Unspoken("the machine stops")
            said.append(1)
            return quick(paragraphs)

        monkeypatch.setattr(speech, "speak", breaks)
        with pytest.raises(Unspoken):
            services_speech.speak(edition)
        monkeypatch.setattr(speech, "speak", quick)
        voice.clear()
        assert services_speech.speak(edition) == 1 and len(voice) == 1

    def test_a_lesson_that_cannot_be_said_holds_up_no_other_and_is_named(self, voice, edition, monkeypatch):
        quick, said = speech.speak, []

        def refuses(paragraphs):
            said.append(1)
            if len(said) == 1:
                raise Unspoken("too long")
            return quick(paragraphs)

        monkeypatch.setattr(speech, "speak", refuses)
        with pytest.raises(Unspoken, match="hai-bai/bai-mot: too long"):
            services_speech.speak(edition)
        assert queries.spoken() == {"hai-bai/bai-hai"}

    @pytest.mark.parametrize("harm", ["changed", "gone"])
    def test_a_file_that_was_harmed_is_made_anew(self, voice, edition, harm):
        services_speech.speak(edition)
        sound = queries.sound_of(edition, "bai-mot")
        file = settings.BUNDLES / sound.folder / "bai.weba"
        file.unlink() if harm == "gone" else file.write_bytes(b"x")
        assert not services_speech.is_whole(sound)
        assert services_speech.speak(edition) == 1
        assert services_speech.is_whole(queries.sound_of(edition, "bai-mot"))

    def test_who_speaks_is_said_with_it(self, voice, edition):
        services_speech.speak(edition)
        script = settings.BUNDLES / queries.sound_of(edition, "bai-mot").folder / "script.json"
        told = json.loads(script.read_text("utf-8"))
        assert told["format"] == "hocvuso-speech/1" and told["voice"].startswith("espeak-ng ")

    def test_lessons_that_are_spoken_are_known_by_their_address(self, voice, edition, tmp_path):
        assert queries.spoken() == set()
        services_speech.speak(edition)
        assert queries.spoken() == {"hai-bai/bai-mot", "hai-bai/bai-hai"}
        published_again(tmp_path)
        assert queries.spoken() == set()


def test_the_built_in_voice_speaks_a_lesson(edition, settings):
    """Once with the real one: the job as a worker does it."""
    settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
    Lesson.objects.filter(key="bai-hai").update(listed=False)
    jobs.ask("lessons.speak", by=None, args={"edition": str(edition.pk)})
    jobs.do(jobs.take("w"), lambda done, total: None)
    assert Job.objects.get().state == Job.State.DONE and Job.objects.get().says == "Đã đọc thành tiếng 1 bài."
    sound = queries.sound_of(Edition.objects.get(pk=edition.pk), "bai-mot")
    content = (settings.BUNDLES / sound.folder / "bai.weba").read_bytes()
    assert content[:4] == b"\x1aE\xdf\xa3" and sound.seconds > 5 and services_speech.is_whole(sound)
