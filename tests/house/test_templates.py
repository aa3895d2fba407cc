"""How templates are written: read line by line, by people."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "hocvuso"
LINE = 160
ADDRESS = re.compile(r'(?:"|%\})/[\w".?]|(?:href|action)="\{\{[^"]*\}\}/\w')  # of ours, typed in place of its name
BLOCK = re.compile(r"<(?:p|div|li|ul|ol|table|thead|tbody|tr|td|th|dl|dt|dd|section|form|h[1-6]|nav|details)\b")


def lines():
    """(where, line) of every template; the example of an index is YAML, not a page."""
    for path in sorted(ROOT.rglob("*.html")):
        if path.name != "example.html":
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_line_of_a_template_is_too_long_to_read():
    assert not [where for where, line in lines() if len(line) > LINE], "make format, then break what is left"


def test_a_line_opens_one_block_of_a_page():
    assert not [where for where, line in lines() if len(BLOCK.findall(line)) > 1]


def test_a_page_says_the_name_of_an_address():
    assert not [where for where, line in lines() if ADDRESS.search(line)], '{% url "name" %}'
