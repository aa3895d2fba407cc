"""What is pure in our JavaScript is tested by Node itself: frontend/tests/**/*.test.mjs."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = sorted((ROOT / "frontend" / "tests").rglob("*.test.mjs"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_by_node(path):
    run = subprocess.run(["node", "--test", "--test-reporter=spec", path], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr
