"""A real site in a process of its own, and a real browser in front of it."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from hocvuso.bench.site import free_port

from .line import Line, behind_a_line

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
HOCVUSO = Path(sys.executable).parent / "hocvuso"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


OPEN: list[Page] = []
SILENT = {"HOCVUSO_SPEECH": "off"}  # speaking would take time from what is tried; one journey has it on


def show(page: Page) -> None:
    """Print where a page is and what stands there, for whoever reads of a failed journey."""
    with suppress(Error):
        print(page.url, page.locator("body").inner_text(timeout=2000)[:1500], sep="\n")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Of a failed journey one sees the pages that are still open."""
    if call.excinfo and call.when == "call":
        for page in OPEN:
            show(page)
    return (yield)


def pytest_collection_modifyitems(items):
    """Journeys share one site, so they run in one worker, and only where there is a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Site:
    """One installation: its folder, its process, and what it printed (one-time codes among it)."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return self.settings.get("HOCVUSO_BASE_URL", f"http://127.0.0.1:{self.port}")

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("HOCVUSO_") and k != "DATABASE_URL"}
        return {**clean, "HOCVUSO_DATA": str(self.folder), "HOCVUSO_PORT": str(self.port), **SILENT, **self.settings}

    def run(self, *arguments: str) -> str:
        """One `hocvuso` command; its output. Fails with what it printed."""
        done = subprocess.run([HOCVUSO, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, lines: str) -> str:
        """Lines of Python inside this installation; what they print."""
        script = f"import django\ndjango.setup()\n{lines}"
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "hocvuso.settings"}
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Serve, and wait until it answers."""
        with (self.folder / "console.log").open("a") as console:
            self.process = subprocess.Popen(
                [HOCVUSO, "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        for _try in range(400):
            try:
                urlopen(self.url + "/readyz", timeout=2).close()
                return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError((self.folder / "console.log").read_text())

    def kill(self) -> None:
        """Pull the plug: no warning, no tidying."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def code(self) -> str:
        """The one-time code printed last."""
        return re.findall(r"\b(\d{6})\b", (self.folder / "console.log").read_text())[-1]


@cache
def _empty_site() -> Path:
    """The folder of an installation without programmes, set up once."""
    folder = Path(tempfile.mkdtemp(prefix="hocvuso-empty-"))
    atexit.register(shutil.rmtree, folder)
    Site(folder, free_port()).run("setup", "--no-content")
    return folder


def small_site(folder: Path, programme: str, **settings: str) -> Site:
    """An installation of its own with one programme, for tests that stop it or set it up otherwise; not yet serving."""
    port = free_port()
    address = f"http://localhost:{port}"  # passkeys and cookies of other sites need a name, not a number
    made = Site(folder, port, {"HOCVUSO_BASE_URL": address, **settings})
    shutil.copytree(_empty_site(), folder, dirs_exist_ok=True)
    made.run("publish", f"content/{programme}")
    return made


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """An installation as `make serve` makes it, with the starter programmes.

    It sends twenty codes an hour to one network address: whoever signs in more often takes a site of their own.
    """
    made = Site(tmp_path_factory.mktemp("site"), free_port())
    made.run("setup")
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def own_site(tmp_path_factory) -> Iterator[Site]:
    """A small installation that a test may stop and start, at an address with a name."""
    made = small_site(tmp_path_factory.mktemp("own"), "nguoi-cao-tuoi")
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def line(request, tmp_path_factory) -> Iterator[Line]:
    """A small site of a module's own (its PROGRAMME, else one of two lessons) behind a line that can fail."""
    programme = getattr(request.module, "PROGRAMME", "../tests/programmes/hai-bai")
    with behind_a_line(small_site(tmp_path_factory.mktemp("line"), programme)) as made:
        yield made


@contextmanager
def phone(browser: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """A phone of 360 × 740 that was never here before; a script error fails the test."""
    context = browser.new_context(
        **{"viewport": {"width": 360, "height": 740}, "base_url": site.url, "has_touch": True, **options}
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    OPEN.append(opened)
    try:
        yield opened
    except BaseException:
        show(opened)
        raise
    finally:
        OPEN.remove(opened)
        context.close()
    assert faults == []


@pytest.fixture
def page(browser, site) -> Iterator[Page]:
    with phone(browser, site) as opened:
        yield opened
