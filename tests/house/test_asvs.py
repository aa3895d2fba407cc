"""The table of OWASP ASVS in docs/security.md says of every requirement how it stands, and names what shows it."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
IDS = dict(line.split() for line in (Path(__file__).parent / "asvs_5_0.txt").read_text("utf-8").splitlines())
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]*) \| (.*) \|$", TEXT, re.M)
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.\w+|pyproject\.toml)`|\]\((#[\w-]+)\)")


def test_every_requirement_of_levels_1_and_2_stands_there_once():
    assert {key: level for key, level, _state, _words in ROWS} == IDS and len(ROWS) == len(IDS)


def test_what_is_met_or_partly_names_what_shows_it():
    assert {state for _key, _level, state, _words in ROWS} == {"met", "partly", "not", "n/a"}
    for key, _level, state, words in ROWS:
        assert words and (state == "n/a" or state == "not" or NAMED.search(words) or "no s" in words), key


def test_every_file_that_a_row_names_is_there():
    files = ["/" + str(path.relative_to(ROOT)) for folder in ("hocvuso", "tests", "docs", "frontend/src")
             for path in (ROOT / folder).rglob("*.*")] + ["/pyproject.toml"]  # fmt: skip
    for key, _level, _state, words in ROWS:
        for name, _anchor in NAMED.findall(words):
            assert not name or any(file.endswith("/" + name) for file in files), f"{key}: {name}"


def test_the_sums_by_chapter_are_those_of_the_rows():
    counted = Counter((key.split(".")[0], state) for key, _level, state, _words in ROWS)
    sums = re.findall(r"^\| (V\d+) [^|]*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", TEXT, re.M)
    assert len(sums) == 17
    for chapter, *told in sums:
        assert [counted[chapter, state] for state in ("met", "partly", "not", "n/a")] == [int(n) for n in told], chapter
