"""Whether somebody may do a thing is asked at a unit; "anywhere at all" is only for menus and gates of pages.

Acts of weight ask for the second factor anew, and whatever writes in an account asks for the full sign-in.
"""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "hocvuso"
# Who may ask `may_anywhere`, as folder.file:function: what they show leads to a verb that asks for the unit.
OFFERS = {
    "kit.gate:staff",
    "kit.nav:_offered",
    "editions.pages:overview",
    "editions.pages:_context",
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
        assert {name for name in found if not name.startswith(("ops/", "bench/", "demo/"))} == {"interop/services.py"}


# Verbs that give, take, publish, withdraw, revoke, hand out what is known of people, or change how one signs in.
WEIGHTY = {
    "people.services.roles": {"offer", "accept", "withdraw", "end", "grant"},
    "people.services.profile": {"erase", "note_export"},
    "people.services.factors": {"set_totp", "add_passkey", "remove_passkey"},
    "people.services.signin": {"add_address"},
    "credentials.services": {
        "suspend", "restore", "revoke", "ask_revocation", "ask_lifting", "confirm", "decline",
    },
    "library.services": {
        "submit", "return_for_revision", "approve", "publish", "withdraw",
        "ask_withdrawal", "ask_republishing", "confirm_withdrawal", "decline_withdrawal",
    },
    "interop.services": {"make_client", "end_client"},
}  # fmt: skip
GATES = {"everybody", "signed_in", "signed_in_fully", "staff"}
AGAIN = {"proven_lately", "own_factor_first"}  # decorators
ASKS_AGAIN = {"show_factor_again", "owes_own_factor"}  # called by the view itself


def forms_of(path, node, name=""):
    """The module of forms that a relative import is from, or that it names; nothing of the kit."""
    folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
    module = (folder / name if name else folder).with_suffix(".py")
    return module if node.level and module.name == "forms.py" and module.is_file() else None


class Page:
    """A module of pages: what each of its views reaches by name, through helpers and tables of the module, and through
    the forms beside it, which name verbs too (`StepForm.steps`).
    """

    def __init__(self, path):
        tree = ast.parse(path.read_text("utf-8"))
        self.parts, self.imported, self.views, self.gated, self.forms = {}, {}, {}, set(), {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                self.take_in(path, node)
            elif isinstance(node, ast.ClassDef):
                self.parts[node.name] = node
            elif isinstance(node, ast.FunctionDef):
                self.parts[node.name] = node
                if (decorators := {ast.unparse(d).split("(")[0] for d in node.decorator_list}) & GATES:
                    self.gated.add(node.name)
                    self.views[f"{path.parent.name}.{path.stem}:{node.name}"] = (node, decorators)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self.parts[ast.unparse(target)] = node

    def take_in(self, path, node):
        for name in node.names:
            known = name.asname or name.name
            if (node.module or "").startswith("hocvuso"):
                self.imported[known] = f"{node.module.removeprefix('hocvuso.')}.{name.name}"
            elif module := forms_of(path, node) or forms_of(path, node, name.name):
                self.forms[known] = page_of(module)

    def verbs(self, node, seen=()):
        """(room.module, verb) that are named beneath a node; what stands under a gate of its own is another view's."""
        found = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and ast.unparse(part.value) in self.imported:
                found.add((self.imported[ast.unparse(part.value)], part.attr))
            elif isinstance(part, ast.Name) and part.id in self.imported:
                found.add(tuple(self.imported[part.id].rsplit(".", 1)))
            elif isinstance(part, ast.Attribute) and ast.unparse(part.value) in self.forms:
                found |= self.forms[ast.unparse(part.value)].verbs_of(part.attr)
            elif isinstance(part, ast.Name) and part.id in self.forms:
                found |= self.forms[part.id].verbs_of(part.id)
            elif isinstance(part, ast.Name) and part.id in self.parts and part.id not in (*seen, *self.gated):
                found |= self.verbs(self.parts[part.id], (*seen, part.id))
        return found

    def verbs_of(self, name):
        return self.verbs(self.parts[name], (name,)) if name in self.parts else set()


@cache
def page_of(path):
    return Page(path)


def views():
    for path in (ROOT / "web").rglob("*.py"):
        if "tests" not in path.parts:
            page = page_of(path)
            for name, (node, decorators) in page.views.items():
                yield page, name, node, decorators


class TestActsOfWeight:
    def test_the_verbs_are_there(self):
        for module, verbs in WEIGHTY.items():
            assert not verbs - set(dir(importlib.import_module(f"hocvuso.{module}")))

    def test_every_view_that_reaches_one_asks_for_the_second_factor_anew(self):
        found = {}
        for page, name, node, decorators in views():
            if heavy := {verb for module, verb in page.verbs(node) if verb in WEIGHTY.get(module, ())}:
                asks = decorators & AGAIN or any(calls(node, asking) for asking in ASKS_AGAIN)
                found[name] = bool(asks), heavy
        assert len(found) > 15, "this test finds the views"
        assert {name for name, (asks, _heavy) in found.items() if not asks} == set()
        reached = {verb for _asks, heavy in found.values() for verb in heavy}
        unreached = set().union(*WEIGHTY.values()) - reached
        # `publish` is the end of a job, which `editions.pages:move` asks for; the others stand at the command line.
        assert unreached == {"grant", "revoke", "publish"}


# Views of everybody, or of who has shown one factor, that write: why staff need no second factor for it.
ONE_FACTOR_WRITES = {
    "guardian.pages:consent": "whoever is signed in answers under a gate of its own; others by a code to their address",
    "lessons.records:record": "lessons done are no act of an office and give no right; devices send them unseen",
    "returning.pages:goal": "a choice for one's own learning; gives no right",
    "returning.pages:remind": "calls nobody but oneself, and says no more than that something is due",
    "returning.pages:stop": "ends one's own reminders",
    "returning.pages:stop_by_link": "ends what its signed link stands for, and nothing else",
    "signin.factors:passkey_add": "by it the first factor of the second kind is set; who has one shows it",
    "signin.factors:passkey_options": "signs in",
    "signin.factors:passkey_remove": "who has one shows it",
    "signin.factors:passkey_signin": "signs in",
    "signin.factors:second": "shows it",
    "signin.factors:set_totp": "by it the first factor of the second kind is set; who has one shows it",
    "signin.oidc:back": "signs in",
    "signin.pages:address": "signs in",
    "signin.pages:code": "signs in",
    "signin.pages:code_state": "tells whether a code that one asked for was sent",
    "signin.pages:sign_out": "takes away no more than a session",
    "signin.pages:sign_out_everywhere": "takes away no more than sessions: whoever is in trouble does it at once",
    "verification.pages:status": "the site's own list, signed anew",
}


class TestWhateverWritesAsksForTheFullSignIn:
    def test_but_for_what_is_named_here(self):
        found = set()
        for page, name, node, decorators in views():
            if decorators & {"signed_in", "everybody"}:
                verbs = {f"{m}.{v}" for m, v in page.verbs(node) if "services" in m.split(".") and v[0].islower()}
                if verbs or "require_POST" in decorators:
                    found.add(name)
        assert found == set(ONE_FACTOR_WRITES)
