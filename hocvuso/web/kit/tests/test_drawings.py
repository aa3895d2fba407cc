"""The house's own drawings: light, without anything active, and everybody in every mood."""

from __future__ import annotations

import brotli
import pytest
from lxml import etree

from hocvuso.web.kit import drawings

ALL = [*((key, mood) for key in drawings.CAST for mood in drawings.MOODS)]
KB = 1024


@pytest.mark.parametrize(("key", "mood"), ALL)
def test_a_bust_is_one_drawing_of_at_most_a_kilobyte(key, mood):
    drawing = drawings.bust(key, mood)
    assert etree.fromstring(drawing).get("viewBox") == "0 0 96 96"
    assert len(brotli.compress(drawing.encode())) <= KB


def test_a_mood_changes_the_face_and_nothing_else():
    faces = {drawings.bust("ba", mood) for mood in drawings.MOODS}
    assert len(faces) == 3
    assert len({face.partition('<g class="mood">')[0] for face in faces}) == 1


@pytest.mark.parametrize("key", drawings.PLACES)
def test_a_place_is_light(key):
    assert len(brotli.compress(drawings.place(key).encode())) <= KB


def test_nothing_in_them_acts_or_is_styled():
    for file in drawings.FOLDER.glob("*.svg"):
        names = {etree.QName(node).localname for node in etree.fromstring(file.read_bytes()).iter()}
        assert names <= {"svg", "g", "path", "circle", "ellipse", "rect"}, file.name
        assert "style=" not in file.read_text("utf-8")


def test_inside_a_page_they_say_nothing():
    assert 'aria-hidden="true"' in drawings.inline(drawings.bust("me"), "face sun")


def test_whoever_stands_beside_lessons_takes_turns():
    assert [drawings.beside("elderly", n) for n in (1, 2, 3)] == ["ba", "ong", "ba"]
    assert drawings.beside("an audience of tomorrow") in drawings.CAST
