"""Whether somebody may do a thing is asked at a unit; "anywhere at all" is only for menus and gates of pages."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "hocvuso"
# Who may ask `may_anywhere`, as folder.file:function: what they show leads to a verb that asks for the unit.
OFFERS = {
    "kit.gate:staff",
    "kit.nav:_offered",
    "editions.pages:overview",
    "consultations.pages:_context",
    "consultations.pages:summary",
    "indicators.flags:_page",
    "indicators.targets:targets",
    "inspections.pages:conclusion",
    "inspections.pages:inspections",
    "imports.populations:_page",
    "imports.targets:targets",
    "my_work.pages:my_work",
    "units.pages:search",
    "plans.related:related",
    "plans.changes:waiting",
    "plans.lists:overview",
    "plans.lists:templates",
    "plans.plan:context_of",
    "reports.lists:_index",
    "reports.regimes:index",
    "reports.report:_context",
    "reports.reviews:_context",
    "helpdesk.acts:terms",
    "helpdesk.pages:requests",
    "schemes.pages:schemes",
    "reminders.now:_page",
    "reminders.rules:index",
}


def calls(node, name):
    return any(isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == name for call in ast.walk(node))


def askers():
    for path in ROOT.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if calls(node, "may_anywhere"):
                yield path, f"{path.parent.name}.{path.stem}:{getattr(node, 'name', '')}"


def test_only_menus_and_gates_of_pages_ask_for_anywhere():
    found = list(askers())
    assert {name for _path, name in found} == OFFERS
    assert all("web" in path.parts for path, _name in found), "a room asks at a unit"


def test_nobody_looks_a_right_up_in_the_journal():
    for path in ROOT.rglob("services/*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
            asked = ast.unparse(call.func)
            actor = any(keyword.arg and keyword.arg.startswith("actor") for keyword in call.keywords)
            assert not (asked.startswith("JournalEntry.objects") and actor), f"{path}: two eyes are columns"


class TestRolesAtOnce:
    def test_only_the_operators_commands_and_accounts_of_programs_get_a_role_without_being_asked(self):
        found = {
            str(path.relative_to(ROOT))
            for path in ROOT.rglob("*.py")
            if "tests" not in path.parts and re.search(r"\broles\.grant\b", path.read_text("utf-8"))
        }
        assert {name for name in found if not name.startswith("ops/")} == {"interop/services.py"}
