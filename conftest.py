"""What all tests share: folders of their own, plain static files, the cast, a published programme."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import polib
import pytest

from hocvuso.library import queries as library
from hocvuso.records import queries as records
from tests import world

ROOT = Path(__file__).parent

# A busy machine makes an example slow, never wrong.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption("--pictures", default="", help="folder in which pictures of the running product are kept")


def pytest_configure(config):
    """A clean checkout has no compiled translations: English pages are tested in English."""
    if not hasattr(config, "workerinput"):
        for path in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


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
    # What a process remembers for good (ids of lessons, the index's words) must not outlive a test's database.
    records.known_lesson.cache_clear()
    library._vocabulary.cache_clear()


@pytest.fixture
def cast(db):
    """Learner, neighbour, author, reviewer, leader, operator, and two units side by side."""
    return world.cast()


@pytest.fixture
def programme(db, django_capture_on_commit_callbacks):
    """A small programme of two lessons, published with the real verbs."""
    world.frameworks()
    with django_capture_on_commit_callbacks(execute=True):
        return world.publish(ROOT / "tests" / "programmes" / "hai-bai")
