"""The browser reads numbers and compares names as the server does: one table of cases, two readers."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

CASES = Path(__file__).parent / "cases"
SCRIPT = settings.ROOT / "frontend/src/js/reading.js"


@pytest.fixture(scope="module")
def browser():
    """What the page's own script makes of a list of calls."""

    def ask(calls):
        script = json.dumps("data:text/javascript;base64," + b64encode(SCRIPT.read_bytes()).decode())
        program = f"""import * as reading from {script};
            import {{ readFileSync }} from "node:fs";
            const calls = JSON.parse(readFileSync(0, "utf8"));
            console.log(JSON.stringify(calls.map(([name, ...given]) => reading[name](...given))));"""
        command = ["node", "--input-type=module", "-e", program]
        done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return ask


def test_numbers(browser):
    cases = json.loads((CASES / "numbers.json").read_text())["read"]
    found = browser([["readNumber", text, language] for language, text, _number in cases])
    wanted = [None if number is None else float(Decimal(number)) for _language, _text, number in cases]
    assert list(zip(cases, found, strict=True)) == list(zip(cases, wanted, strict=True))


def test_names(browser):
    cases = json.loads((CASES / "texts.json").read_text())
    for alike, pairs in ((True, cases["same"]), (False, cases["different"])):
        found = browser([["same", text] for pair in pairs for text in pair])
        assert [one == other for one, other in zip(found[::2], found[1::2], strict=True)] == [alike] * len(pairs)
