"""An author sees how many lessons of what is published can be listened to."""

import pytest
from django.test import Client

from hocvuso.library.models import Lesson, LessonSound
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(programme, cast):
    client = Client()
    world.sign_in(client, cast.an)
    return lambda: client.get(f"/bien-soan/{programme.current.pk}/").text


def test_how_many_are_spoken(programme, page, settings):
    settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
    assert "Bản nghe: 0 trên 2 bài đã đọc xong." in page()
    facts = {"script": "1" * 64, "folder": "2" * 64, "seconds": 60, "bytes": 120_000}
    LessonSound.objects.create(lesson=Lesson.objects.first(), bundle=programme.current.bundle, **facts)
    assert "Bản nghe: 1 trên 2 bài đã đọc xong." in page()


def test_nothing_is_said_where_the_site_does_not_speak(page):
    assert "Bản nghe" not in page()
