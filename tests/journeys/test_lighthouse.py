"""Lighthouse as it measures a phone: performance 95, accessibility and best practices 100."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from .conftest import CHROMIUM, ROOT

LIGHTHOUSE = ROOT / "tests" / "npm" / "node_modules" / "lighthouse" / "cli" / "index.js"
AT_LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}


@pytest.mark.parametrize("path", ["/", "/hoc/ky-nang-so-thiet-yeu/nhan-ra-lua-dao/"], ids=["home", "lesson"])
def test_lighthouse(site, tmp_path, path):
    report = tmp_path / "report.json"
    flags = [
        f"--only-categories={','.join(AT_LEAST)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        "--output=json",
        f"--output-path={report}",
        "--quiet",
    ]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    command = ["node", LIGHTHOUSE, site.url + path, *flags]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    measured = json.loads(report.read_text("utf-8"))
    scores = {name: round(measured["categories"][name]["score"] * 100) for name in AT_LEAST}
    print(scores)
    weak = {name: audit["title"] for name, audit in measured["audits"].items() if audit["score"] not in (None, 1)}
    assert all(scores[name] >= least for name, least in AT_LEAST.items()), (scores, weak)
