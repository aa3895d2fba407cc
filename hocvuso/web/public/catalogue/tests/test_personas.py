"""“Bạn là ai?”: what each persona wants to be able to do, from what there is; what is missing is said."""

from __future__ import annotations

import pytest
from django.conf import settings

from hocvuso.skills.models import Audience
from hocvuso.web.kit.drawings import CAST
from hocvuso.web.public.catalogue import personas
from tests import world

pytestmark = pytest.mark.django_db


def _becomes(programme, audience):
    programme.audience = audience
    programme.save()


@pytest.mark.parametrize("key", personas.BY_KEY)
def test_every_persona_has_a_page_with_a_face(programme, client, key):
    page = client.get(f"/cho/{key}/")
    assert page.status_code == 200 and f"<h1>{personas.BY_KEY[key].asks}</h1>" in page.text
    assert 'class="face' in page.text


def test_nobody_else_has_one(programme, client):
    assert client.get("/cho/ai-do/").status_code == 404


def test_a_programme_of_ones_own_comes_with_all_its_goals(programme, client):
    _becomes(programme, "elderly")
    page = client.get("/cho/ong-ba/").text
    assert "/hoc/hai-bai/bai-mot/" in page and "/hoc/hai-bai/bai-hai/" in page
    assert "Chưa có chương trình riêng" not in page


def test_where_there_is_none_it_is_said_and_what_is_for_everybody_is_offered(programme, client):
    _becomes(programme, "citizens")
    page = client.get("/cho/can-bo/").text
    assert "Chưa có chương trình riêng cho bạn." in page
    assert 'href="/chuong-trinh/hai-bai/"' in page.partition("Chương trình cho mọi người")[2]


def test_of_several_audiences_those_without_a_programme_are_named(programme, client):
    _becomes(programme, "pupils-lower-secondary")
    page = client.get("/cho/hoc-sinh/").text
    said = page.partition("Chưa có chương trình riêng cho:")[2].partition("</p>")[0]
    assert "học sinh tiểu học" in said and "trung học cơ sở" not in said


def test_picks_that_are_published_come_in_their_order_and_others_are_left_out(programme, monkeypatch):
    picks = ("hai-bai/bai-hai", "khong-co/bai", "hai-bai/bai-mot")
    chosen = personas.Persona(key="x", face="me", title="x", note="x", asks="x", picks=picks)
    monkeypatch.setattr(personas, "reverse", lambda _name, args: f"/cho/{args[0]}/")
    assert [lesson.address for lesson in personas.context_of(chosen)["picks"]] == ["hai-bai/bai-hai", "hai-bai/bai-mot"]


def test_they_name_faces_and_audiences_that_there_are():
    world.frameworks()
    known = set(Audience.objects.values_list("key", flat=True))
    for persona in personas.PERSONAS:
        assert persona.face in CAST and set(persona.audiences) <= known


def test_picks_are_lessons_of_our_own_programmes():
    picks = [address for persona in personas.PERSONAS for address in persona.picks]
    missing = [address for address in picks if not (settings.CONTENT / address / "lesson.md").is_file()]
    assert missing == []
