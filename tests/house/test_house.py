"""The rules of the house that import-linter cannot say."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import get_resolver

from hocvuso.base.errors import Refusal

ROOT = Path(__file__).parents[2]
FLOORS_OF_PAGES = {"web", "demo", "bench", "ops"}  # speak HTTP, or are no rooms


def _floors():
    """By room its floor, the lowest 0: as the list says that import-linter holds."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["hocvuso"])
    rooms = [(n, name) for n, floor in enumerate(reversed(layers)) for name in floor.split(" | ")]
    return {name: n for n, name in rooms if name not in FLOORS_OF_PAGES}


FLOORS = _floors()
DOORS = {"models", "services", "queries", "events", "rules"}
OWN_DOORS = {
    "media": {"pictures", "speech", "word_lists"},
    "authoring": {"editing", "folders", "importing", "pictures", "services_importing", "services_programme"},
    "library": {
        "source",
        "rendering",
        "publishing",
        "searching",
        "indexing",
        "citations",
        "narration",
        "services_sources",
        "services_speech",
    },
    "units": {"lists"},
    "documents": {"blocks", "composers", "docx"},
    "reminders": {"sources"},
    "indicators": {"exchange"},
    "assess": {"placements"},
    "privacy": {"keeping", "register", "exporting"},
    "skills": {"exchange"},
    "records": {"projections"},
    "credentials": {"carriers", "fonts", "pdf", "pictures"},
    "handouts": {"bundles", "scorm", "taking"},
    "interop": {"api", "packages"},
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
MOST_LINES, MOST_MODELS = 5000, 9


def room(module):
    return module.split(".")[1] if module.count(".") else module


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("hocvuso", exclude_type_checking_imports=True)


def test_imports_only_go_down():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_rooms_are_entered_by_their_doors(graph):
    for importer in graph.modules:
        if "tests" in importer.split("."):
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            there = room(imported)
            if room(importer) == there or there not in FLOORS or there == "base":
                continue
            doors = DOORS | OWN_DOORS.get(there, set())
            door = imported.split(".")[2] if imported.count(".") > 1 else ""
            assert door in doors or door.startswith("rules_"), f"{importer} climbs into {imported}"


def test_foreign_keys_go_down_too():
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in FLOORS:
            continue
        for field in model._meta.get_fields():
            if (
                not field.is_relation
                or field.auto_created
                or not field.related_model
                or field.related_model is get_user_model()
            ):
                continue
            there = field.related_model._meta.app_label
            if there in FLOORS:
                assert here == there or FLOORS[there] < FLOORS[here], f"{field} points up, or aside"


def sources(*suffixes):
    found = [p for s in suffixes for p in (ROOT / "hocvuso").rglob(f"*{s}")]
    found += [p for s in suffixes for p in (ROOT / "frontend" / "src").rglob(f"*{s}")]
    return [p for p in found if "migrations" not in p.parts]


def test_nothing_grows_too_big():
    for path in sources(".py", ".js", ".css", ".html"):
        assert path.read_text("utf-8").count("\n") <= LONGEST_FILE, f"{path} is longer than {LONGEST_FILE} lines"
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno
                assert lines < LONGEST_FUNCTION, f"{path}:{node.name} is longer than {LONGEST_FUNCTION} lines"


@pytest.mark.parametrize("name", FLOORS)
def test_a_room_holds_one_subject(name):
    written = [
        path for path in (ROOT / "hocvuso" / name).rglob("*.py") if not {"tests", "migrations"} & set(path.parts)
    ]
    assert sum(path.read_text("utf-8").count("\n") for path in written) <= MOST_LINES
    assert sum(model._meta.app_label == name for model in apps.get_models()) <= MOST_MODELS


def test_public_functions_of_rooms_say_what_they_do():
    for floor in FLOORS:
        for path in (ROOT / "hocvuso" / floor).rglob("*.py"):
            if {"tests", "migrations"} & set(path.parts):
                continue
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name != "new_salt":
                    assert ast.get_docstring(node), f"{path}:{node.name} has no docstring"


@pytest.mark.django_db
def test_no_migration_is_missing_and_none_forks():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    from django.db.migrations.loader import MigrationLoader

    assert MigrationLoader(None).detect_conflicts() == {}


def test_every_page_stands_under_a_gate():
    for pattern in _patterns(get_resolver()):
        assert getattr(pattern.callback, "gate", None) in ("everybody", "signed-in", "staff", "client"), (
            f"{pattern} has no gate"
        )


def test_a_name_leads_to_one_address():
    pages = [pattern for pattern in _patterns(get_resolver()) if pattern.callback.gate != "client"]
    names = [pattern.name for pattern in pages if pattern.name]
    assert not {name for name in names if names.count(name) > 1}


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern)
        else:
            yield pattern


def test_every_dependency_has_its_line():
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    for name in ("base", "test"):
        for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
            if line and not line.startswith("-"):
                package = line.split("[")[0].split(">")[0].split("=")[0].strip().lower()
                assert f"| {package} |" in text, f"{package} has no line in docs/dependencies.md"


def test_every_dependency_to_run_is_used():
    """Nobody imports what installs us, and the loop that the server takes where it is installed."""
    text = "\n".join(path.read_text("utf-8") for path in sources(".py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", text, re.M))
    of_module = packages_distributions()
    used = {name.lower().replace("_", "-") for module in imported for name in of_module.get(module, ())}
    listed = {re.split(r"[\[>]", name)[0].lower() for name in (ROOT / "requirements/base.in").read_text().split()}
    assert listed - used == {"setuptools", "uvloop"}


def test_no_registry_address_is_kept():
    for path in [
        *(ROOT / "requirements").glob("*.txt"),
        *ROOT.glob("*/package-lock.json"),
        *(ROOT / "tests").glob("*/package-lock.json"),
    ]:
        assert "://" not in "".join(
            line for line in path.read_text().splitlines() if "resolved" in line or path.suffix == ".txt"
        )


@pytest.mark.parametrize("language", ["en"])
def test_translations_are_complete(language):
    import polib

    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    assert [e.msgid for e in catalogue.untranslated_entries()] == []
    assert [e.msgid for e in catalogue.fuzzy_entries()] == []
    sys.path.insert(0, str(ROOT / "scripts"))
    from messages import found_messages

    assert sorted(found_messages() - {(e.msgctxt or "", e.msgid) for e in catalogue}) == []


def test_a_refusal_that_rooms_share_is_one_class():
    def heirs(cls):
        return [heir for direct in cls.__subclasses__() for heir in [direct, *heirs(direct)]]

    shared = {heir.code: heir for heir in heirs(Refusal) if heir.__module__ == Refusal.__module__}
    own = [heir for heir in heirs(Refusal) if heir.__module__ != Refusal.__module__ and "code" in vars(heir)]
    assert [heir for heir in own if heir.code in shared or heir.__name__ in {c.__name__ for c in shared.values()}] == []
