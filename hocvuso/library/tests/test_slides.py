"""A lesson on the wall: cut where its author says and where a screen is full; what is said stands beside it."""

import pytest
from lxml import html

from hocvuso.library.rendering.slides import MOST, cut, render_slides
from hocvuso.library.source.reader import read_programme
from tests import world

PROGRAMMES = sorted(path.parent for path in (world.ROOT / "content").glob("*/programme.yaml"))


def kinds(body):
    return [[block.kind for block in slide.blocks] for slide in cut(body)]


class TestWhereItIsCut:
    def test_at_a_line_of_dashes_and_at_a_heading(self):
        assert kinds("Một.\n\n---\n\nHai.\n\n## Ba\n\nBốn.\n") == [["text"], ["text"], ["text"]]

    def test_a_question_and_practice_stand_alone(self):
        body = "Một.\n\n::: question c1\n:::\n\nHai.\n\n::: practice\n:::\n"
        assert kinds(body) == [["text"], ["question"], ["text"], ["practice"]]

    def test_what_is_too_much_goes_on_to_the_next(self):
        paragraph = "chữ " * (MOST // 2) + "\n\n"
        assert len(cut("::: example\n" + paragraph + ":::\n\n::: warning\n" + paragraph + ":::\n")) == 1
        assert len(cut("".join(f"::: {kind}\n{paragraph}:::\n\n" for kind in ("example", "warning", "remember")))) == 2

    def test_notes_stand_beside_the_slide_they_follow(self):
        first, second = cut("Một.\n\n::: teacher\nNói chậm.\n:::\n\n---\n\nHai.\n")
        assert (first.notes, second.notes) == (["Nói chậm."], [])

    def test_an_empty_text_has_no_slide(self):
        assert cut("") == [] and cut("---\n\n---\n") == []


@pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda folder: folder.name)
def test_every_starter_lesson_can_be_projected(folder):
    for lesson in read_programme(folder).lessons:
        page = html.fromstring(f"<div>{render_slides(lesson, media=lambda name: f'/b/{name}')}</div>")
        slides = page.xpath("//section[contains(@class, 'slide')]")
        assert 5 <= len(slides) <= 30, lesson.head.key
        assert all(slide.text_content().strip() for slide in slides)
        assert page.xpath("//aside") or "::: teacher" not in lesson.body
