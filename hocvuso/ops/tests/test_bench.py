"""The bench itself: a tiny run of the real thing gives every figure; speed is not judged here."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from hocvuso import bench
from hocvuso.bench import learner
from hocvuso.bench.client import Visitor, WrongAnswer
from hocvuso.bench.figures import Figure, table
from hocvuso.bench.visit import first_visit
from tests.world import ROOT

KEYS = {
    "lesson_page.cpu_ratio_to_static",
    "lesson_page.req_s",
    "lesson_page.cpu_ms",
    "static_file.req_s",
    "static_file.cpu_ms",
    "sign_in.cpu_ms",
    "progress_write.cpu_ms",
    "test_start.cpu_ms",
    "search.p95_ms",
    "publish.s",
    "first_visit.bytes",
    "first_visit.requests",
    "first_visit.fcp_ms",
}
TINY = learner.Counts(rounds=1, requests=20, people=2, lessons_each=2, searched_lessons=80, visits=1)


@pytest.mark.browser
def test_one_run_gives_every_figure_and_leaves_nothing_behind(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(learner, "measure", partial(learner.measure, TINY))
    assert bench.run("learner", as_json=True) == 0
    told = capsys.readouterr()
    figures = json.loads(told.out)
    assert figures.keys() == KEYS
    for key, value in figures.items():
        without_browser = value is None and key.startswith("first_visit.")
        assert without_browser or (isinstance(value, int | float) and value > 0), f"{key}: {value!r}"
    assert "progress writes" in told.err
    assert list(Path(tmp_path).glob("hocvuso-bench-*")) == []


def test_a_bench_that_does_not_exist_is_named(capsys):
    assert bench.run("teacher", as_json=False) == 2
    assert (
        capsys.readouterr().err
        == "There is no bench 'teacher'. Known: faults, items, learner, load, steering, studio.\n"
    )


def test_without_a_browser_the_rows_say_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    figures = first_visit("http://127.0.0.1:9/", times=1)
    assert [f.value for f in figures] == [None, None, None]
    assert table(figures).count("no Chromium is installed") == 3


def test_the_table_shows_values_against_their_limits():
    rows = table([Figure("a.ms", 1.25, "ms", 2.5), Figure("b", 12345.6, "requests/s")]).splitlines()
    assert rows[1].split() == ["a.ms", "1.25", "ms", "2.5", "0.5"]
    assert rows[2].split() == ["b", "12,346", "requests/s"]


def test_another_answer_than_the_one_measured_stops_the_run(live_server):
    with (
        closing(Visitor(live_server.thread.port)) as visitor,
        pytest.raises(WrongAnswer, match="GET /khong-co/: 404 instead of 200"),
    ):
        visitor.get("/khong-co/")


def test_programmes_are_measured_without_an_installation(settings, capsys):
    settings.CONTENT = ROOT / "tests" / "programmes"
    assert bench.run("items", as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["hai-bai.lessons"] == 2 and found["hai-bai.tests.order"] > 0


def test_lessons_are_spoken_without_an_installation(settings, capsys):
    settings.CONTENT = ROOT / "tests" / "programmes"
    assert bench.run("studio", as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sound.lessons"] == 1 and 0 < found["sound.bytes_a_minute"] <= 180 * 1024
    assert all(value > 0 for value in found.values())


def test_a_source_with_faults_is_said_in_words(settings, capsys, tmp_path):
    settings.CONTENT = tmp_path
    (tmp_path / "hong").mkdir()
    (tmp_path / "hong" / "programme.yaml").write_text("key: [", "utf-8")
    assert bench.run("items", as_json=False) == 1
    assert "programme.yaml" in capsys.readouterr().err
