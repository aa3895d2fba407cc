"""A lesson inside another learning system: scorm-again stands for it, in a page with a frame, as such systems do."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page

from hocvuso.handouts import bundles, scorm
from hocvuso.library.publishing.compile import compile_programme
from hocvuso.library.source.reader import read_programme

from .conftest import OPEN, ROOT
from .walking import Touch, answer_checks, practise, until

SYSTEM = ROOT / "tests" / "npm" / "node_modules" / "scorm-again" / "dist"
PROGRAMME, LESSON = "nguoi-cao-tuoi", "cuoc-goi-la"
NAMES = {
    "1.2": ("scorm12.min.js", "API", "Scorm12API", "LMSSetValue"),
    "2004": ("scorm2004.min.js", "API_1484_11", "Scorm2004API", "SetValue"),
}
SEEN = {  # how each version names the same
    "1.2": {
        "status": "cmi.core.lesson_status",
        "score": "cmi.core.score.raw",
        "time": "cmi.core.session_time",
        "at": "cmi.core.lesson_location",
    },
    "2004": {
        "status": "cmi.completion_status",
        "score": "cmi.score.raw",
        "time": "cmi.session_time",
        "at": "cmi.location",
    },
}
PLAYER = """<!doctype html><title>LMS</title><script src="/{file}"></script><script>
window.{name} = new {made}({{ logLevel: 5 }});
{name}.on("{set}.{time}", (_name, value) => (window.time = value));
const before = new URLSearchParams(location.search).get("before");
if (before) {name}.loadFromJSON(JSON.parse(before), "");
</script><iframe name="sco" src="/course/{lesson}.html" style="width: 100%; height: 90vh; border: 0"></iframe>"""


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a line for each."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(params=NAMES)
def system(request, tmp_path, settings) -> Iterator[tuple[str, str]]:
    """The version of SCORM, and the address of a system that shows the lesson's package."""
    settings.BUNDLES = tmp_path / "bundles"
    compiled = compile_programme(read_programme(ROOT / "content" / PROGRAMME))
    whole = bundles.read(
        compiled.bundle, settings.BUNDLES, site="https://x.vn", day=datetime.date(2026, 11, 30), lesson=LESSON
    )
    served = tmp_path / "served"
    with zipfile.ZipFile(BytesIO(scorm.write(whole, request.param))) as package:
        package.extractall(served / "course")
    file, name, made, setting = NAMES[request.param]
    (served / file).write_bytes((SYSTEM / file).read_bytes())
    names = {"file": file, "name": name, "made": made, "set": setting, "time": SEEN[request.param]["time"]}
    (served / "index.html").write_text(PLAYER.format(lesson=LESSON, **names), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield request.param, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def shown(browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    OPEN.append(page)
    yield page
    OPEN.remove(page)
    context.close()
    assert faults == []


def told(page: Page, version: str, what: str) -> str:
    """What the system was told."""
    path = SEEN[version][what]
    return str(page.evaluate(f"{NAMES[version][1]}.{path}"))


def test_a_lesson_runs_to_its_end_inside_another_system(shown, system):
    version, address = system
    shown.goto(address)
    frame = shown.frame("sco")
    practise(frame, Touch())
    assert told(shown, version, "status") == "incomplete"
    assert told(shown, version, "at") == "practice"
    shown.wait_for_timeout(1100)
    answer_checks(frame, Touch())
    frame.locator("[data-end]").wait_for()
    assert told(shown, version, "status") == "completed"
    assert told(shown, version, "score") == "100"
    assert any(digit in shown.evaluate("window.time") for digit in "123456789")
    assert frame.locator("[data-no-lms]").count() == 0


def test_a_visit_goes_on_where_the_one_before_ended(shown, system):
    version, address = system
    shown.goto(address)
    practise(shown.frame("sco"), Touch())
    name = NAMES[version][1]
    core = "{core: {lesson_location: A.cmi.core.lesson_location}}" if version == "1.2" else "{location: A.cmi.location}"
    before = shown.evaluate(f"(A => JSON.stringify({{cmi: {{suspend_data: A.cmi.suspend_data, ...{core}}}}}))({name})")
    shown.locator("iframe").evaluate("node => (node.src = 'about:blank')")
    until(shown, f"() => {name}.isTerminated()")
    shown.goto(f"{address}?before={before}")
    frame = shown.frame("sco")
    frame.locator("[data-practice][data-done]").wait_for()
    answer_checks(frame, Touch())
    frame.locator("[data-end]").wait_for()
    assert told(shown, version, "status") == "completed"


def test_without_a_system_the_lesson_says_that_nothing_is_recorded(shown, system):
    _version, address = system
    shown.goto(f"{address}course/{LESSON}.html")
    shown.locator("[data-no-lms]").wait_for()
    practise(shown, Touch())
