"""Pictures in an article: drawn SVG inlined after cleaning, photographs as responsive `<picture>`."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from lxml import etree

from hocvuso.media.pictures import WIDTHS, size_of

MAX_BYTES = 2 * 1024 * 1024
SVG = "{http://www.w3.org/2000/svg}"
_HREF = {"href", "{http://www.w3.org/1999/xlink}href"}
ALLOWED = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "clipPath",
    "mask", "linearGradient", "radialGradient", "stop", "use", "symbol",
}  # fmt: skip
# Named one by one, as they are written: HTML reads names in capitals too, so what is not known here is not harmless.
ATTRIBUTES = {
    "class", "clip-path", "clip-rule", "clipPathUnits", "cx", "cy", "d", "dominant-baseline", "dx", "dy", "fill",
    "fill-opacity", "fill-rule", "font-family", "font-size", "font-style", "font-weight", "fr", "fx", "fy",
    "gradientTransform", "gradientUnits", "height", "letter-spacing", "mask", "maskContentUnits", "maskUnits", "offset",
    "opacity", "paint-order", "pathLength", "points", "preserveAspectRatio", "r", "rotate", "rx", "ry", "spreadMethod",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "text-decoration",
    "textLength", "lengthAdjust", "transform", "vector-effect", "viewBox", "visibility", "width", "word-spacing", "x",
    "x1", "x2", "y", "y1", "y2",
}  # fmt: skip
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewX", "skewY"}
_ID = re.compile(r"[\w.:-]+")
_LOCAL = re.compile(r"\s*url\(\s*['\"]?#([\w-]+)['\"]?\s*\)\s*")
_POINTS = re.compile(r"(?:url\()?#([\w.:-]+)\)?")
MOST_DRAWN, DEEPEST = 50_000, 10
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


class BadDrawing(ValueError):
    """A file is not an SVG drawing."""


def drawing(path: Path, alt: str) -> str:
    """A cleaned inline SVG: only shapes and text; no scripts, styles, links or events; ids unique by the file name.

    Raises BadDrawing for what is no SVG, and for one that declares entities: an attribute would hide what it says.
    """
    if path.stat().st_size > MAX_BYTES:
        raise BadDrawing(f"{path.name}: SVG lớn hơn {MAX_BYTES // 1024} KB")
    return drawn(path.read_bytes(), path, alt)


def drawn(content: bytes, path: Path, alt: str) -> str:
    """What `drawing` makes of a file with this content. Raises BadDrawing."""
    try:
        given = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise BadDrawing(f"{path.name}: {error}") from error
    if given.tag != SVG + "svg":
        raise BadDrawing(f"{path.name}: không phải SVG")
    declared = given.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        raise BadDrawing(f"{path.name}: SVG không được khai báo thực thể (ENTITY)")
    root = _cleaned(given, re.sub(r"\W", "-", path.stem) + "-")
    if _drawn(root) > MOST_DRAWN:
        raise BadDrawing(f"{path.name}: SVG vẽ lại các phần của nó quá nhiều lần")
    for attribute in ("width", "height"):
        root.attrib.pop(attribute, None)
    root.set("class", "pic")
    root.set("role", "img")
    root.set("aria-label", alt)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return re.sub(r">\s+<", "><", text).strip()


def try_drawing(content: bytes) -> bytes:
    """Nothing, of an SVG that can be drawn. Runs apart, knowing nothing of the site. Raises BadDrawing."""
    drawn(content, Path("hinh.svg"), "")
    return b""


def _cleaned(given: etree._Element, prefix: str) -> etree._Element:
    """A new element without namespaces, made of what is known: nothing is carried over by being overlooked."""
    made = etree.Element(_name(given))
    for key, value in given.attrib.items():
        name = "href" if key in _HREF else str(key)
        kept = _attribute(name, value, prefix)
        if kept is not None:
            made.set(name, kept)
    made.text = given.text
    for child in given:
        if _name(child) in ALLOWED:
            made.append(_cleaned(child, prefix))
            made[-1].tail = child.tail
    return made


def _drawn(root: etree._Element) -> int:
    """How many shapes a browser draws: what is pointed at (`use`, masks, clips) is drawn again each time.

    More than `MOST_DRAWN` for what points at what points at it, or is drawn more often than anybody would wait for.
    """
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[str | None, int] = {}

    def of(element: etree._Element, depth: int) -> int:
        count = 0
        for part in element.iter():
            count += 1
            for value in part.attrib.values():
                name = (_POINTS.fullmatch(str(value)) or ("", None))[1]
                if name in named and count <= MOST_DRAWN:
                    if name not in known:
                        known[name] = MOST_DRAWN + 1 if depth == DEEPEST else of(named[name], depth + 1)
                    count += known[name]
        return count

    return of(root, 0)


def _name(element: etree._Element) -> str:
    """The name of a shape or text of SVG; of an entity or an element of another kind, none that is allowed."""
    return element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""


def _attribute(name: str, value: str, prefix: str) -> str | None:
    """The attribute's value as it may stand in a page, or None: nothing that runs, styles, or fetches elsewhere."""
    if name == "id":
        return prefix + value if _ID.fullmatch(value) else None
    if name == "href":
        return "#" + prefix + value[1:] if value.startswith("#") and _ID.fullmatch(value[1:]) else None
    if name not in ATTRIBUTES:
        return None
    if local := _LOCAL.fullmatch(value):
        return f"url(#{prefix}{local.group(1)})"
    # A backslash is an escape of CSS, which can spell any function; a function not named here may fetch.
    if "\\" in value or not set(_called(value)) <= _FUNCTIONS:
        return None
    return value


def _called(value: str) -> list[str]:
    """What stands before each parenthesis; of a long value as quickly as of a short one."""
    before = [piece.rstrip() for piece in value.split("(")[:-1]]
    return [piece[max((piece.rfind(sign) for sign in " \t\n\r\f\v,;()"), default=-1) + 1 :] for piece in before]


def photograph(path: Path, base: str, alt: str) -> str:
    """A responsive picture; `base` is the address of its renditions."""
    width, height = size_of(path)
    sources = "".join(
        f'<source type="image/{kind}" srcset="'
        + ", ".join(f"{base}/{w}.{kind} {w}w" for w in WIDTHS)
        + '" sizes="(max-width: 45rem) 100vw, 42rem">'
        for kind in ("avif", "webp")
    )
    fallback = (
        f'<img src="{base}/{WIDTHS[-1]}.webp" alt="{escape(alt)}" width="{width}" height="{height}" loading="lazy">'
    )
    return f"<picture>{sources}{fallback}</picture>"
