"""How templates are written: read line by line, by people."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "hocvuso"
LINE = 160
ADDRESS = re.compile(r'(?:"|%\})/[\w".?]|(?:href|action)="\{\{[^"]*\}\}/\w')  # of ours, typed in place of its name
BLOCK = re.compile(r"<(?:p|div|li|ul|ol|table|thead|tbody|tr|td|th|dl|dt|dd|section|form|h[1-6]|nav|details)\b")

# What is put into a page as markup, and who made it; all else is escaped.
MARKUP = {
    "web/kit/lesson_page.html": "the article, cleaned as it is published",
    "web/studio/drafts/preview.html": "the same while it is written",
    "web/studio/editions/preview.html": "the same before it is published",
    "web/learn/lessons/slides.html": "the slides, cleaned as they are published, and the QR code as segno draws it",
    "web/learn/lessons/guide.html": "the guide, cleaned as it is published",
    "web/learn/my_learning/reviews.html": "questions of published lessons, cut out of their pages",
    "web/account/signin/totp.html": "the QR code as segno draws it",
    "web/public/verification/checker.html": "the issuer's keys as JSON: letters, digits and days",
    "web/kit/templatetags/kit.py": "our own drawings",
    "web/kit/forms/rendering.py": "an input, all of it escaped",
    "js/office/rows.js": "a row of the page's own form, made blank",
}
PUT_IN = re.compile(
    r"\|safe(?:seq)?\b|autoescape\s+off|\bmark_safe\(|\.(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write(?:ln)?\("
)


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


def test_only_markup_that_we_made_is_put_in_as_such():
    scripts = ROOT.parent / "frontend" / "src"
    files = [(ROOT, path) for kind in ("*.html", "*.py") for path in ROOT.rglob(kind) if "tests" not in path.parts]
    files += [(scripts, path) for path in scripts.rglob("*.js")]
    found = {path.relative_to(top).as_posix() for top, path in files if PUT_IN.search(path.read_text("utf-8"))}
    assert found == set(MARKUP)
