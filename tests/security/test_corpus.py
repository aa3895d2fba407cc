"""Every reader of strangers' files over the whole corpus: a value or a refusal in words, in little memory and time."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hocvuso.authoring.importing import BadDocument, read_document
from hocvuso.base import apart, plain_yaml
from hocvuso.base.attachments import attach
from hocvuso.base.errors import Refusal
from hocvuso.base.sheets import BadFile
from hocvuso.checklists import rules_xlsform
from hocvuso.consultations import rules_docx
from hocvuso.credentials import carriers, queries
from hocvuso.indicators import exchange
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.services import importing, table_import
from hocvuso.interop.packages import BadPackage
from hocvuso.interop.packages import reading as questions
from hocvuso.interop.tests.machine import machine
from hocvuso.library import services as library
from hocvuso.library.rendering.article import markdown
from hocvuso.library.rendering.pictures import BadDrawing, drawing
from hocvuso.library.source.blocks import parse
from hocvuso.media.pictures import BadPicture, renditions
from hocvuso.ops import restoring
from hocvuso.people.rules import Role
from hocvuso.records import services as records
from hocvuso.units import lists

from . import hostile
from .addresses import undone
from .hostile import Case

MOST_MEMORY = 200  # MB more than before
MOST_SECONDS = 10  # of the processor
REFUSALS = (
    Refusal, BadFile, BadDocument, BadPackage, apart.Unread, BadDrawing, BadPicture, plain_yaml.BadYaml,
    restoring.Unfit,
)  # fmt: skip
LIVE = re.compile(r"<script|hvlive|\bon\w+\s*=|javascript:|<foreignobject|<iframe|<a[\s>]", re.IGNORECASE)


class TooLong(BaseException):
    """No handler of the reader takes it."""


def _status(name: str) -> int:
    return int(re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024


@contextmanager
def bounded() -> Iterator[Callable[[], int]]:
    """Within the time that a file may take; gives the memory that was taken, in MB."""

    def over(*_what: Any) -> None:
        raise TooLong

    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    old = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield lambda: _status("VmHWM") - before
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)


def outcome(reader: Callable[[bytes], Any], case: Case) -> str:
    """Nothing, or what was wrong with how a file was read."""
    content = case.content  # made before it is measured what reading it takes
    try:
        with bounded() as taken:
            try:
                reader(content)
            except REFUSALS as refusal:
                if not str(refusal) and not isinstance(refusal, apart.Unread):
                    return f"{case}: refused without words"
        if taken() > MOST_MEMORY:
            return f"{case}: {taken()} MB"
    except TooLong:
        return f"{case}: longer than {MOST_SECONDS} s"
    except Exception as error:  # of any kind: that is what is looked for
        return f"{case}: {type(error).__name__}: {str(error)[:120]}"
    return ""


def tried(reader: Callable[[bytes], Any], kind: str) -> list[str]:
    return [told for case in CASES[kind] if (told := outcome(reader, case))]


class _Corpus(dict[str, list[Case]]):
    def __missing__(self, kind: str) -> list[Case]:
        for case in hostile.cases():
            self.setdefault(case.kind, []).append(case)
        return self[kind]


CASES = _Corpus()


def test_the_corpus_is_large_and_always_the_same():
    found = [case for kind in hostile.KINDS for case in CASES[kind]]
    assert len({(case.kind, case.content) for case in found}) >= 2_000
    first = next(hostile.cases())
    assert next(hostile.cases()) == first


@pytest.fixture
def there(cast):
    Indicator.objects.create(
        key="may", title="Máy", kind="declared", definition={"aggregate": "sum"}, period_type="year"
    )
    return cast


class TestTables:
    def test_units(self, there):
        assert tried(lambda content: [str(f) for f in lists.plan("a", content).faults], hostile.TABLE) == []

    def test_values(self, there):
        def read(content: bytes) -> None:
            importing.plan(rows=exchange.read(BytesIO(content)), by=None)

        assert tried(read, hostile.TABLE) == []

    def test_populations(self, there):
        assert tried(lambda c: table_import.plan_populations(name="a", content=c, by=None), hostile.TABLE) == []

    def test_targets(self, there):
        assert tried(lambda c: table_import.plan_targets(name="a", content=c, by=None), hostile.TABLE) == []

    def test_values_by_the_api(self, there):
        program = machine(there.here, Role.STEWARD)
        client = Client(headers=program.headers, raise_request_exception=False)

        def send(content: bytes) -> None:
            if len(content) > 20 * 1024 * 1024:  # the client of these tests holds it several times over itself
                return
            with undone():
                kind = "multipart/form-data" if content[:2] == b"PK" else "text/csv"
                answer = client.post("/api/v1/values", content, content_type=kind)
            _is_well_answered(answer)
            with undone():
                _is_well_answered(client.post("/api/v1/values", {"file": BytesIO(content)}))

        assert tried(send, hostile.TABLE) == []


def _is_well_answered(answer: Any) -> None:
    assert answer.status_code < 500, answer.status_code
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json" and json.loads(answer.content)["title"]


def test_forms_of_visits():
    assert tried(lambda content: [str(f) for f in rules_xlsform.read(content)[1]], hostile.FORM) == []


def _apart(read: Callable[[bytes], Any], kind: str) -> list[str]:
    """Readers that are apart have bounds of their own; two at a time."""

    def one(case: Case) -> str:
        try:
            read(case.content)
        except REFUSALS:
            return ""
        except Exception as error:
            return f"{case}: {type(error).__name__}: {error}"
        return ""

    with ThreadPoolExecutor(2) as pool:
        return [told for told in pool.map(one, CASES[kind]) if told]


def test_documents_of_consultations():
    assert _apart(lambda content: apart.read(rules_docx.told, content), hostile.DOCX) == []


def test_documents_of_authors():
    def read(content: bytes) -> None:
        made = read_document("a", content)
        assert {block.kind for block in parse(made.body)} <= {"text", "picture", "slide", "teacher"}
        tags = "".join(re.findall(r"<[^>]*>", markdown(made.body))).replace("<a href=", "")
        assert not LIVE.search(tags), made.body[:300]

    assert _apart(read, hostile.PAPER) == []
    assert _apart(read, hostile.DOCX) == []


def test_questions_of_other_software():
    assert tried(lambda content: questions.read("tệp", content), hostile.QUESTIONS) == []


def test_pictures(tmp_path_factory):
    def read(content: bytes) -> None:
        path = tmp_path_factory.mktemp("p") / "a.png"
        path.write_bytes(content)
        renditions(path)

    assert _apart(read, hostile.PICTURE) == []


def test_certificates(db):
    def read(case: Case) -> str:
        try:
            document = carriers.credential_in(case.content)
        except REFUSALS as refusal:
            return "" if str(refusal) else f"{case}: refused without words"
        except Exception as error:
            return f"{case}: {type(error).__name__}: {error}"
        return document

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(read, CASES[hostile.CERTIFICATE]))
    assert [told for told in found if isinstance(told, str) and told.startswith("certificate")] == []
    assert {queries.check_document(document)[0] for document in found} <= {"forged", "unknown"}


def test_drawings(tmp_path):
    def read(content: bytes) -> None:
        path = tmp_path / "a.svg"
        path.write_bytes(content)
        made = drawing(path, "mô tả")
        tags = "".join(re.findall(r"<[^>]*>", made))
        assert not LIVE.search(tags), made[:300]

    assert tried(read, hostile.SVG) == []


def test_sources_of_lessons(cast, settings, tmp_path):
    settings.BUNDLES = tmp_path / "bundles"
    from tests import world

    world.frameworks()

    def read(content: bytes) -> None:
        with undone():
            library.draft_from_archive(content=content, by=cast.an)

    assert tried(read, hostile.ARCHIVE) == []


def test_data_as_yaml():
    assert tried(lambda content: plain_yaml.load(content.decode("utf-8", "replace")), hostile.YAML) == []


class TestBodies:
    @pytest.mark.parametrize("path", ["requests", "hooks", "tasks/5ec0de00-0000-4000-8000-000000000000/notes"])
    def test_of_the_api(self, there, path):
        client = Client(headers=machine(there.here, Role.LEADER).headers, raise_request_exception=False)

        def send(content: bytes) -> None:
            with undone():
                _is_well_answered(client.post(f"/api/v1/{path}", content, content_type="application/json"))

        assert tried(send, hostile.JSON) == []

    def test_of_statements(self, there):
        def send(content: bytes) -> None:
            with undone():
                records.append(person=there.hoa, batch=content)

        assert tried(send, hostile.JSON) == []


def test_backups(tmp_path, settings):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    file = tmp_path / "a.tar.gz"

    def read(content: bytes) -> None:
        file.write_bytes(content)
        folder = tmp_path / "unpacked"
        folder.mkdir(exist_ok=True)
        restoring._unpack(file, folder)
        restoring._check(file, folder)

    assert tried(read, hostile.BACKUP) == []
    outside = {"a.tar.gz", "data", "unpacked"}
    assert {path.name for path in tmp_path.iterdir()} == outside and not list(settings.DATA.iterdir())


def test_names_of_attachments(there, settings, tmp_path):
    settings.DATA = tmp_path

    def keep(content: bytes) -> None:
        with undone():
            name = content.decode("utf-8", "surrogatepass")
            kept = attach(subject=there.here, name=name, content=b"%PDF-1.7\n", by=there.lan)
            kept.refresh_from_db()
            assert "/" not in kept.name and "\x00" not in kept.name and len(kept.name) <= 200

    assert tried(keep, hostile.NAME) == []
