"""Language, refusals, safety headers, cross-site forms and faults, the same for every page Django makes."""

import gzip
import json
import logging
import os
import shutil
import subprocess
import sys

import brotli
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils.functional import Promise

from hocvuso.assess import services as assess
from hocvuso.base import throttle
from hocvuso.base.errors import Refusal
from hocvuso.people.models import Identifier, RoleGrant
from hocvuso.web.kit.middleware import Refusals
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast):
    client = Client()
    world.sign_in(client, cast.hoa)
    return client


@pytest.fixture
def attempt(cast, programme):
    """A test that is open: it gives no certificate."""
    return assess.start(person=cast.hoa, programme=programme, kind=assess.Attempt.Kind.FINAL)


class TestCompression:
    @pytest.mark.parametrize("path", ["/tim/?q=email", "/tai-khoan/dang-nhap/", "/api/v1/openapi.json"])
    def test_what_is_made_by_request_is_compressed(self, client, path):
        plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
        assert len(packed.content) < len(plain.content) / 2
        assert gzip.decompress(packed.content)[:200] == plain.content[:200]

    def test_pages_for_everybody_are_lighter_still(self, client, programme):
        client.cookies["hv_lang"] = "en"
        plain, packed, older = (
            client.get("/hoc/hai-bai/bai-mot/", headers={"Accept-Encoding": accepted})
            for accepted in ("", "gzip, deflate, br", "gzip")
        )
        assert brotli.decompress(packed.content) == plain.content
        assert (packed["Content-Encoding"], older["Content-Encoding"]) == ("br", "gzip")
        assert int(packed["Content-Length"]) == len(packed.content) < len(older.content)

    def test_what_holds_a_token_hides_its_length(self, client):
        page = client.get("/tai-khoan/dang-nhap/", headers={"Accept-Encoding": "gzip, br"})
        assert page["Content-Encoding"] == "gzip"

    def test_what_is_no_text_is_not(self, client):
        assert "Content-Encoding" not in client.get("/metrics", headers={"Accept-Encoding": "gzip"})


class TestLanguage:
    def test_vietnamese_whatever_the_browser_wishes(self, client):
        page = client.get("/gioi-thieu/", headers={"Accept-Language": "en"})
        assert page.headers["Content-Language"] == "vi"
        assert '<html lang="vi">' in page.text and "Học vụ số là gì?" in page.text

    def test_english_for_those_who_chose_it(self, programme, client):
        client.cookies["hv_lang"] = "en"
        page = client.get("/chuong-trinh/hai-bai/")
        assert page.headers["Content-Language"] == "en"
        assert '<html lang="en">' in page.text
        assert "Two trial lessons" in page.text and "Hai bài thử" not in page.text

    def test_a_language_we_do_not_speak_is_vietnamese(self, client):
        client.cookies["hv_lang"] = "../../etc"
        assert client.get("/gioi-thieu/").headers["Content-Language"] == "vi"

    def test_caches_keep_the_languages_apart(self, client):
        assert "Cookie" in client.get("/gioi-thieu/").headers["Vary"]


class TestRefusals:
    def test_a_refusal_that_no_form_caught_is_a_page_that_says_why(self, hoa, attempt):
        page = hoa.post(f"/kiem-tra/bai/{attempt.pk}/chung-nhan/", {"name": "Hoa"})
        assert page.status_code == 409
        assert "Cần đạt bài kiểm tra cuối trước khi nhận chứng nhận." in page.text

    def test_scripts_get_a_problem_document(self, hoa, attempt):
        answer = hoa.post(f"/kiem-tra/bai/{attempt.pk}/chung-nhan/", {}, content_type="application/json")
        assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
        assert json.loads(answer.content) == {
            "type": "urn:hocvuso:problem:not-passed",
            "title": "Cần đạt bài kiểm tra cuối trước khi nhận chứng nhận.",
            "status": 409,
            "field": "",
        }

    def test_every_refusal_can_be_said_in_the_readers_language(self):
        get_resolver().url_patterns  # noqa: B018  loads every page, with the refusals of its own
        kinds, said = [Refusal], {}
        while kinds:
            kind = kinds.pop()
            kinds += [found for found in kind.__subclasses__() if ".tests." not in found.__module__]
            said[kind.__name__] = kind.says
        assert len(said) > 20
        assert [name for name, says in said.items() if not isinstance(says, Promise)] == []

    def test_what_one_may_not_do_is_403(self, cast, client):
        """Lan leads, and the operator holds more than she does."""
        held = RoleGrant.objects.create(person=cast.oanh, role="operator", unit=cast.school)
        world.sign_in(client, cast.lan)
        page = client.post(f"/dieu-hanh/vai-tro/{held.pk}/thoi/")
        assert page.status_code == 403 and "Bạn không có quyền làm việc này ở đây." in page.text
        held.refresh_from_db()
        assert held.ends_at is None

    def test_what_somebody_else_removed_a_moment_ago_is_said_to_be_gone(self, rf):
        """Of two who press at once the second finds nothing any more; a page that finds nothing is a fault of ours."""
        refusals, gone = Refusals(lambda _request: HttpResponse()), RoleGrant.DoesNotExist()
        answer = refusals.process_exception(rf.post("/", content_type="application/json"), gone)
        assert answer.status_code == 409 and "vừa được xoá" in answer.content.decode()
        assert refusals.process_exception(rf.get("/"), gone) is None

    def test_who_did_the_same_at_the_same_moment_is_told_so(self, rf, cast):
        refusals, twice = Refusals(lambda _request: HttpResponse()), None
        try:
            with transaction.atomic():
                Identifier.objects.create(person=cast.hoa, kind="phone", lookup="x", sealed="x")
                Identifier.objects.create(person=cast.lan, kind="phone", lookup="x", sealed="x")
        except IntegrityError as error:
            twice = error
        answer = refusals.process_exception(rf.post("/", content_type="application/json"), twice)
        assert answer.status_code == 409 and "cùng lúc" in answer.content.decode()
        assert refusals.process_exception(rf.post("/"), IntegrityError("of another kind")) is None

    def test_too_many_tries_are_429_and_say_how_long_to_wait(self, client):
        for _ in range(600):
            throttle.count("verify", "127.0.0.1", limit=600, minutes=10)
        page = client.post("/xac-minh/", {"text": "{}"})
        assert page.status_code == 429 and "Hãy đợi 10 phút" in page.text


class TestFaults:
    def test_an_address_that_is_not_there(self, client):
        page = client.get("/khong-co/")
        assert page.status_code == 404 and "Không tìm thấy trang này" in page.text

    def test_a_form_from_another_site(self, cast):
        client = Client(enforce_csrf_checks=True)
        world.sign_in(client, cast.hoa)
        page = client.post("/tai-khoan/sua/", {"name": "Kẻ khác"})
        assert page.status_code == 403 and "Chưa gửi được" in page.text
        cast.hoa.refresh_from_db()
        assert cast.hoa.name == "Hoa"

    @pytest.mark.parametrize("path", ["/ghi/", "/tai-khoan/dang-xuat/", "/tai-khoan/dang-nhap/", "/xac-minh/"])
    def test_every_form_has_the_cross_site_guard(self, cast, path):
        client = Client(enforce_csrf_checks=True)
        world.sign_in(client, cast.hoa)
        assert client.post(path).status_code == 403

    def test_the_token_of_a_page_opens_it(self, db):
        client = Client(enforce_csrf_checks=True)
        client.get("/tai-khoan/dang-nhap/")
        token = client.cookies["csrftoken"].value
        assert client.post("/tai-khoan/dang-nhap/", {"address": "x", "csrfmiddlewaretoken": token}).status_code == 400

    def test_our_own_fault_shows_a_page_and_nothing_of_the_inside(self, programme, client):
        shutil.move(settings.BUNDLES / programme.current.bundle, settings.BUNDLES / "away")
        client.raise_request_exception = False
        try:
            page = client.get("/hoc/hai-bai/bai-mot/")
        finally:
            shutil.move(settings.BUNDLES / "away", settings.BUNDLES / programme.current.bundle)
        assert page.status_code == 500 and "Có lỗi ở phía chúng tôi" in page.text
        assert "Traceback" not in page.text and str(settings.BUNDLES) not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]

    def test_a_form_in_no_alphabet_is_no_request(self, client, db):
        body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--x--\r\n'
        kind = "multipart/form-data; boundary=x; charset="
        answers = {name: client.generic("POST", "/xac-minh/", body, kind + name) for name in ("zlib_codec", "utf8")}
        assert {name: answer.status_code for name, answer in answers.items()} == {"zlib_codec": 400, "utf8": 200}


class TestSafety:
    """One set of promises, whatever kind of answer it is."""

    PAGES = [
        ("/", 200),
        ("/hoc/hai-bai/bai-mot/", 200),
        ("/tai-khoan/dang-nhap/", 200),
        ("/viec-hoc/", 302),
        ("/khong-co/", 404),
        ("/kiem-tra/hai-bai/bat-dau/", 302),
        ("/dong-y/xyz/", 410),
        ("/viec-hoc/trang-thai.json", 401),
        ("/api/v1/catalogue", 200),
        ("/khung-nang-luc/TT02-2025.csv", 200),
        ("/healthz", 200),
        ("/sw.js", 200),
        ("/manifest.webmanifest", 200),
        ("/ngon-ngu/?ma=en", 302),
        ("/ghi/", 405),
    ]

    @pytest.mark.parametrize(("path", "status"), PAGES)
    def test_headers(self, programme, client, path, status):
        answer = client.get(path)
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self' 'sha256-" in policy
        assert "unsafe-" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"

    def test_the_one_inline_script_is_the_one_the_policy_allows(self, client):
        from base64 import b64encode
        from hashlib import sha256

        page = client.get("/gioi-thieu/")
        inline = page.text.partition("<script>")[2].partition("</script>")[0]
        allowed = b64encode(sha256(inline.encode()).digest()).decode()
        assert inline and f"'sha256-{allowed}'" in page.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["/", "/hoc/hai-bai/bai-mot/", "/tai-khoan/dang-nhap/", "/xac-minh/", "/tim/"])
    def test_no_page_needs_more_than_the_policy_gives(self, programme, client, path):
        page = client.get(path).text
        assert " style=" not in page and "<style" not in page and "javascript:" not in page
        assert not any(f" on{event}=" in page for event in ("click", "load", "error", "submit", "change"))

    def test_pages_of_a_person_are_not_kept_by_caches(self, hoa):
        for path in ("/viec-hoc/", "/tai-khoan/", "/tai-khoan/du-lieu/tai/"):
            assert "no-store" in hoa.get(path).headers["Cache-Control"]

    @pytest.mark.parametrize("path", ["/kiem-tra/hai-bai/", "/nho-giup/", "/tai-khoan/dang-nhap/"])
    def test_nor_are_pages_for_everybody_that_show_something_of_somebody(self, programme, hoa, path):
        assert hoa.get(path).headers["Cache-Control"] == "private, no-store"

    def test_nor_is_a_page_that_shows_a_message(self, hoa):
        hoa.post("/tai-khoan/dang-nhap/", {"address": "0912 345 678"})
        assert hoa.get("/tai-khoan/dang-nhap/ma/").headers["Cache-Control"] == "private, no-store"
        hoa.cookies["messages"] = ""
        hoa.post("/tai-khoan/dong-y/", {"purpose": "learning-records", "step": "withdrawn"})
        assert hoa.get("/gioi-thieu/").headers["Cache-Control"] == "private, no-store"

    def test_a_page_on_which_nothing_is_of_anybody_may_be_kept(self, programme, hoa, client):
        for reader in (hoa, client):
            assert "no-store" not in reader.get("/gioi-thieu/").headers.get("Cache-Control", "")
            assert "no-store" not in reader.get("/hoc/hai-bai/bai-mot/").headers.get("Cache-Control", "")

    def test_what_is_for_everybody_may_be_used_from_everywhere(self, client, db):
        assert client.get("/gioi-thieu/")["Cross-Origin-Resource-Policy"] == "same-origin"
        assert client.get("/api/v1/catalogue")["Cross-Origin-Resource-Policy"] == "cross-origin"

    def test_over_https_cookies_are_bound_to_this_host(self, tmp_path):
        shown = (
            "from django.conf import settings as s;"
            "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
        )
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "hocvuso.settings", "HOCVUSO_DATA": str(tmp_path)}
        for base, expected in (
            ("https://hoc.example", "__Host-hv_session __Host-csrftoken True True"),
            ("http://127.0.0.1:8000", "hv_session csrftoken False False"),
        ):
            ran = [sys.executable, "-c", shown]
            told = subprocess.run(ran, env=env | {"HOCVUSO_BASE_URL": base}, capture_output=True, text=True, check=True)
            assert told.stdout.strip() == expected

    def test_no_script_can_read_the_session(self, hoa):
        hoa.post("/tai-khoan/dang-nhap/", {"address": "0900 000 001"})
        assert hoa.cookies["hv_session"]["httponly"] and hoa.cookies["hv_session"]["samesite"] == "Lax"


class TestWatching:
    def test_the_counters_name_routes_and_no_person(self, programme, client):
        client.get("/hoc/hai-bai/bai-mot/")
        client.get("/tim/?q=bi-mat-cua-toi")
        text = client.get("/metrics").text
        assert 'route="/hoc/<slug:programme>/<slug:lesson>/",status="200"' in text
        assert "bi-mat-cua-toi" not in text and "hai-bai" not in text

    def test_a_word_that_is_no_method_makes_no_counter_of_its_own(self, client):
        client.generic("MUA-HANG", "/gioi-thieu/")
        text = client.get("/metrics").text
        assert 'method="other"' in text and "MUA-HANG" not in text

    def test_the_log_tells_no_address_and_no_query(self, client, caplog):
        caplog.set_level(logging.DEBUG, logger="hocvuso.access")
        client.get("/tim/?q=bi-mat-cua-toi", REMOTE_ADDR="203.0.113.9")
        line = next(r for r in caplog.records if r.name == "hocvuso.access")
        assert (line.route, line.status) == ("/tim/", 200)
        assert "bi-mat-cua-toi" not in str(vars(line)) and "203.0.113.9" not in str(vars(line))


class TestReloading:
    def test_a_page_that_a_form_answered_opens_the_page_above_it(self, client, cast):
        world.sign_in(client, cast.lan)
        answer = client.get(f"/dieu-hanh/yeu-cau/{cast.lan.pk}/lam/")
        assert (answer.status_code, answer["Location"]) == (302, f"/dieu-hanh/yeu-cau/{cast.lan.pk}/")

    @pytest.mark.parametrize(
        ("form", "page"),
        [
            ("/dieu-hanh/kiem-tra/khac-phuc/{}/", "/dieu-hanh/kiem-tra/"),
            ("/dieu-hanh/lay-y-kien/y-kien/{}/bo/", "/dieu-hanh/lay-y-kien/"),
            ("/dieu-hanh/vai-tro/{}/thoi/", "/dieu-hanh/"),
        ],
    )
    def test_an_address_that_leads_nowhere_is_passed_over(self, client, cast, form, page):
        world.sign_in(client, cast.oanh)
        answer = client.get(form.format(cast.lan.pk), follow=True)
        assert answer.redirect_chain == [(page, 302)] and answer.status_code == 200

    def test_sending_the_wrong_way_is_still_told(self, client, cast):
        world.sign_in(client, cast.lan)
        assert client.put(f"/dieu-hanh/yeu-cau/{cast.lan.pk}/lam/").status_code == 405
