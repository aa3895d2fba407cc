"""What machines read: the API, health, the service worker, the manifest."""

import json
from uuid import uuid4

import pytest
from django.conf import settings

from hocvuso.base import master

pytestmark = pytest.mark.django_db


class TestHealth:
    def test_alive_without_asking_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/healthz").text == "ok\n"

    @pytest.fixture(autouse=True)
    def _set_up(self):
        master.keep_check()

    def test_ready(self, client):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (200, "ready\n")

    def test_not_ready_while_migrations_are_pending(self, client, settings):
        settings.MIGRATION_MODULES = {}  # the tables of tests are made without any
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "migrations are pending\n")

    def test_not_ready_with_a_master_secret_that_does_not_fit(self, client):
        master.keep_check("o" * 40)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "master secret does not fit\n")

    def test_not_ready_without_static_files(self, client, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "static files are missing\n")

    def test_metrics_for_neighbours_on_the_machine_alone(self, client):
        client.get("/gioi-thieu/")
        assert "hocvuso_requests_total" in client.get("/metrics").text
        assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404


class TestFilesAtTheRoot:
    def test_the_service_worker_knows_the_assets_to_keep(self, client):
        answer = client.get("/sw.js")
        assert answer.headers["Content-Type"] == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-cache"
        head, _, rest = answer.text.partition("\n")
        assets = json.loads(head.removeprefix("self.HV_ASSETS=").rstrip(";").replace("'", '"'))
        later = sorted(file.name for file in (settings.STATIC_ROOT / "later").glob("*.js"))
        assert assets[:3] == ["/static/app.css", "/static/app.js", "/static/icon.svg"]
        assert assets[3:] == [f"/static/later/{name}" for name in later] != []
        assert rest == (settings.STATIC_ROOT / "sw.js").read_text("utf-8")

    def test_the_manifest_lets_a_phone_keep_the_site(self, client):
        answer = client.get("/manifest.webmanifest")
        assert answer.headers["Content-Type"] == "application/manifest+json"
        manifest = json.loads(answer.content)
        assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Học vụ số", "/", "standalone")
        assert manifest["icons"][0]["src"] == "/static/icon.svg"
        assert {(icon["sizes"], icon.get("purpose")) for icon in manifest["icons"]} == {
            ("any", None),
            ("192x192", "any"),
            ("512x512", "any"),
            ("512x512", "maskable"),
        }

    def test_a_browser_that_reads_no_drawing_gets_pixels(self, client):
        icon = client.get("/favicon.ico")
        assert icon.headers["Content-Type"] == "image/x-icon" and icon.content[:4] == b"\0\0\1\0"

    def test_search_engines_are_kept_from_what_is_personal(self, client):
        lines = client.get("/robots.txt").text.splitlines()
        assert lines[0] == "User-agent: *"
        for path in ("/tai-khoan/", "/viec-hoc/", "/kiem-tra/"):
            assert f"Disallow: {path}" in lines

    def test_a_shared_certificate_may_be_read_for_its_picture_and_is_not_listed(self, client):
        assert "/xac-minh/" not in client.get("/robots.txt").text
        assert 'content="noindex"' in client.get(f"/xac-minh/{uuid4()}").text
