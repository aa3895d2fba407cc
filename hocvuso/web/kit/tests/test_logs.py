"""What is written to the log when requests are refused or fail: method, route, status; nothing of a person."""

import errno
import io
import json
import logging
import shutil

import pytest
from django.conf import settings
from django.test import Client

from hocvuso.base.logs import formatter
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings):
    """Everything the configured handler writes, as text lines."""
    (handler,) = [h for h in logging.getLogger().handlers if h.filters]
    before, out = handler.setStream(io.StringIO()), handler.stream
    yield lambda: out.getvalue()
    handler.setStream(before)


@pytest.fixture(params=["text", "json"])
def form(request, told):
    (handler,) = [h for h in logging.getLogger().handlers if h.filters]
    before = handler.formatter
    handler.setFormatter(formatter(request.param))
    yield request.param
    handler.setFormatter(before)


TOKEN = "guardian-token-3f9a"
REFUSED = [
    (f"/dong-y/{TOKEN}/", 410, "/dong-y/<str:token>/"),
    ("/khong-co/0912345678/?so=84912345678", 404, "unmatched"),
    ("/xac-minh/00000000-0000-0000-0000-000000000000?so=091-234-5678", 404, "/xac-minh/<uuid:pk>"),
    (f"/ghi/?token={TOKEN}", 405, "/ghi/"),
    (f"/viec-hoc/trang-thai.json?programme={TOKEN}", 401, "/viec-hoc/trang-thai.json"),
]


@pytest.mark.parametrize(("path", "status", "route"), REFUSED)
def test_refusals_tell_their_route_alone(client, told, form, path, status, route):
    assert client.get(path).status_code == status
    line = told()
    assert route in line and "GET" in line and str(status) in line
    assert not [word for word in (TOKEN, "912345678", "234-5678", "?", "WSGIRequest") if word in line], line


def test_json_lines_can_be_read(client, told, form):
    client.get(f"/dong-y/{TOKEN}/?so=0912345678")
    if form == "json":
        line = json.loads(told())
        assert (line["event"], line["method"], line["route"]) == ("Gone", "GET", "/dong-y/<str:token>/")
        assert (line["status_code"], line["logger"], line["level"]) == (410, "django.request", "warning")


def test_a_form_from_another_site_tells_no_referer(cast, told):
    client = Client(enforce_csrf_checks=True)
    world.sign_in(client, cast.hoa)
    client.post(f"/ghi/?t={TOKEN}", headers={"Referer": f"https://x.example/{TOKEN}?so=0912345678"}, secure=True)
    assert "django.security.csrf" in told() and "/ghi/" in told()
    assert TOKEN not in told() and "0912345678" not in told()


def test_a_wrong_host_tells_no_path(client, told):
    client.get(f"/tim/?q={TOKEN}", HTTP_HOST="evil.example")
    assert "DisallowedHost" in told() and TOKEN not in told()


def test_what_strangers_bring_about_is_a_line_and_not_a_trace(client, told):
    client.get("/tim/", HTTP_HOST="evil.example")
    client.get("/tim/", HTTP_HOST="127.0.0.1.evil.example:80")
    client.get("/tim/", HTTP_HOST="a b")
    client.post("/xac-minh/", b"--x\r\nbroken", content_type="multipart/form-data; boundary=" + "x" * 300)
    assert told().count("DisallowedHost") == 3 and "Traceback" not in told()
    assert len(told().splitlines()) <= 5 and "error" not in told().lower().replace("django.security", "")


def test_our_own_fault_shows_where_and_not_with_what(programme, client, told):
    shutil.move(settings.BUNDLES / programme.current.bundle, settings.BUNDLES / "away")
    client.raise_request_exception = False
    try:
        client.get(f"/hoc/hai-bai/bai-mot/?q={TOKEN}&so=0912345678")
    finally:
        shutil.move(settings.BUNDLES / "away", settings.BUNDLES / programme.current.bundle)
    assert "Internal Server Error" in told() and "FileNotFoundError" in told() and "<slug:lesson>" in told()
    assert TOKEN not in told() and "0912345678" not in told()


def test_other_lines_stay_what_they_are(told):
    logging.getLogger("hocvuso.x").warning("hết %s", "chỗ", extra={"kind": "disk"})
    assert "hết chỗ" in told() and "kind=disk" in told()


def test_what_is_the_moments_fault_is_told_without_a_trace(told, form):
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        logging.getLogger("hocvuso").exception("not sent")
    assert "not sent" in told() and "no-room" in told() and "No space left" in told() and "Traceback" not in told()
