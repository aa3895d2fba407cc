"""The front: finished pages and bundles are answered from files, everything else by Django."""

import os
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from hocvuso.library.publishing.store import put, replace, write_compressed
from hocvuso.web.kit.front import Front

pytestmark = pytest.mark.django_db
LESSON = "/hoc/hai-bai/bai-mot/"
MARK = b"<!doctype html><p>from the file</p>"
SECRET = b"nobody may read this"


class Answer:
    """What a server would send for one request."""

    def __init__(self, front, path, *, method="GET", query="", **headers):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        self.body = b"".join(front(environ, self._start))

    def _start(self, status, headers, _error=None):
        self.status = int(status.split()[0])
        self.headers = dict(headers)


@pytest.fixture
def front(programme):
    """The front before Django itself, which must not close the connection that the test's transaction lives on."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Front(WSGIHandler())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def bundle(programme):
    return f"/b/{programme.current.bundle}"


def finish(page, content=MARK):
    """Write a finished page that tells itself from the one Django makes."""
    write_compressed(settings.SITE / page.strip("/") / "index.html", content)


class TestFinishedPages:
    @pytest.mark.parametrize("path", ["/", "/chuong-trinh/hai-bai/", LESSON])
    def test_publishing_finishes_home_path_and_lessons(self, front, path):
        answer = Answer(front, path)
        assert answer.status == 200
        assert answer.body == (settings.SITE / path.strip("/") / "index.html").read_bytes()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Language"] == "vi"
        assert int(answer.headers["Content-Length"]) == len(answer.body)

    def test_browsers_that_read_brotli_get_brotli(self, front):
        plain, packed = Answer(front, LESSON), Answer(front, LESSON, accept_encoding="gzip, br")
        assert packed.headers["Content-Encoding"] == "br"
        assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body)
        assert brotli.decompress(packed.body) == plain.body
        assert "Accept-Encoding" in packed.headers["Vary"] and "Content-Encoding" not in plain.headers

    def test_a_page_the_browser_has_is_not_sent_again(self, front):
        tag = Answer(front, LESSON).headers["ETag"]
        again = Answer(front, LESSON, if_none_match=tag)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag and "Content-Length" not in again.headers
        assert Answer(front, LESSON, if_none_match='"older"').status == 200

    def test_head_is_a_get_without_the_body(self, front):
        whole, head = Answer(front, LESSON), Answer(front, LESSON, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers == whole.headers

    def test_a_page_written_anew_is_read_anew(self, front):
        before = Answer(front, LESSON)
        finish(LESSON)
        after = Answer(front, LESSON, if_none_match=before.headers["ETag"])
        assert (after.status, after.body) == (200, MARK)

    def test_a_page_asked_for_while_it_is_written_ends_up_whole(self, front):
        """The plain form is replaced first, the packed one a moment later."""
        Answer(front, LESSON)
        page = settings.SITE / LESSON.strip("/") / "index.html"
        replace(page, MARK)
        Answer(front, LESSON, accept_encoding="br")
        replace(page.with_name("index.html.br"), brotli.compress(MARK))
        assert brotli.decompress(Answer(front, LESSON, accept_encoding="br").body) == MARK

    def test_a_page_whose_packed_form_is_not_there_yet_is_asked_of_django(self, front):
        os.remove(settings.SITE / LESSON.strip("/") / "index.html.br")
        answer = Answer(front, LESSON)
        assert answer.status == 200 and "ETag" not in answer.headers

    def test_a_page_taken_away_is_gone(self, front):
        finish("/hoc/hai-bai/thu/")
        assert Answer(front, "/hoc/hai-bai/thu/").body == MARK
        for name in ("index.html", "index.html.br"):
            os.remove(settings.SITE / "hoc/hai-bai/thu" / name)
        assert Answer(front, "/hoc/hai-bai/thu/").status == 404


class TestWhatDjangoAnswers:
    @pytest.fixture(autouse=True)
    def _marked(self, front):
        finish("/")
        assert Answer(front, "/").body == MARK

    def test_readers_of_another_language(self, front):
        answer = Answer(front, "/", cookie="hv_lang=en")
        assert answer.headers["Content-Language"] == "en"
        assert b'<html lang="en">' in answer.body

    def test_a_reader_with_a_message_waiting_sees_it(self, front):
        assert MARK not in Answer(front, "/", cookie="messages=abc").body

    def test_other_cookies_change_nothing(self, front):
        assert Answer(front, "/", cookie="hv_in=1; csrftoken=abc").body == MARK

    def test_an_address_with_a_query(self, front):
        assert MARK not in Answer(front, "/", query="x=1").body

    def test_a_form_that_is_sent(self, front):
        assert Answer(front, "/", method="POST").status == 403  # no cross-site token

    @pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[", "a b"])
    def test_hosts_that_are_not_served_are_refused(self, front, host):
        answer = Answer(front, "/", host=host)
        assert MARK not in answer.body or host == ""  # without a name the server's own counts
        assert answer.status == (200 if host == "" else 400)

    def test_hosts_that_are_served_are(self, front):
        for host in ("127.0.0.1", "127.0.0.1:8000", "localhost"):
            assert Answer(front, "/", host=host).body == MARK

    def test_pages_that_are_not_finished(self, front):
        assert Answer(front, "/gioi-thieu/").status == 200
        assert Answer(front, "/khong-co/").status == 404


class TestBundles:
    def test_a_bundle_published_after_the_start_is_found(self, front, bundle, programme):
        answer = Answer(front, f"{bundle}/manifest.json")
        assert answer.body == (settings.BUNDLES / programme.current.bundle / "manifest.json").read_bytes()

    def test_it_may_be_kept_for_ever(self, front, bundle):
        assert "immutable" in Answer(front, f"{bundle}/index.json").headers["Cache-Control"]

    def test_its_packed_form_is_sent_to_those_who_read_it(self, front, bundle):
        plain = Answer(front, f"{bundle}/index.json")
        packed = Answer(front, f"{bundle}/index.json", accept_encoding="br")
        assert packed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(packed.body) == plain.body

    def test_a_part_of_a_file_can_be_asked_for(self, front, bundle):
        answer = Answer(front, f"{bundle}/index.json", range="bytes=0-9")
        assert answer.status == 206 and len(answer.body) == 10

    def test_the_browsers_copy_is_confirmed(self, front, bundle):
        first = Answer(front, f"{bundle}/index.json")
        assert Answer(front, f"{bundle}/index.json", if_none_match=first.headers["ETag"]).status == 304

    def test_what_is_not_there_is_not_found(self, front, bundle):
        for path in (f"{bundle}/nothing.json", f"/b/{'0' * 64}/index.json", f"{bundle}/", bundle, "/b/"):
            assert Answer(front, path).status == 404

    def test_static_files_are_served_beside(self, front):
        assert Answer(front, "/static/app.css").headers["Content-Type"].startswith("text/css")
        assert Answer(front, "/static/nothing.css").status == 404


class TestNothingElseIsRead:
    @pytest.mark.parametrize(
        "path",
        [
            "/b/{bundle}/../../ngoai/index.html",
            "/b/{bundle}/lessons/../../../ngoai/index.html",
            "/b/../ngoai/index.html",
            "/b/ngoai/index.html",
            "/b//{outside}/index.html",
            "/b/{bundle}//{outside}/index.html",
            "/b/{bundle}/.hidden",
            "/../ngoai/",
            "/hoc/../../ngoai/",
            "/%2e%2e/ngoai/",
            "/static/../ngoai/index.html",
            "/static//{outside}/app.0123456789ab.js",
            "/b//{outside}/app.0123456789ab.js",
            "/static/.hidden.0123456789ab.js",
            "//{outside}/",
            "/hoc/hai-bai/bai-mot/index.html.br",
        ],
    )
    def test_no_path_leads_out(self, front, programme, path):
        outside = settings.BUNDLES.parent / "ngoai"
        write_compressed(outside / "index.html", SECRET)
        write_compressed(outside / "app.0123456789ab.js", SECRET)
        write_compressed(settings.SITE.parent / "ngoai" / "index.html", SECRET)
        (settings.BUNDLES / programme.current.bundle / ".hidden").write_bytes(SECRET)
        answer = Answer(front, path.format(bundle=programme.current.bundle, outside=outside))
        assert answer.status == 404
        assert SECRET not in answer.body

    def test_a_name_with_a_zero_byte_is_not_found(self, front, bundle):
        assert Answer(front, f"{bundle}/index.json\0.txt").status == 404

    def test_a_name_that_no_disk_can_hold_is_not_found(self, front, bundle):
        assert Answer(front, f"{bundle}/{'a' * 300}").status == 404
        assert Answer(front, f"/static/{'a' * 300}.0123456789ab.js").status == 404


class TestSafety:
    """The same promises on whatever the front answers by itself."""

    @pytest.mark.parametrize(
        "path", ["/", LESSON, "/static/app.js", "{bundle}/lessons/bai-mot/index.html", "{bundle}/index.json"]
    )
    def test_headers(self, front, bundle, path):
        headers = Answer(front, path.format(bundle=bundle)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self' 'sha256-" in policy
        assert "unsafe-" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]

    @pytest.mark.parametrize("path", ["/gioi-thieu/", "/khong-co/", "/tai-khoan/dang-nhap/"])
    def test_django_promises_all_of_the_same(self, front, path):
        finished, made = Answer(front, LESSON).headers, Answer(front, path).headers
        promises = {name for name in finished if "Policy" in name or name.startswith("X-")}
        assert len(promises) == 7 and {name: made[name] for name in promises} == {n: finished[n] for n in promises}

    @pytest.mark.parametrize("path", [LESSON, "{bundle}/index.json"])
    def test_over_https_browsers_are_told_to_stay_there(self, programme, settings, bundle, path):
        settings.SECURE_HSTS_SECONDS = 1000
        answer = Answer(Front(WSGIHandler()), path.format(bundle=bundle))
        assert answer.headers["Strict-Transport-Security"] == "max-age=1000"

    def test_a_finished_page_sets_no_cookie(self, front):
        assert "Set-Cookie" not in Answer(front, LESSON).headers


class TestSounds:
    """Players ask for parts: to begin anywhere, and Safari before it plays at all."""

    CONTENT = bytes(range(256)) * 4

    @pytest.fixture
    def sound(self, front):
        put({"bai.weba": self.CONTENT, "script.json": b"{}"}, name="5" * 64)  # it came after the start
        return f"/b/{'5' * 64}/bai.weba"

    def test_it_says_what_it_is_and_never_changes(self, front, sound):
        answer = Answer(front, sound)
        assert (answer.status, answer.body) == (200, self.CONTENT)
        assert answer.headers["Content-Type"] == "audio/webm" and answer.headers["Accept-Ranges"] == "bytes"
        assert "immutable" in answer.headers["Cache-Control"] and "Content-Encoding" not in answer.headers

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [("bytes=0-1", 0, 1), ("bytes=0-", 0, 1023), ("bytes=600-", 600, 1023), ("bytes=-24", 1000, 1023)],
    )
    def test_a_part_is_answered_with_that_part(self, front, sound, asked, first, last):
        answer = Answer(front, sound, range=asked, accept_encoding="br")
        assert (answer.status, answer.body) == (206, self.CONTENT[first : last + 1])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/1024"
        assert answer.headers["Content-Length"] == str(last + 1 - first)

    def test_beyond_its_end_there_is_nothing(self, front, sound):
        answer = Answer(front, sound, range="bytes=1024-")
        assert answer.status == 416 and answer.headers["Content-Range"] == "bytes */1024"
