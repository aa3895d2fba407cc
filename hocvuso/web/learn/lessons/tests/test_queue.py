"""The queue of a device: what the site did not settle stays, whatever it or a proxy before it answered."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

SCRIPT = settings.ROOT / "frontend/src/js/lesson/records.js"
PROBLEM, HTML = "application/problem+json", "text/html"
DEVICE = """
const kept = new Map();
globalThis.localStorage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
globalThis.document = { cookie: "hv_in=1", body: { dataset: {} }, documentElement: { lang: "vi", closest: () => null },
  querySelectorAll: () => [], addEventListener() {} };
globalThis.addEventListener = () => {};
Object.defineProperty(globalThis, "navigator", { value: { onLine: true } });
const [base, script, count] = process.argv.slice(1);
const ask = globalThis.fetch;
globalThis.fetch = (path, options) => ask(base + path, options);
const { record } = await import(script);
for (let n = 0; n < Number(count); n++) record("initialized", "lesson", `a/b${n}`);
setTimeout(() => { console.log(kept.get("hv.queue")); process.exit(0); }, 700);
"""


class Site(ThreadingHTTPServer):
    """Answers as it is told; keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.kind, self.batches, self.bad = 200, HTML, [], ""
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        site = self.server
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["statements"]
        site.batches.append(len(sent))
        status = site.answers if not site.bad or any(site.bad in s["object"]["id"] for s in sent) else 200
        body = json.dumps({"accepted": [s["id"] for s in sent], "refused": []}).encode() if status == 200 else b"{}"
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else site.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def site():
    with Site() as site:
        yield site
        site.shutdown()


def left(site, count):
    """Ids of lessons that a device still has to send, after it did so many and tried."""
    command = ["node", "--input-type=module", "-e", DEVICE, f"http://127.0.0.1:{site.server_port}"]
    done = subprocess.run([*command, SCRIPT.as_uri(), str(count)], capture_output=True, text=True, check=True)
    return [statement["object"]["id"].rpartition("/")[2] for statement in json.loads(done.stdout)]


def test_what_was_settled_leaves(site):
    assert left(site, 3) == []


@pytest.mark.parametrize("status", [401, 403, 404, 408, 425, 429, 500, 502, 503, 504, 507])
def test_what_was_not_stays(site, status):
    site.answers, site.kind = status, PROBLEM
    assert len(left(site, 3)) == 3


@pytest.mark.parametrize("status", [400, 404, 413, 502])
def test_a_page_of_a_proxy_settles_nothing(site, status):
    site.answers = status
    assert len(left(site, 3)) == 3


def test_what_the_site_cannot_read_is_sent_in_parts_and_only_the_bad_one_goes(site):
    site.answers, site.kind, site.bad = 400, PROBLEM, "a/b2"
    assert left(site, 12) == [] and site.batches.count(1) >= 1
