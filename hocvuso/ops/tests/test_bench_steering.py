"""The bench of steering: a tiny run of the real thing gives every figure; speed is not judged here."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path

import pytest

from hocvuso import bench
from hocvuso.bench import steering

ACTS = ("board.p95_ms", "dashboard.p95_ms", "drill.p95_ms", "assign_all.s", "index_recompute.s", "values_import.s")
TOLD = {
    *ACTS,
    "board.cpu_p95_ms",
    "dashboard.cpu_p95_ms",
    "drill.cpu_p95_ms",
    "assign_all.cpu_s",
    "index_recompute.cpu_s",
    "values_import.cpu_s",
    "values_import.ratio_to_raw",
    "memory",
    "rows",
    "rows.plans",
    "rows.tasks",
    "rows.values",
    "rows.statements",
    "rows.units",
}
GROWTH = {f"{key.partition('.')[0]}.growth" for key in (*ACTS, "memory", "rows")}
TINY = steering.Size(
    people=20, child_plans=70, tasks=140, units=60, communes=30, reporting_units=60, indicators=2, periods=2, rounds=1
)
TINIER = steering.Size(
    people=10, child_plans=7, tasks=14, units=40, communes=6, reporting_units=20, indicators=2, periods=2, rounds=1
)


@pytest.mark.browser
def test_one_run_gives_every_figure_at_both_sizes_and_leaves_nothing_behind(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(steering, "measure", partial(steering.measure, steering.Counts(TINY, TINIER)))
    assert bench.run("steering", as_json=True) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures.keys() == TOLD | {f"{key}_tenth" for key in TOLD} | GROWTH
    assert all(isinstance(value, int | float) and value > 0 for value in figures.values()), figures
    assert figures["rows.values"] == 60 * 2 * 2 + 30 * 6
    assert figures["assign_all.growth"] == figures["assign_all.s"] / figures["assign_all.s_tenth"]
    assert list(Path(tmp_path).glob("hocvuso-bench-*")) == []
