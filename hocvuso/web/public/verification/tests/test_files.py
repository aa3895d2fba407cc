"""A certificate handed in as PDF, picture or JSON: as it was given, forged, cut, renamed and made anew."""

import copy
import io
import json
import re
import struct
import zlib
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader, PdfWriter

from hocvuso.base import signing
from hocvuso.credentials import pdf, pictures, rules, rules_png
from hocvuso.credentials import services as credentials
from hocvuso.web.public.verification import pages

from .handing_in import upload

pytestmark = pytest.mark.django_db


def pdf_with(*texts):
    """A PDF of somebody else, with texts attached to it."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for n, text in enumerate(texts):
        writer.add_attachment(f"{n}.json", text.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def spoiled(content, *, share, luck=7):
    """A file with some of its bytes changed."""
    random, changed = Random(luck), bytearray(content)
    for _n in range(max(1, int(len(content) * share))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


class TestFiles:
    """PDF, picture and JSON; each as it was given, and forged, cut, renamed and made anew."""

    @pytest.fixture
    def files(self, credential):
        return {
            "pdf": pdf.render(credential),
            "png": pictures.for_holder(credential, "portrait"),
            "json": json.dumps(credential.signed, ensure_ascii=False).encode(),
        }

    @pytest.mark.parametrize("kind", ["pdf", "png", "json"])
    def test_the_file_itself_is_valid_whatever_its_name(self, files, client, kind):
        for file_name in (f"a.{kind}", "a.json", "a.pdf", "a.PNG", "chứng nhận", "a.exe"):
            page = upload(client, files[kind], file_name, name="nguyễn thị hoa")
            assert "Chứng nhận còn hiệu lực." in page and "Tên khớp." in page

    @pytest.mark.parametrize("kind", ["pdf", "png", "json"])
    def test_with_another_name_it_is_not(self, files, client, kind):
        page = upload(client, files[kind], name="Trần Văn Nam")
        assert "Tên không khớp." in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize("kind", ["pdf", "png", "json"])
    def test_a_forged_one_is_forged(self, credential, client, kind):
        credential.signed["name"] = "Tiến sĩ"
        made = {
            "pdf": lambda: pdf.render(credential),
            "png": lambda: pictures.for_holder(credential, "landscape"),
            "json": lambda: json.dumps(credential.signed).encode(),
        }[kind]()
        page = upload(client, made)
        assert "Chữ ký không đúng." in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize("name", ["Nguyễn Thị Hoa", "Trần Văn Nam"])
    def test_what_is_not_valid_is_said_to_be_so_whatever_name_is_typed(self, credential, client, name):
        forged = copy.deepcopy(credential.signed) | {"name": "Tiến sĩ"}
        page = upload(client, json.dumps(forged).encode(), name=name)
        assert "Chữ ký không đúng." in page and "Tên" not in re.findall(r"<strong>(.*?)</strong>", page, re.DOTALL)[0]
        credentials.revoke(credential=credential, reason="sai")
        page = upload(client, json.dumps(credential.signed).encode(), name=name)
        assert "Chứng nhận đã bị thu hồi." in page and "Tên không khớp." not in page

    def test_who_guesses_names_is_stopped_and_who_checks_many_is_not(self, credential, client, monkeypatch):
        monkeypatch.setattr(pages, "MOST_LOOKED_AT", 3)
        content = json.dumps(credential.signed).encode()
        for _n in range(pages.MOST_NAMES + 1):
            assert "Tên khớp." in upload(client, content, name="Nguyễn Thị Hoa")
        for _n in range(pages.MOST_NAMES):
            upload(client, content, name="Trần Văn Nam")
        file = SimpleUploadedFile("a.json", content)
        assert client.post("/xac-minh/", {"file": file, "text": "", "name": "Nguyễn Thị Hoa"}).status_code == 429
        assert "Chứng nhận còn hiệu lực." in upload(client, content)

    @pytest.mark.parametrize("kind", ["pdf", "png", "json"])
    def test_one_of_somebody_elses_key_is_unknown(self, credential, client, kind):
        sealed, public = signing.new_key()
        plain = {name: value for name, value in credential.signed.items() if name != "proof"}
        credential.signed = rules.with_proof(
            plain, method=f"https://evil.example/#{public}", at=timezone.now(), sign=lambda d: signing.sign(sealed, d)
        )
        made = {
            "pdf": lambda: pdf.render(credential),
            "png": lambda: pictures.for_holder(credential, "landscape"),
            "json": lambda: json.dumps(credential.signed).encode(),
        }[kind]()
        page = upload(client, made)
        assert "Không có chứng nhận này." in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize("kind", ["png", "json"])
    @pytest.mark.parametrize("tenth", range(10))
    def test_a_cut_one_is_answered_in_words(self, files, client, kind, tenth):
        page = upload(client, files[kind][: len(files[kind]) * tenth // 10] or b" ")
        said = re.search(r'class="notice warn[^>]*>|Chứng nhận còn hiệu lực\.', page)
        assert said
        if kind == "json":
            assert "còn hiệu lực" not in page

    @pytest.mark.parametrize("tenth", [1, 5, 9])
    def test_a_cut_pdf_is_answered_in_words(self, files, client, tenth):
        page = upload(client, files["pdf"][: len(files["pdf"]) * tenth // 10])
        assert "Trong tệp PDF này không có chứng nhận số" in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize("kind", ["png", "json"])
    @pytest.mark.parametrize("luck", range(8))
    def test_a_spoiled_one_is_answered_in_words(self, files, client, kind, luck):
        page = upload(client, spoiled(files[kind], share=0.01, luck=luck))
        assert 'class="notice' in page
        if kind == "json":
            assert "còn hiệu lực" not in page

    def test_a_picture_made_anew_has_lost_it_and_the_qr_code_is_pointed_to(self, files, client):
        for kind in ("PNG", "JPEG", "WEBP", "GIF"):
            out = io.BytesIO()
            Image.open(io.BytesIO(files["png"])).convert("RGB").save(out, kind)
            page = upload(client, out.getvalue(), "a.png")
            assert "Trong ảnh này không còn chứng nhận số" in page and "mã QR" in page and "còn hiệu lực" not in page

    def test_a_pdf_printed_anew_has_lost_it(self, files, client):
        writer = PdfWriter()
        writer.append_pages_from_reader(PdfReader(io.BytesIO(files["pdf"])))
        out = io.BytesIO()
        writer.write(out)
        assert "Trong tệp PDF này không có chứng nhận số" in upload(client, out.getvalue(), "a.pdf")

    def test_a_pdf_saved_anew_with_its_attachment_is_still_valid(self, files, client):
        writer = PdfWriter(clone_from=io.BytesIO(files["pdf"]))
        writer.compress_identical_objects()
        out = io.BytesIO()
        writer.write(out)
        assert "Chứng nhận còn hiệu lực." in upload(client, out.getvalue(), "a.pdf")

    def test_a_pdf_behind_a_password_is_answered_in_words(self, files, client):
        writer = PdfWriter(clone_from=io.BytesIO(files["pdf"]))
        writer.encrypt("mật khẩu", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        page = upload(client, out.getvalue(), "a.pdf")
        assert "Trong tệp PDF này không có chứng nhận số" in page and "còn hiệu lực" not in page

    def test_of_two_in_one_file_none_is_believed(self, credential, client):
        other = copy.deepcopy(credential.signed) | {"name": "Tiến sĩ"}
        page = upload(client, pdf_with(json.dumps(credential.signed), json.dumps(other)), "a.pdf")
        assert "nhiều chứng nhận số khác nhau" in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", "[" * 90_000, "9" * 10_000, "\x00", "eyJhbGciOiJFZERTQSJ9.e30.x"]
    )
    def test_rubbish_within_a_file_is_no_credential(self, client, db, text):
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        baked = rules_png.with_text(picture.getvalue(), pictures.KEYWORD, text)
        assert "Trong ảnh này không còn chứng nhận số" in upload(client, baked)
        assert "Trong tệp PDF này không có chứng nhận số" in upload(client, pdf_with(text))

    def test_a_text_that_swells_is_not_unpacked(self, client, db):
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        body = b"iTXt" + pictures.KEYWORD.encode() + b"\0\1\0\0\0" + zlib.compress(b" " * 200_000_000)
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        swelling = picture.getvalue()[:33] + chunk + picture.getvalue()[33:]
        assert "Trong ảnh này không còn chứng nhận số" in upload(client, swelling)
