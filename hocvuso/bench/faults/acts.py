"""What is done while things go wrong: acts of learners, officers and programs, each repeated until it is acknowledged.

An act keeps its bytes: whoever hears no answer sends the very same again, as devices, browsers and programs do.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ..client import Answer, Connection, WrongAnswer, request_of
from ..learner import JSON, worked_through

VALUES_EACH = 100  # rows of one import
MEASURED = 50  # indicators that programs send values of
FORM = "application/x-www-form-urlencoded"
ONCE = re.compile(rb'name="once"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="once"')
LATER = {408, 425, 429, 500, 502, 503, 504, 507}  # answers after which the same is sent again
PATIENCE = 60.0  # seconds after the last fault within which every act must have been acknowledged


@dataclass
class Act:
    """One act: what it is counted by, and its bytes; whether it was `acknowledged`, or `refused`, which is told."""

    kind: str
    key: Any
    request: bytes
    acknowledged: bool = False
    refused: bool = False

    @property
    def over(self) -> bool:
        return self.acknowledged or self.refused


@dataclass
class Scene:
    """What all who act share: the installation, who there is, what was done and what was seen."""

    port: int
    world: dict[str, Any]
    lessons: list[str]
    rng: random.Random
    acts: dict[str, list[Act]] = field(default_factory=lambda: defaultdict(list))
    surprises: list[str] = field(default_factory=list)  # answers that no fault explains
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    imports: int = 0

    def note(self, act: Act) -> Act:
        """Remember an act before it is sent for the first time."""
        with self.lock:
            self.acts[act.kind].append(act)
        return act

    def surprise(self, what: str) -> None:
        """Remember what should not have been."""
        with self.lock:
            self.surprises.append(what)


def send(scene: Scene, request: bytes, *, wait: float = 15.0) -> Answer | None:
    """The answer to one request on a line of its own; nothing when there was none."""
    try:
        with closing(Connection(scene.port, timeout=wait)) as line:
            line.send(request)
            return line.receive()
    except (OSError, WrongAnswer):
        return None


def acknowledge(scene: Scene, act: Act) -> None:
    """Send an act again and again until it is acknowledged; gives up PATIENCE after all is over."""
    gone = 0.0
    while not act.over and gone < PATIENCE:
        heed(scene, act, send(scene, act.request))
        if not act.over:
            time.sleep(0.2)
            gone += scene.over.is_set() * 0.2


def heed(scene: Scene, act: Act, answer: Answer | None) -> None:
    """Take note of an answer to an act."""
    if answer is None or answer.status in LATER:
        if answer and answer.status == 500:
            scene.surprise(f"{act.kind}: 500")
    elif answer.status in (200, 201, 302):
        if act.kind == "statement" and act.key not in json.loads(answer.body)["accepted"]:
            scene.surprise(f"statement not accepted: {answer.body[:200]!r}")
        act.acknowledged = True
    else:
        scene.surprise(f"{act.kind}: {answer.status} {answer.body[:200]!r}")
        act.refused = True


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def statement(scene: Scene) -> Act:
    """What a lesson page tells of a learner."""
    person, lesson = scene.rng.choice(scene.world["learners"]), scene.rng.choice(scene.lessons)
    body = scene.rng.choice(worked_through(lesson))
    key = json.loads(body)["statements"][0]["id"]
    return Act("statement", key, request_of("POST", "/ghi/", person, body, JSON))


def note(scene: Scene) -> Act:
    """What an officer writes under a task, with the token of the page's form."""
    number = scene.rng.randrange(len(scene.world["officers"]))
    person, path = scene.world["officers"][number], f"/dieu-hanh/ke-hoach/nhiem-vu/{scene.world['tasks'][number]}/"
    while not (page := send(scene, request_of("GET", path, person))) or page.status != 200:
        time.sleep(0.2)
    token = next(filter(None, ONCE.findall(page.body)[-1]), b"").decode()
    text = f"Đã làm {uuid.uuid4()}"
    body = urlencode({"once": token, "text": text}).encode()
    return Act("note", text, request_of("POST", f"{path}tien-do/", person, body, FORM))


def request(scene: Scene) -> Act:
    """What a hot line's program writes down for a resident."""
    text = f"Nhờ giúp {uuid.uuid4().hex.translate(_LETTERS)}"  # numbers that may be of a card are covered
    body = json.dumps({"unit": scene.rng.choice(scene.world["units"]), "topic": "device", "text": text}).encode()
    return Act("request", text, request_of("POST", "/api/v1/requests", _program(scene, "requests"), body, JSON))


def values(scene: Scene) -> Act:
    """A table of figures from a unit's program; no two tables share a cell."""
    with scene.lock:
        scene.imports += 1
        number = scene.imports
    units = scene.world["units"]
    blocks = len(units) // VALUES_EACH
    block, rest = number % blocks, number // blocks
    period = f"{2025 - rest // MEASURED // 12}-{rest // MEASURED % 12 + 1:02}"
    of_block = units[block * VALUES_EACH :][:VALUES_EACH]
    rows = [f"faults-{rest % MEASURED},{unit},{period},{number}" for unit in of_block]
    table = "\n".join(["indicator,unit,period,value", *rows])
    mark = uuid.uuid4().hex
    name = 'form-data; name="file"; filename="values.csv"'
    body = (
        f"--{mark}\r\nContent-Disposition: {name}\r\nContent-Type: text/csv\r\n\r\n{table}\r\n--{mark}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={mark}"
    return Act("values", number, request_of("POST", "/api/v1/values", _program(scene, "values"), body, kind))


def _program(scene: Scene, which: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {scene.world[which]}", "Idempotency-Key": str(uuid.uuid4())}


MAKERS: dict[Callable[[Scene], Act], int] = {statement: 12, note: 2, request: 2, values: 1}


def anything(scene: Scene) -> Act:
    """An act of some kind, remembered."""
    return scene.note(scene.rng.choices(list(MAKERS), list(MAKERS.values()))[0](scene))


def keep_acting(scene: Scene, make: Callable[[Scene], Act], pause: float) -> None:
    """One who acts until all is over."""
    while not scene.over.is_set():
        acknowledge(scene, scene.note(make(scene)))
        time.sleep(pause)


def told(scene: Scene) -> dict[str, list[list[Any]]]:
    """All acts as `hand.count` wants them."""
    return {kind: [[act.key, act.acknowledged] for act in acts] for kind, acts in scene.acts.items()}


def unfinished(scene: Scene) -> Iterator[Act]:
    """Acts that nobody was told of."""
    return (act for acts in scene.acts.values() for act in acts if not act.over)
