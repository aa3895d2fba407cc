"""What holds for every page: what was typed is read by a form."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "hocvuso" / "web"
READING = re.compile(r"\brequest\.POST\b|\bQueryDict\b")


def test_what_was_typed_is_read_by_forms():
    found = {}
    for file in WEB.rglob("*.py"):
        name = file.relative_to(WEB).as_posix()
        if "/tests/" in name or name.startswith("kit/forms/"):
            continue
        if count := len(READING.findall(file.read_text())):
            found[name] = count
    assert not found, "use a form (CONTRIBUTING, “A page with a form”)"
