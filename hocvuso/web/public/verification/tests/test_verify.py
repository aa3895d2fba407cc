"""Anybody checks a certificate, and learns no more of its holder than the holder chose."""

import copy
import io
import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hocvuso.credentials import pdf, rules
from hocvuso.credentials import services as credentials
from hocvuso.web.public.verification import pages

from .handing_in import upload

pytestmark = pytest.mark.django_db


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

    def test_crawlers_of_many_certificates_are_served_and_one_that_asks_without_end_is_not(
        self, credential, client, monkeypatch
    ):
        monkeypatch.setattr(pages.queries, "picture", lambda _pk: b"")
        for _n in range(pages.MOST_DRAWN):
            assert client.get(f"/xac-minh/{credential.pk}.png").status_code == 200
        assert client.get(f"/xac-minh/{credential.pk}.png").status_code == 429
        assert client.get(f"/xac-minh/{uuid.uuid4()}.png").status_code == 200
        monkeypatch.setattr(pages, "MOST_LOOKED_AT", pages.MOST_DRAWN + 2)
        assert client.get(f"/xac-minh/{uuid.uuid4()}.png").status_code == 429

    def test_what_has_ended_has_none(self, credential, client):
        credentials.revoke(credential=credential, reason="sai")
        assert client.get(f"/xac-minh/{credential.pk}.png").status_code == 404
        assert "og:image" not in client.get(f"/xac-minh/{credential.pk}").text


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
