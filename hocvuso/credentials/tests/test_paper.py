"""The certificate on paper and as a picture: one page whatever stands on it, every letter, the credential within."""

import io
import json
import unicodedata
import uuid
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from hocvuso.credentials import fonts, pdf, pictures, services
from tests.world import ROOT, take_final

PROGRAMMES = sorted((ROOT / "content").glob("*/programme.yaml"))
LONGEST_NAME = ("Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Minh Thuỳ Dương " * 3)[:120].strip()
NAMES = [
    "Hoa",
    "Nguyễn Thị Hoa",
    LONGEST_NAME,
    "W" * 120,
    "Ệ" * 120,
    "Thạch សុខ",
    "ꨀꨇꩉ Chế",
    "ꪼꪕ Lò Văn",
    "H’Hen Niê Kđăm ơ̆ ư̆ ƀ č ñ",
    " ".join("a" * 60),
]


def certificate(content, name="Nguyễn Thị Hoa", show_name=False):
    """As much of a certificate as is drawn."""
    issued = datetime(2026, 11, 28, 18, 30, tzinfo=UTC)
    return SimpleNamespace(
        pk=uuid.uuid4(), issued_at=issued, edition=SimpleNamespace(content=content), tier=3, supersedes=None,
        signed={"id": "x"}, holder_name=name, show_name=show_name,
    )  # fmt: skip


def content_of(path: Path):
    return yaml.safe_load(path.read_text("utf-8"))


def pages(drawn):
    return PdfReader(io.BytesIO(pdf.render(drawn))).pages


class TestOnePage:
    @pytest.mark.parametrize("path", PROGRAMMES, ids=lambda path: path.parent.name)
    def test_every_programme_with_every_kind_of_name(self, path):
        for name in NAMES:
            [page] = pages(certificate(content_of(path), name))
            assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)

    @settings(max_examples=20, deadline=None)
    @given(
        name=st.text(st.characters(categories=("Lu", "Ll", "Mn", "Zs")), min_size=1, max_size=120),
        title=st.text(min_size=1, max_size=300),
        sentences=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=60),
    )
    def test_whatever_stands_on_it(self, name, title, sentences):
        outcomes = [{"can_do": s, "can_do_en": s} for s in sentences]
        assert len(pages(certificate({"title": title, "title_en": title, "outcomes": outcomes}, name))) == 1

    def test_sixty_of_the_longest_sentences_end_in_how_many_more_there_are(self):
        outcomes = [{"can_do": "Làm được việc rất dài. " * 13, "can_do_en": "I can do it. " * 23}] * 60
        [page] = pages(certificate({"title": "Chương trình " * 20, "title_en": "Programme", "outcomes": outcomes}))
        assert "việc nữa" in page.extract_text()


def test_it_says_who_what_when_and_where_to_check():
    drawn = certificate(content_of(PROGRAMMES[0]))
    text = " ".join(page.extract_text() for page in pages(drawn))
    told = drawn.edition.content
    assert "CHỨNG NHẬN" in text and "Nguyễn Thị Hoa" in text
    assert told["title"] in text and told["title_en"] in text
    assert "ngày 29 tháng 11 năm 2026" in text  # that of Vietnam, where it was half past one in the morning
    assert str(drawn.pk) in text.replace("\n", "")


class TestLetters:
    def test_those_of_names_in_vietnam_are_held(self):
        vowels = "aăâeêioôơuưy"
        tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
        vietnamese = {unicodedata.normalize("NFC", v + tone) for v in vowels for tone in tones}
        letters = "".join(vietnamese | {"đ"}) + "čƀñŏĕŭǔžƯ̆ʼ’-"
        assert fonts.missing(letters + letters.upper()) == []

    @pytest.mark.parametrize(
        "block", [(0x1780, 0x17B3), (0xAA00, 0xAA36), (0xAA80, 0xAAC2)], ids=["Khmer", "Cham", "Thái"]
    )
    def test_those_of_other_scripts_of_vietnam_are_held(self, block):
        known = "".join(chr(c) for c in range(block[0], block[1] + 1) if unicodedata.category(chr(c))[0] in "LM")
        assert fonts.missing(known) == []

    @pytest.mark.django_db
    def test_a_name_with_others_is_refused_before_anything_is_issued_and_they_are_named(self, cast, programme):
        with pytest.raises(services.LettersMissing, match="陈.*😀"):
            services.issue(attempt=take_final(cast.hoa, programme), holder_name="Hoa 陈 陈 😀")


class TestWhatItCarries:
    def test_the_pdf_has_the_signed_credential_attached(self):
        drawn = certificate(content_of(PROGRAMMES[0]))
        [(name, [attached])] = PdfReader(io.BytesIO(pdf.render(drawn))).attachments.items()
        assert name == "chung-nhan.json" and json.loads(attached) == drawn.signed

    @pytest.mark.parametrize(("shape", "size"), [("landscape", (1200, 630)), ("portrait", (1080, 1350))])
    def test_the_holders_picture_has_it_baked_in(self, shape, size):
        drawn = certificate(content_of(PROGRAMMES[0]), LONGEST_NAME)
        with Image.open(io.BytesIO(pictures.for_holder(drawn, shape))) as picture:
            picture.load()
            assert picture.size == size and json.loads(picture.text["openbadgecredential"]) == drawn.signed

    def test_the_picture_for_everybody_shows_the_name_only_by_choice(self):
        content = content_of(PROGRAMMES[0])
        key = uuid.uuid4()
        hoa, binh, shown = (
            certificate(content, name, show) for name, show in (("Hoa", False), ("Bình", False), ("Hoa", True))
        )
        for one in (hoa, binh, shown):
            one.pk = key
        one, other, named = (pictures.for_everybody(c, "landscape") for c in (hoa, binh, shown))
        assert one == other != named
