"""Drawings of strangers: whatever a file says, nothing runs, styles or fetches in the page that shows it."""

import re
from xml.sax.saxutils import escape, quoteattr

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.library.rendering import pictures

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
CALLS = ["https://evil.example/x", "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example"]
SPELLINGS = ["on{}", "ON{}", "On{}", "oN{}"]
EVENTS = ["load", "click", "error", "begin", "end", "repeat", "focusin", "activate", "mouseover", "animationstart"]
HREFS = ["href", "HREF", "Href", "xlink:href", "xlink:HREF", "xl:href", "src", "SRC", "xlink:role", "xml:base"]
STYLES = ["style", "STYLE", "Style", "sTyLe"]
FETCHING = ["fill", "stroke", "clip-path", "mask", "filter", "marker-start", "cursor", "FILL", "Clip-Path"]
CSS = [
    "url(https://evil.example/x)",
    "URL(https://evil.example/x)",
    "\\75rl(https://evil.example/x)",
    "u\\72l(https://evil.example/x)",
    "image-set('https://evil.example/x' 1x)",
    "src('https://evil.example/x')",
    "url(#a) url(https://evil.example/x)",
    "var(--x, url(https://evil.example/x))",
    "expression(alert(1))",
]
ELEMENTS = [
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<a href='https://evil.example/'><text>x</text></a>",
    "<A xlink:href='javascript:alert(1)'><text>x</text></A>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/></foreignObject>",
    "<image href='https://evil.example/x.png'/>",
    "<feImage href='https://evil.example/x.png'/>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<animate attributeName='href' to='javascript:alert(1)'/>",
    "<set attributeName='onload' to='alert(1)'/>",
    "<handler>alert(1)</handler>",
    "<iframe src='https://evil.example/'/>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "<h:g xmlns:h='http://www.w3.org/1999/xhtml' onload='alert(1)'/>",
    "<title><![CDATA[</title><script>alert(1)</script>]]></title>",
    "<text><![CDATA[</text></svg><script>alert(1)</script>]]></text>",
    "<use href='https://evil.example/x.svg#a'/>",
    "<?xml-stylesheet href='https://evil.example/x.css'?>",
    "<!--><script>alert(1)</script>-->",
]
SAFE_VALUE = re.compile(r"(?:url\(#[\w-]+\)|#?[^\\(]*|(?:\s*(?:rotate|translate|scale|matrix|rgb)\([^()\\]*\))+)", re.S)


def written(folder, inner, attributes="", head=""):
    file = folder / "hinh.svg"
    file.write_text(f"{head}<svg {NS} {attributes}>{inner}</svg>", encoding="utf-8")
    return file


def is_harmless(html):
    """What a browser makes of it: known shapes, known attributes, no outside address, no escape out of the drawing."""
    page = lxml.html.fragments_fromstring(f"<div>{html}</div>")
    assert len(page) == 1 and len(page[0]) == 1
    for element in page[0].iter():
        assert element.tag in {"div"} | {name.lower() for name in pictures.ALLOWED}
        for name, value in element.attrib.items():
            name = name.lower()
            assert not name.startswith("on") and name not in ("style", "src") and ":" not in name
            assert name in {"id", "href", "role", "aria-label"} | {known.lower() for known in pictures.ATTRIBUTES}
            assert name != "href" or value.startswith("#hinh-")
            assert name == "aria-label" or SAFE_VALUE.fullmatch(value), value
    return True


def hostile():
    for event in EVENTS:
        yield from (f"<rect {spelling.format(event)}='alert(1)'/>" for spelling in SPELLINGS)
    for name in HREFS:
        for call in CALLS:
            called = call.replace("<", "&lt;")
            yield from (
                f"<{element} xmlns:xl='http://www.w3.org/1999/xlink' {name}='{called}'/>" for element in ("g", "use")
            )
    for name in STYLES:
        yield from (f"<rect {name}='background:{css}'/>" for css in (c.replace("'", "&quot;") for c in CSS))
    for name in FETCHING:
        yield from (f"<rect {name}='{css}'/>" for css in (c.replace("'", "&quot;") for c in CSS))
    yield from ELEMENTS


@pytest.mark.parametrize("inner", list(hostile()))
def test_a_hostile_drawing_is_harmless(tmp_path, inner):
    html = pictures.drawing(written(tmp_path, f'<path d="M0 0"/>{inner}'), "mô tả")
    assert is_harmless(html) and "evil" not in html and "alert(1)" not in html.replace("&lt;script&gt;alert(1)", "")
    assert 'd="M0 0"' in html


@pytest.mark.parametrize("spelling", ["ONLOAD", "OnLoad", "onload", "STYLE", "HREF"])
def test_also_in_the_outermost_element(tmp_path, spelling):
    assert is_harmless(pictures.drawing(written(tmp_path, "", f'{spelling}="alert(1)"'), "mô tả"))


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE svg [<!ENTITY x 'javascript:alert(1)'>]>",
        "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE svg [<!ENTITY % x SYSTEM 'https://evil.example/x.dtd'>]>",
        "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>",
    ],
)
def test_who_declares_entities_is_refused(tmp_path, head):
    with pytest.raises(pictures.BadDrawing, match="ENTITY"):
        pictures.drawing(written(tmp_path, "<g/>", head=head), "mô tả")


@pytest.mark.parametrize(
    "again",
    [
        "".join(f'<g id="a{n}">{f"""<use href="#a{n + 1}"/>""" * 2}</g>' for n in range(30)) + '<g id="a30"/>',
        "".join(f'<mask id="a{n}">{f"""<g mask="url(#a{n + 1})"/>""" * 9}</mask>' for n in range(9)) + '<g id="a9"/>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    ],
)
def test_what_would_draw_itself_without_end_is_refused(tmp_path, again):
    """A phone would stand still over it, whoever opens the lesson."""
    with pytest.raises(pictures.BadDrawing, match="vẽ lại"):
        pictures.drawing(written(tmp_path, again + '<use href="#a0"/>'), "mô tả")


def test_a_document_type_alone_is_how_old_drawing_programs_write(tmp_path):
    head = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert is_harmless(pictures.drawing(written(tmp_path, '<g fill="red"/>', head=head), "mô tả"))


def test_a_prefix_for_svg_is_read_as_svg_itself(tmp_path):
    file = tmp_path / "hinh.svg"
    file.write_text('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:path d="M1 1" s:onload="alert(1)"/></s:svg>')
    assert pictures.drawing(file, "a") == '<svg class="pic" role="img" aria-label="a"><path d="M1 1"/></svg>'


def test_what_a_drawing_needs_stays(tmp_path):
    inner = (
        '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
        '<rect fill="url(#a)" transform="rotate(45) translate(1,2)" class="pic-line"/><use xlink:href="#a"/>'
    )
    html = pictures.drawing(written(tmp_path, inner), "mô tả")
    assert 'id="hinh-a"' in html and 'fill="url(#hinh-a)"' in html and '<use href="#hinh-a"/>' in html
    assert 'transform="rotate(45) translate(1,2)"' in html and 'class="pic-line"' in html


WORDS = st.sampled_from([*EVENTS, *HREFS, *STYLES, *FETCHING, "id", "class", "data-x", "d", "viewBox", "ONLOAD", "onX"])
VALUES = st.sampled_from([*CALLS, *CSS, "#a", "url(#a)", "red", "rotate(1)"]) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20
)
TAGS = st.sampled_from([*pictures.ALLOWED, "script", "a", "image", "style", "SVG", "foreignObject", "animate"])


@given(st.lists(st.tuples(TAGS, WORDS, VALUES, VALUES), max_size=6))
def test_whatever_is_put_together_is_harmless(tmp_path_factory, parts):
    inner = "".join(
        f"<{tag} xmlns:xl='http://www.w3.org/1999/xlink' {name}={quoteattr(value)}>{escape(text)}</{tag}>"
        for tag, name, value, text in parts
    )
    assert is_harmless(pictures.drawing(written(tmp_path_factory.getbasetemp(), inner), "mô tả"))
