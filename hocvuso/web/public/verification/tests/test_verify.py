"""Anybody checks a certificate, and learns no more of its holder than the holder chose."""

import copy
import io
import json
import re
import struct
import uuid
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
from tests.world import take_final

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(cast, programme):
    cast.hoa.name = "Nguyễn Thị Hoa"
    cast.hoa.save()
    return credentials.issue(attempt=take_final(cast.hoa, programme))


def upload(client, content, file_name="a.json", **typed):
    """The page after a file was handed in."""
    answer = client.post("/xac-minh/", {"file": SimpleUploadedFile(file_name, content), "text": "", **typed})
    assert answer.status_code == 200
    return answer.text


class TestPageOfACertificate:
    def test_a_valid_one_says_what_its_holder_can_do(self, credential, client):
        page = client.get(f"/xac-minh/{credential.pk}")
        assert page.status_code == 200 and "Chứng nhận còn hiệu lực." in page.text
        assert "Hai bài thử" in page.text and "Trả tiền bằng mã QR" in page.text

    def test_it_shows_no_name_unless_the_holder_chose_it(self, credential, cast, client):
        page = client.get(f"/xac-minh/{credential.pk}").text
        assert "Nguyễn Thị Hoa" not in page and "chọn không hiện tên" in page
        credentials.choose_name(credential=credential, show=True, by=cast.hoa)
        page = client.get(f"/xac-minh/{credential.pk}").text
        assert "Nguyễn Thị Hoa" in page and "chọn không hiện tên" not in page

    def test_the_signed_document_names_nobody_and_points_to_its_page(self, credential, client):
        answer = client.get(f"/xac-minh/{credential.pk}?dang=json")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="chung-nhan-{credential.pk}.json"'
        assert not re.search(r"\bHoa\b", answer.text)
        assert json.loads(answer.content) == credential.signed
        assert credential.signed["id"].endswith(f"/xac-minh/{credential.pk}")

    @pytest.mark.parametrize("query", ["", "?dang=json"])
    def test_an_unknown_one_is_404_and_says_so(self, credential, client, query):
        page = client.get(f"/xac-minh/{uuid.uuid4()}{query}")
        assert page.status_code == 404 and "Không có chứng nhận này." in page.text

    @pytest.mark.parametrize(
        ("act", "said"),
        [("revoke", "Chứng nhận đã bị thu hồi."), ("suspend", "Chứng nhận đang tạm dừng.")],
    )
    def test_one_that_was_taken_back_says_so(self, credential, cast, client, act, said):
        by = {} if act == "revoke" else {"by": cast.lan}
        getattr(credentials, act)(credential=credential, reason="lý do riêng", **by)
        page = client.get(f"/xac-minh/{credential.pk}")
        assert said in page.text and "còn hiệu lực" not in page.text
        assert "lý do riêng" not in page.text

    def test_an_expired_one_says_so(self, credential, client):
        credential.expires_at = credential.issued_at
        credential.save()
        assert "Chứng nhận đã hết hạn." in client.get(f"/xac-minh/{credential.pk}").text

    def test_what_is_no_number_of_a_certificate_is_not_found(self, db, client):
        assert client.get("/xac-minh/abc").status_code == 404


class TestNameOnThePaper:
    """Whoever holds the paper compares the name on it; the page answers yes or no, and reveals none."""

    @pytest.mark.parametrize(
        "name", ["Nguyễn Thị Hoa", "NGUYỄN THỊ HOA", " nguyễn  thị\u00a0hoa", "Nguye\u0302\u0303n Thi\u0323 Hoa"]
    )
    def test_it_fits_however_it_is_written(self, credential, client, name):
        page = client.post(f"/xac-minh/{credential.pk}", {"name": name}).text
        assert "Chứng nhận còn hiệu lực." in page and "Tên khớp." in page

    @pytest.mark.parametrize("name", ["Nguyễn Thị Hòa", "Hoa", "Nguyen Thi Hoa", "x" * 120])
    def test_another_does_not_and_nothing_is_said_to_be_valid(self, credential, client, name):
        page = client.post(f"/xac-minh/{credential.pk}", {"name": name}).text
        assert "Tên không khớp." in page and "còn hiệu lực" not in page and "Nguyễn Thị Hoa" not in page

    def test_nothing_typed_is_asked_for(self, credential, client):
        page = client.post(f"/xac-minh/{credential.pk}", {"name": " "})
        assert page.status_code == 400 and "Tên khớp" not in page.text

    def test_who_guesses_is_stopped_and_others_are_not(self, credential, client):
        for n in range(pages.MOST_NAMES):
            client.post(f"/xac-minh/{credential.pk}", {"name": f"Hoa {n}"})
        assert client.post(f"/xac-minh/{credential.pk}", {"name": "Nguyễn Thị Hoa"}).status_code == 429
        elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
        page = client.post(f"/xac-minh/{credential.pk}", {"name": "Nguyễn Thị Hoa"}, **elsewhere)
        assert "Tên khớp." in page.text

    def test_an_office_that_checks_many_is_not_stopped(self, credential, client):
        for _n in range(pages.MOST_NAMES + 2):
            assert "Tên khớp." in client.post(f"/xac-minh/{credential.pk}", {"name": "Nguyễn Thị Hoa"}).text

    def test_of_one_that_has_ended_no_name_is_compared(self, credential, client):
        credentials.revoke(credential=credential, reason="sai")
        page = client.post(f"/xac-minh/{credential.pk}", {"name": "Nguyễn Thị Hoa"}).text
        assert "đã bị thu hồi" in page and "Tên khớp" not in page


class TestCorrected:
    def test_the_old_page_says_what_replaced_it(self, credential, cast, client):
        new = credentials.correct(credential=credential, holder_name="Nguyễn Thị Hoà", by=cast.hoa)
        page = client.get(f"/xac-minh/{credential.pk}").text
        assert "Chứng nhận đã được thay." in page and f'href="/xac-minh/{new.pk}"' in page
        assert "còn hiệu lực" not in page and "Hoà" not in page
        assert "Chứng nhận còn hiệu lực." in client.get(f"/xac-minh/{new.pk}").text

    def test_its_paper_that_is_still_about_is_said_to_be_replaced(self, credential, cast, client):
        paper = pdf.render(credential)
        credentials.correct(credential=credential, holder_name="Nguyễn Thị Hoà", by=cast.hoa)
        assert "Chứng nhận đã được thay." in upload(client, paper, "a.pdf")


class TestPictureForLinks:
    def test_the_page_names_it(self, credential, client, settings):
        page = client.get(f"/xac-minh/{credential.pk}").text
        assert f'<meta property="og:image" content="{settings.BASE_URL}/xac-minh/{credential.pk}.png">' in page
        assert f'<link rel="canonical" href="{settings.BASE_URL}/xac-minh/{credential.pk}">' in page

    def test_it_is_a_picture_without_the_credential(self, credential, client):
        answer = client.get(f"/xac-minh/{credential.pk}.png")
        assert answer["Content-Type"] == "image/png" and "public" in answer["Cache-Control"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (1200, 630) and "openbadgecredential" not in picture.info

    def test_what_has_ended_has_none(self, credential, client):
        credentials.revoke(credential=credential, reason="sai")
        assert client.get(f"/xac-minh/{credential.pk}.png").status_code == 404
        assert "og:image" not in client.get(f"/xac-minh/{credential.pk}").text


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


class TestChecker:
    def check(self, client, document):
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        return client.post("/xac-minh/", {"text": text})

    def test_the_page_carries_the_keys_that_are_trusted(self, credential, client):
        page = client.get("/xac-minh/").text
        keys = json.loads(page.partition('id="trusted-keys">')[2].partition("</script>")[0])
        assert list(keys.values()) == [credential.key.public]

    def test_a_pasted_one_is_valid(self, credential, client):
        page = self.check(client, credential.signed)
        assert page.status_code == 200 and "Chứng nhận còn hiệu lực." in page.text
        assert "Nguyễn Thị Hoa" not in page.text

    def test_an_uploaded_one_is_valid(self, credential, client):
        assert "Chứng nhận còn hiệu lực." in upload(client, json.dumps(credential.signed).encode())

    def test_a_revoked_one_is_revoked_however_well_it_is_signed(self, credential, cast, client):
        credentials.revoke(credential=credential, reason="sai")
        assert "Chứng nhận đã bị thu hồi." in self.check(client, credential.signed).text

    def test_a_changed_one_is_forged(self, credential, client):
        forged = copy.deepcopy(credential.signed)
        forged["credentialSubject"]["achievement"]["name"] = "Tiến sĩ"
        page = self.check(client, forged).text
        assert "Chữ ký không đúng." in page and "còn hiệu lực" not in page

    def test_one_signed_by_somebody_else_is_unknown(self, credential, client):
        forged = copy.deepcopy(credential.signed)
        forged["proof"]["verificationMethod"] = "https://evil.example/#z6Mk"
        page = self.check(client, forged).text
        assert "Không có chứng nhận này." in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize(
        "name", ["Nguyễn Thị Hoa", "NGUYỄN THỊ HOA", " nguyễn  thị\u00a0hoa", "Nguye\u0302\u0303n Thi\u0323 Hoa"]
    )
    def test_a_name_fits_however_it_is_written(self, credential, client, name):
        page = client.post("/xac-minh/", {"text": json.dumps(credential.signed), "name": name}).text
        assert "Chứng nhận còn hiệu lực." in page and "Tên khớp." in page and "không cấp cho tên" not in page

    def test_another_name_does_not_fit(self, credential, client):
        page = client.post("/xac-minh/", {"text": json.dumps(credential.signed), "name": "Nguyễn Thị Hòa"}).text
        assert "không cấp cho tên" in page and "còn hiệu lực" not in page

    @pytest.mark.parametrize(
        "garbage", ["", "xin chào", "{", "[1, 2", "\0", "[" * 50_000, "9" * 10_000], ids=lambda t: repr(t[:9])
    )
    def test_what_is_no_json_is_said_to_be_unreadable_and_stays_typed(self, db, client, garbage):
        page = self.check(client, garbage)
        assert page.status_code == 200 and "Không đọc được chứng nhận này." in page.text
        assert "còn hiệu lực" not in page.text

    def test_what_was_typed_stays(self, db, client):
        assert "&lt;b&gt;xin chào</textarea>" in self.check(client, "<b>xin chào").text

    @pytest.mark.parametrize(
        "document", ["null", "[]", "1", '"a"', "NaN", "{}", '{"proof": []}', '{"proof": {"a": 1}}']
    )
    def test_json_that_is_no_certificate_is_forged(self, db, client, document):
        page = self.check(client, document)
        assert page.status_code == 200 and "Chữ ký không đúng." in page.text

    @pytest.mark.parametrize("extra", [float("nan"), 2**60, "\ud800", {"\ud800": 1}], ids=str)
    def test_values_that_have_no_canonical_form_are_forged(self, credential, client, extra):
        text = json.dumps(credential.signed | {"extra": extra})
        page = self.check(client, text)
        assert page.status_code == 200 and "Chữ ký không đúng." in page.text

    @pytest.mark.parametrize("depth", [300, 900, 3000, 9000, 40_000])
    def test_a_deeply_nested_one_is_no_valid_one(self, credential, client, depth):
        nested = "[" * depth + "]" * depth
        page = self.check(
            client, json.dumps(credential.signed | {"extra": 0}).replace('"extra": 0', f'"extra": {nested}')
        )
        assert page.status_code == 200 and "còn hiệu lực" not in page.text

    def test_a_file_that_is_too_large_is_not_read(self, credential, client):
        text = json.dumps(credential.signed) + " " * 1_500_000
        page = client.post("/xac-minh/", {"file": SimpleUploadedFile("a.json", text.encode())}).text
        assert "Tệp lớn quá" in page and "còn hiệu lực" not in page

    def test_a_text_that_is_too_large_is_cut(self, credential, client):
        text = " " * 100_000 + json.dumps(credential.signed)
        page = self.check(client, text)
        assert page.status_code == 200 and "Không đọc được chứng nhận này." in page.text

    def test_what_no_form_can_hold_is_refused_before_it_is_read(self, db, client):
        answer = client.post("/xac-minh/", "text=" + "a" * 3_000_000, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (400, 413)


class TestWhatCheckersElsewhereRead:
    def test_the_issuer_shows_its_keys(self, credential, client):
        answer = client.get("/.well-known/hocvuso/issuer.json")
        profile = answer.json()
        assert answer.headers["Access-Control-Allow-Origin"] == "*" and "max-age=300" in answer.headers["Cache-Control"]
        assert [m["publicKeyMultibase"] for m in profile["verificationMethod"]] == [credential.key.public]
        assert credential.signed["proof"]["verificationMethod"] in profile["assertionMethod"]

    def test_the_status_lists_say_what_was_taken_back(self, credential, cast, client):
        def revoked():
            answer = client.get("/.well-known/hocvuso/status/revocation.json")
            assert answer.headers["Access-Control-Allow-Origin"] == "*" and "max-age=60" in answer["Cache-Control"]
            encoded = answer.json()["credentialSubject"]["encodedList"]
            return rules.bit_is_set(encoded, credential.status_index)

        assert not revoked()
        credentials.revoke(credential=credential, reason="sai")
        assert revoked()

    def test_there_is_no_other_list(self, db, client):
        assert client.get("/.well-known/hocvuso/status/suspension.json").status_code == 200
        assert client.get("/.well-known/hocvuso/status/other.json").status_code == 404
