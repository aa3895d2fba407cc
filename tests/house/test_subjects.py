"""Subjects of pages: each in one folder, with a manifest that says all that others need of it."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver, resolve, reverse

from hocvuso.jobs import services as jobs
from hocvuso.web.kit.labels import labels
from hocvuso.web.kit.subjects import job_pages, subjects

SHAPE = re.compile(r"[a-z-]+\.[a-z-]+")
WEB = Path(__file__).parents[2] / "hocvuso" / "web"
# Setting up writes the finished pages anew; an address is added to an account as one signs in, with a code.
MAY_NAME = {"ops/setting_up.py", "web/account/profile/pages.py", "web/account/profile/forms.py"}
NO_ROOMS = {"settings.py", "web", "interop", "bench", "ops"}  # doors, and who asks from outside


def folders():
    return {f"{path.parent.parent.name}.{path.parent.name}" for path in WEB.glob("*/*/urls.py")}


def routes(resolver, at=""):
    for pattern in resolver.url_patterns:
        route = at + str(pattern.pattern).lstrip("^")
        yield from routes(pattern, route) if hasattr(pattern, "url_patterns") else [route]


def test_every_folder_with_pages_is_a_subject():
    assert (
        folders()
        == set(settings.SUBJECTS)
        == {f"{p.parent.parent.name}.{p.parent.name}" for p in WEB.glob("*/*/manifest.py")}
    )


@pytest.mark.parametrize("name", settings.SUBJECTS)
class TestEach:
    def test_its_pages_lie_where_it_says(self, name):
        subject, folder = subjects()[name], f"hocvuso.web.{name}"
        for entry in subject.menu:
            view = resolve(reverse(entry.page)).func
            assert view.__module__.startswith(folder), f"{entry.page} is no page of {name}"
            assert getattr(view, "gate", "") == "staff"
            assert reverse(entry.page).startswith(f"/{subject.at}")

    def test_nobody_else_names_it(self, name):
        """Its folder and its line in the settings are all that there is to touch."""
        who, subject = name.split(".")
        path = re.compile(rf"\bweb\.{who}\.{subject}\b|\b{who}/{subject}/")
        files = [f for kind in ("*.py", "*.html") for f in WEB.parent.rglob(kind)]
        outside = [f for f in files if WEB / who / subject not in f.parents]
        named = {f.relative_to(WEB.parent).as_posix() for f in outside if path.search(f.read_text("utf-8"))}
        assert named <= MAY_NAME


def test_orders_of_the_menu_and_of_lists_are_told_apart():
    orders = [entry.order for subject in subjects().values() for entry in subject.menu]
    assert len(orders) == len(set(orders))


def test_an_act_has_its_words_once():
    every = [act for subject in subjects().values() for act in subject.labels]
    assert len(every) == len(labels()) == len(set(every))


def test_pages_are_of_nouns_that_there_are():
    shown = {word for subject in subjects().values() for word in subject.pages}
    nouns = {getattr(model, "word", "") for model in apps.get_models()}
    assert shown <= nouns
    assert not nouns & {word for subject in subjects().values() for word in subject.links}


def test_no_room_types_an_address():
    """It asks `base.addresses`. The API's own path is the door's (`interop`)."""
    first = {route.partition("/")[0] for route in routes(get_resolver())}
    typed = re.compile(
        rf"(?<![\w/.])/(?:{'|'.join(re.escape(name) for name in first if name and '<' not in name)})(?:/|$)"
    )
    for path in sorted(WEB.parent.rglob("*.py")):
        room = path.relative_to(WEB.parent).parts[0]
        if room in NO_ROOMS or {"tests", "migrations"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
                assert not typed.search(node.value), f"{path}:{node.lineno} knows an address"


def test_every_kind_of_long_work_has_its_page_and_its_words():
    assert set(job_pages()) == set(jobs.kinds())
    assert all(SHAPE.fullmatch(kind) for kind in jobs.kinds())
