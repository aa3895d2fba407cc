"""The queue of a device: what the site did not settle stays, whatever it or a proxy before it answered.

Here without a database of the browser's, that is with storage shut: all of it goes by memory.
"""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

SCRIPT = settings.ROOT / "frontend/src/js/lesson/records.js"
PROBLEM, HTML = "application/problem+json", "text/html"
WHO = "0123456789abcdef0123"
DEVICE = """
const [base, script, count, cookie] = process.argv.slice(1);
globalThis.localStorage = { getItem: () => null, setItem() { throw new Error("shut"); } };
const shown = { textContent: "" };
globalThis.document = { cookie, body: { dataset: {} }, documentElement: { lang: "vi", closest: () => null },
  querySelectorAll: () => [shown], addEventListener() {} };
globalThis.addEventListener = () => {};
Object.defineProperty(globalThis, "navigator", { value: { onLine: true } });
const ask = globalThis.fetch;
globalThis.fetch = (path, options) => ask(base + path, options);
const { record, ready } = await import(script);
await ready;
const safe = [];
for (let n = 0; n < Number(count); n++) record("initialized", "lesson", `a/b${n}`).then((is) => is && safe.push(n));
setTimeout(() => { console.log(JSON.stringify({ safe, shown: shown.textContent })); process.exit(0); }, 900);
"""


class Site(ThreadingHTTPServer):
    """Answers as it is told; keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.kind, self.batches, self.bad, self.whose = 200, HTML, [], "", set()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        site = self.server
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["statements"]
        site.batches.append(len(sent))
        site.whose.add(self.headers["Hv-Person"])
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


def safe(site, count, cookie=f"hv_in={WHO}"):
    """What a device calls safe after it did so much and tried to send it; and what it says beneath the page."""
    command = ["node", "--input-type=module", "-e", DEVICE, f"http://127.0.0.1:{site.server_port}"]
    done = subprocess.run([*command, SCRIPT.as_uri(), str(count), cookie], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return len(told["safe"]), told["shown"]


def test_what_was_settled_is_safe(site):
    assert safe(site, 3)[0] == 3
    assert site.whose == {WHO}


@pytest.mark.parametrize("status", [401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504, 507])
def test_what_was_not_is_not_and_the_page_says_so(site, status):
    site.answers, site.kind = status, PROBLEM
    count, shown = safe(site, 3)
    assert count == 0
    assert "Đang chờ gửi: 3" in shown and "Máy này không giữ được kết quả" in shown


@pytest.mark.parametrize("status", [400, 404, 413, 502])
def test_a_page_of_a_proxy_settles_nothing(site, status):
    site.answers = status
    assert safe(site, 3)[0] == 0


def test_what_the_site_cannot_read_is_sent_in_parts_until_the_bad_one_is_alone(site):
    site.answers, site.kind, site.bad = 400, PROBLEM, "a/b2"
    assert safe(site, 12)[0] == 12 and site.batches.count(1) >= 1


def test_nobody_signed_in_sends_nothing(site):
    assert safe(site, 3, cookie="")[0] == 0 and site.batches == []
