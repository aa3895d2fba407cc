"""The documentation says what is so: its tables are those of the code, its links and paths lead somewhere."""

import re
import sys
from pathlib import Path

import pytest

from hocvuso.interop.api import api
from hocvuso.interop.models import ApiClient
from hocvuso.interop.rules import EVENTS

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from messages import found_messages  # noqa: E402

import docs  # noqa: E402

PAGES = docs.pages()
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|^(?: {4}|\t).*?$", re.S | re.M)
A_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|js|mjs|css|html|toml|yaml|csv|md|po|typ))`")
REQUEST = re.compile(r"`((?:GET|POST|DELETE) /api/v1/[^`?]*)(\?[^`]*)?`")
LABEL = re.compile(r"\*\*(.+?)\*\*")
NOT_OURS = {"node_modules", ".venv", "var", ".git"}


def named(page):
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def files():
    """Every file of the checkout, as `/a/b.py`."""
    found = (p for p in ROOT.rglob("*") if not NOT_OURS & set(p.relative_to(ROOT).parts))
    return {"/" + p.relative_to(ROOT).as_posix() for p in found}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_tables_are_those_of_the_code(page):
    """Mended by `make docs`; on a page in Vietnamese a new row then wants its words in place of `…`."""
    assert docs.filled(page) == page.read_text("utf-8"), "run: make docs"
    assert f"| {docs.MISSING} |" not in page.read_text("utf-8"), "a row has no words yet"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target), f"{link} names no heading of {target.name}"


def anchors(page):
    """The anchors that headings get: lower case, without punctuation, hyphens for spaces."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "CHANGELOG.md"], ids=named)
def test_files_that_are_named_are_there(page, files):
    for name in A_FILE.findall(CODE.sub("", page.read_text("utf-8"))):
        assert any(file.endswith("/" + name) for file in files), f"{name} is no file any more"


def test_what_can_be_made_is_made():
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    for name in docs.MAKERS:
        assert f"<!-- made by make docs: {name} -->" in text, f"no page shows {name}"


def test_every_request_of_programs_is_explained():
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    told = {re.sub(r"<\w+>", "<>", key): set(re.findall(r"(\w+)=", asked)) for key, asked in REQUEST.findall(text)}
    described = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    for path, methods in described.items():
        for method, operation in methods.items():
            key = f"{method.upper()} {re.sub(r'{\w+}', '<>', path)}"
            assert key in told, f"{key} is not in api.md"
            asked = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"} - {"page"}
            if method == "get":
                assert asked == told[key], f"{key} does not ask for {asked ^ told[key]}"


def test_scopes_and_events_of_programs_are_explained():
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    for word in (*ApiClient.Scope.values, *EVENTS):
        assert re.search(rf"^\|[^|]*`{word}`", text, re.M), f"{word} has no row in api.md"


def test_targets_of_make_are_explained():
    told = re.findall(r"^\| `make (\w+)` \|", (ROOT / "docs" / "commands.md").read_text("utf-8"), re.M)
    there = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split()
    assert sorted(told) == sorted(there)


def test_guides_name_what_stands_on_screen():
    """In the guide for officers bold is what one sees: a menu entry, a link, a button, a heading."""
    messages = {re.split(r"%\(\w+\)s", m.replace("\n", " "))[0].strip(" (:,") for _context, m in found_messages()}
    guide = CODE.sub("", (ROOT / "docs" / "vi" / "dieu-hanh.md").read_text("utf-8"))
    for bold in LABEL.findall(guide):
        for label in bold.split(" › "):
            assert label in messages, f"“{label}” is nowhere on screen"
