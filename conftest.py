"""What all tests share: folders of their own, plain static files, the cast, a published programme."""

from __future__ import annotations

import os
from functools import cache, partial
from pathlib import Path

import hypothesis
import polib
import pytest
from django.db import connection
from django.forms import Form
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from hocvuso.library import searching
from hocvuso.records import queries as records
from tests import kept, world

ROOT = Path(__file__).parent
WALKS = [ROOT / "tests" / "security", ROOT / "tests" / "house" / "test_scope.py"]
LONG = [ROOT / "tests", ROOT / "hocvuso" / "ops"]  # begun first: at the end all workers have short ones to share
ASKING = {"db", "transactional_db", "django_db_setup"}

# A busy machine makes an example slow, never wrong.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption("--pictures", default="", help="folder in which pictures of the running product are kept")


def pytest_configure(config):
    """A clean checkout has no compiled translations: English pages are tested in English."""
    if not hasattr(config, "workerinput"):
        for path in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
            made = path.with_suffix(f".{os.getpid()}")  # put there whole: other runs read it meanwhile
            polib.pofile(str(path)).save_as_mofile(str(made))
            made.replace(path.with_suffix(".mo"))


@pytest.hookimpl(tryfirst=True)  # pytest-django then puts those with a database first, before a browser is there
def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what asks the database of the tests: all else would be tried twice as it is.

    Of that, walks through the whole site are marked: where both databases are tried, PostgreSQL, which takes less, is
    enough for them.
    """
    items.sort(key=lambda item: not any(item.path.is_relative_to(long) for long in LONG))
    asking = [item for item in items if item.get_closest_marker("django_db") or ASKING & {*item.fixturenames}]
    for item in asking:
        if any(item.path.is_relative_to(walk) for walk in WALKS):
            item.add_marker(pytest.mark.walk)
    if connection.vendor != "sqlite":
        config.hook.pytest_deselected(items=[*{*items} - {*asking}])
        items[:] = asking


class _Units(LoadScopeScheduling):
    """Several processes share the tests, so that one makes what tests of a module make together.

    A unit is a module, on each database that it tries; among long tests that share nothing it is each by itself.
    """

    def _split_scope(self, nodeid):
        path, _, name = nodeid.partition("::")
        if _shares(path):
            return f"{path} on PostgreSQL" if "postgresql" in name.lower() else path
        return nodeid if any((ROOT / path).is_relative_to(long) for long in LONG) else path


@cache
def _shares(path):
    return 'scope="module"' in (ROOT / path).read_text("utf-8")


def pytest_xdist_make_scheduler(config, log):
    """Of what runs under `-n`."""
    return _Units(config, log)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture(autouse=True)
def _own_folders(settings, _folders, tmp_path):
    """Nothing a test writes reaches the folders of a real installation. Bundles never change, so they are shared."""
    settings.BUNDLES = _folders / "bundles"
    settings.SITE = tmp_path / "site"
    settings.STATIC_ROOT = ROOT / "frontend" / "dist"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "off"}  # tests of what is spoken turn it on
    # What a process remembers for good (ids of lessons, the index's words) must not outlive a test's database.
    records.known_lesson.cache_clear()
    searching._vocabulary.cache_clear()
    searching._shelves.cache_clear()


@pytest.fixture(autouse=True)
def _pages_draw_what_forms_carry(monkeypatch):
    """Every page that a test opens, wherever it draws a form, also draws its token and the version that was seen."""
    ask = Client.request

    def checked(client, **request):
        response = ask(client, **request)
        if response.context and _is_read(response):
            forms = [value for part in response.context for values in part for value in _forms_in(values)]
            for form in forms:
                drawn = [f'name="{field.html_name}"' in response.text for field in form.visible_fields()]
                # Names such as `text` stand in several forms of a page: one that changes is drawn when all of it is.
                needed = {"once": any(drawn), "version": any(drawn) and all(drawn)}
                for name in [name for name, is_drawn in needed.items() if is_drawn and name in form.fields]:
                    assert f'name="{form.add_prefix(name)}"' in response.text, (
                        f"{type(form).__name__}: draw {{{{ form.{name} }}}}"
                    )
        return response

    monkeypatch.setattr(Client, "request", checked)


def _is_read(response):
    return response["Content-Type"].startswith("text/html") and "Content-Encoding" not in response


def _forms_in(values):
    return [one for one in getattr(values, "values", tuple)() if isinstance(one, Form)]


@pytest.fixture(scope="session")
def _shelf(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        return kept.empty_shelf(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def world_of(db, _shelf):
    """`world_of(name, build)`: what `build` makes of the database, put back as it was where it was built before."""
    return partial(_shelf.world, [])


@pytest.fixture
def cast(world_of):
    """Learner, neighbour, author, reviewer, leader, operator, and two units side by side."""
    return world_of("cast", world.cast)


@pytest.fixture
def programme(world_of, django_capture_on_commit_callbacks):
    """A small programme of two lessons, published with the real verbs."""

    def publish():
        world.frameworks()
        with django_capture_on_commit_callbacks(execute=True):
            return world.publish(ROOT / "tests" / "programmes" / "hai-bai")

    return world_of("programme", publish)
