"""The learner's road under measure: pages, signing in, progress, tests, search, publishing, the first visit."""

from __future__ import annotations

import json
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from statistics import median
from typing import Any

from django.conf import settings

from .client import Visitor, WrongAnswer, flood
from .figures import Figure
from .site import Site, fresh_site
from .visit import first_visit

PROGRAMME = "ky-nang-so-thiet-yeu"
LESSON = f"/hoc/{PROGRAMME}/nhan-ra-lua-dao/"
STATIC_TWIN = "/static/bench-twin.html"
STATEMENTS = 8  # of a lesson from opening to done
JSON = "application/json"


@dataclass(frozen=True)
class Counts:
    """How much of everything is measured."""

    rounds: int = 7
    requests: int = 4000
    people: int = 40
    lessons_each: int = 6
    searched_lessons: int = 10_000
    visits: int = 3


FULL = Counts()


def measure(counts: Counts = FULL, *, postgresql: bool = False) -> list[Figure]:
    """All figures of one run."""
    with fresh_site(postgresql=postgresql) as site:
        published = publish(site)
        _twin(site)
        with site.served(), ExitStack() as visits:
            figures = pages(site, counts)
            # Each from a network address of their own, as the rate limits of signing in expect.
            people = [
                visits.enter_context(closing(Visitor(site.port, f"127.1.0.{n + 1}"))) for n in range(counts.people)
            ]
            figures += [
                sign_in(site, people, counts),
                progress(site, people, counts),
                test_starts(site, people, counts),
            ]
            _say("first visit in a browser")
            visit = first_visit(f"http://127.0.0.1:{site.port}{LESSON}", times=counts.visits)
        return [*figures, search(site, counts), published, *visit]


def _say(what: str) -> None:
    print(f"  {what} …", file=sys.stderr, flush=True)


def publish(site: Site) -> Figure:
    """The starter programmes from source to finished pages, with the command that operators use."""
    _say("publishing the starter content")
    folders = sorted(str(p.parent) for p in settings.CONTENT.glob("*/programme.yaml"))
    began = time.perf_counter()
    site.run("hocvuso", "publish", *folders)
    return Figure("publish.s", time.perf_counter() - began, "s")


def _twin(site: Site) -> None:
    """The bytes of the lesson page as a static file: the limit of the same server."""
    page = site.folder / "site" / LESSON.strip("/") / "index.html"
    for ending in ("", ".br"):
        shutil.copyfile(f"{page}{ending}", f"{site.folder}{STATIC_TWIN}{ending}")


def pages(site: Site, counts: Counts) -> list[Figure]:
    """Lesson page and static twin by turns, so that both meet the same weather; medians of the rounds."""
    _say("lesson page and static file")
    with closing(Visitor(site.port)) as visitor:
        requests = {path: visitor.request("GET", path) for path in (LESSON, STATIC_TWIN)}
        bodies = {visitor.get(path).body for path in requests}
    if len(bodies) != 1:
        raise WrongAnswer("lesson page and static file are not the same bytes")
    rates: dict[str, list[float]] = {path: [] for path in requests}
    costs: dict[str, list[float]] = {path: [] for path in requests}
    for warm in (False, *[True] * counts.rounds):
        for path, request in requests.items():
            before = site.cpu()
            seconds = flood(site.port, request, count=counts.requests)
            if warm:
                rates[path].append(counts.requests / seconds)
                costs[path].append((site.cpu() - before) * 1000 / counts.requests)
    rate, cost = ({path: median(values) for path, values in of.items()} for of in (rates, costs))
    ratio = median(a / b for a, b in zip(costs[LESSON], costs[STATIC_TWIN], strict=True))
    return [
        Figure("lesson_page.cpu_ratio_to_static", ratio, "×", 1.5),
        Figure("lesson_page.req_s", rate[LESSON], "requests/s", rate[STATIC_TWIN]),
        Figure("lesson_page.cpu_ms", cost[LESSON], "ms", cost[STATIC_TWIN]),
        Figure("static_file.req_s", rate[STATIC_TWIN], "requests/s"),
        Figure("static_file.cpu_ms", cost[STATIC_TWIN], "ms"),
    ]


def _cost(site: Site, acts: Sequence[Callable[[], Any]], size: int) -> float:
    """Server CPU of one act in milliseconds: the least of rounds of `size` acts, for a busy machine only adds."""
    spent = []
    for acts_of_round in batched(acts, min(size, len(acts))):
        before = site.cpu()
        for act in acts_of_round:
            act()
        spent.append((site.cpu() - before) * 1000 / len(acts_of_round))
    return min(spent)


def sign_in(site: Site, people: list[Visitor], counts: Counts) -> Figure:
    """Signing in by phone for the first time: the page, the number, the page for the code, the code."""
    _say("signing in")
    acts = [partial(_sign_in, site, person, f"0912{n:06}") for n, person in enumerate(people)]
    return Figure("sign_in.cpu_ms", _cost(site, acts, 10), "ms for its four requests")


def _sign_in(site: Site, visitor: Visitor, phone: str) -> None:
    visitor.get("/tai-khoan/dang-nhap/")
    code_page = visitor.submit("/tai-khoan/dang-nhap/", address=phone)
    visitor.get(code_page)
    visitor.submit(code_page, code=site.code(f"+84{phone[1:]}"))


def progress(site: Site, people: list[Visitor], counts: Counts) -> Figure:
    """What a lesson page sends while it is worked through, one statement a request; a round is ten people's lesson."""
    _say("progress writes")
    for person in people:
        person.submit("/tai-khoan/dong-y/", purpose="learning-records", step="given")
    programmes = json.loads(people[0].get("/api/v1/catalogue").body)["programmes"]
    lessons = [lesson["key"] for programme in programmes for lesson in programme["lessons"]][: counts.lessons_each]
    acts = [
        partial(_write, person, person.request("POST", "/ghi/", statement, JSON))
        for lesson in lessons
        for person in people
        for statement in worked_through(lesson)
    ]
    return Figure("progress_write.cpu_ms", _cost(site, acts, 10 * STATEMENTS), "ms", 1.5)


def _write(person: Visitor, request: bytes) -> None:
    receipt = json.loads(person.ask(request, 200).body)
    if receipt["refused"]:
        raise WrongAnswer(f"refused: {receipt['refused']}")


def worked_through(lesson: str) -> list[bytes]:
    """The bodies of the requests by which a device tells of one lesson from opening to done."""
    acts: list[tuple[str, str, dict[str, Any] | None]] = [("initialized", f"lesson:{lesson}", None)]
    acts += [("answered", f"item:{lesson}/c{n}", {"success": n != 2, "duration": "PT15S"}) for n in range(1, 5)]
    acts += [
        ("completed", f"practice:{lesson}", {"completion": True, "score": {"scaled": 0.9}, "duration": "PT90S"}),
        ("completed", f"lesson:{lesson}", {"completion": True, "duration": "PT300S"}),
        ("progressed", f"lesson:{lesson}", {"duration": "PT310S"}),
    ]
    return [_body(verb, target, result) for verb, target, result in acts]


def _body(verb: str, target: str, result: dict[str, Any] | None) -> bytes:
    statement = {
        "id": str(uuid.uuid4()),
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": f"urn:hocvuso:{target}"},
        "timestamp": datetime.now(UTC).isoformat(),
        "context": {"extensions": {"urn:hocvuso:edition": "0" * 16, "urn:hocvuso:device": str(uuid.uuid4())}},
    }
    return json.dumps({"statements": [statement | ({"result": result} if result else {})]}).encode()


def test_starts(site: Site, people: list[Visitor], counts: Counts) -> Figure:
    """Drawing a final test, once for each person and programme."""
    _say("test starts")
    programmes = [p["key"] for p in json.loads(people[0].get("/api/v1/catalogue").body)["programmes"]]
    acts = [
        partial(person.submit, f"/kiem-tra/{programme}/bat-dau/", kind="final")
        for programme in programmes
        for person in people
    ]
    return Figure("test_start.cpu_ms", _cost(site, acts, 10), "ms")


def search(site: Site, counts: Counts) -> Figure:
    """Searching many lessons, without the web in between."""
    _say(f"search over {counts.searched_lessons:,} lessons")
    found = json.loads(site.run("hocvuso.bench.search", str(counts.searched_lessons)))
    return Figure("search.p95_ms", found["p95_ms"], "ms", 30)
