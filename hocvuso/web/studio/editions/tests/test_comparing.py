"""An edition against the one before: what it changes, line by line."""

import shutil
from pathlib import Path

import pytest

from hocvuso.library.models import Edition
from tests import world

from .test_editions import HOME, SOURCE, change, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    world.frameworks()
    return Path(shutil.copytree(SOURCE, tmp_path / "hai-bai"))


@pytest.fixture
def an(cast):
    return signed_in(cast.an)


class TestAgainstTheEditionBefore:
    def test_the_first_has_nothing_to_be_compared_with(self, an, folder):
        send(an, folder)
        assert "chưa có gì để so" in an.get(f"{HOME}{Edition.objects.get().pk}/so-sanh/").text

    def test_what_changed_is_shown_line_by_line(self, an, folder):
        send(an, folder)
        change(folder, "bai-mot/guide.md", "\n", "\nThêm một dòng.\n")
        (folder / "bai-mot" / "moi.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
        send(an, folder)
        page = an.get(f"{HOME}{Edition.objects.latest('number').pk}/so-sanh/").text
        assert "<ins>Thêm một dòng.</ins>" in page and "bai-mot/moi.svg" in page and "lesson.md" not in page

    def test_a_source_that_is_not_kept_is_said(self, an, folder, settings, tmp_path):
        send(an, folder)
        change(folder, "bai-mot/guide.md", "\n", "\nThêm một dòng.\n")
        send(an, folder)
        settings.DATA = tmp_path / "elsewhere"
        assert "nên không so được" in an.get(f"{HOME}{Edition.objects.latest('number').pk}/so-sanh/").text
