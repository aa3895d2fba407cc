"""What other places show of a page: a canonical address, a title, a picture made at publishing."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from hocvuso.library.publishing import store
from hocvuso.web.kit import sharing
from hocvuso.web.kit.sharing import Card

KB = 1024
CARD = Card("Số lạ gọi đến, khi nào tắt máy?", "Bài 5 phút", "ba")


def _picture(card):
    sharing.make_picture(card)
    return settings.BUNDLES / card.folder / sharing.NAME


def test_a_picture_has_the_size_that_others_ask_for_and_is_small():
    content = _picture(CARD).read_bytes()
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(content) <= 40 * KB


def test_the_longest_title_stays_within_it():
    long = Card("Một cái tên rất dài " * 6, "Bài 5 phút", "ong")
    assert len(_picture(long).read_bytes()) <= 60 * KB


def test_it_is_drawn_once(monkeypatch):
    _picture(CARD)
    monkeypatch.setattr(store, "put", lambda *_what, **_more: pytest.fail("drawn again"))
    sharing.make_picture(CARD)


def test_another_title_is_another_picture():
    assert CARD.folder != Card("Khác", CARD.note, CARD.face).folder


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "cho/ong-ba/", "chuong-trinh/hai-bai/", "hoc/hai-bai/bai-mot/"])
def test_published_pages_name_one_address_and_a_picture_that_is_there(programme, path):
    page = (settings.SITE / path / "index.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{settings.BASE_URL}/{path}">' in page
    named = re.search(r'property="og:image" content="([^"]+)"', page)[1]
    assert (settings.BUNDLES / named.partition("/b/")[2]).is_file()
    for what in ("og:title", "og:description", "og:url"):
        assert f'property="{what}" content="' in page


@pytest.mark.django_db
def test_in_english_the_same_address_is_named(programme, client):
    client.cookies["hv_lang"] = "en"
    page = client.get("/hoc/hai-bai/bai-mot/").text
    assert f'<link rel="canonical" href="{settings.BASE_URL}/hoc/hai-bai/bai-mot/">' in page
