"""Learning time is the time in which the page could be seen."""

from __future__ import annotations

import json
import subprocess

import pytest
from django.conf import settings

SCRIPT = settings.ROOT / "frontend/src/js/lesson/time.js"
# A page that is shown and hidden at given seconds; what the lesson records at each asking.
DEVICE = """
let now = 0, tell = () => {};
globalThis.performance = { now: () => now * 1000 };
globalThis.document = { hidden: false, addEventListener: (name, listener) => { tell = listener; } };
const [script, acts] = process.argv.slice(1);
const { duration, seconds } = await import(script);
const told = [];
for (const [at, act] of JSON.parse(acts)) {
  now = at;
  if (act === "ask") told.push(duration());
  else { document.hidden = act === "hide"; tell(); }
}
console.log(JSON.stringify(told));
"""


def told(*acts):
    command = ["node", "--input-type=module", "-e", DEVICE, SCRIPT.as_uri(), json.dumps(acts)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize(
    ("acts", "durations"),
    [
        ([(60, "ask")], ["PT60S"]),
        ([(30, "hide"), (1530, "show"), (1561, "ask")], ["PT61S"]),
        ([(30, "hide"), (1530, "ask")], ["PT30S"]),
        ([(30, "ask"), (40, "hide"), (50, "ask"), (60, "show"), (65, "ask")], ["PT30S", "PT10S", "PT5S"]),
        ([(30, "hide"), (40, "hide"), (50, "show"), (55, "show"), (60, "ask")], ["PT40S"]),
        ([(7200, "ask")], ["PT1800S"]),
    ],
)
def test_only_what_was_in_view_counts(acts, durations):
    assert told(*acts) == durations
