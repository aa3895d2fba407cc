"""Pictures in an article: drawn SVG inlined after cleaning, photographs as responsive `<picture>`."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from lxml import etree
from PIL import ExifTags, Image

from hocvuso.media.pictures import WIDTHS

SVG = "{http://www.w3.org/2000/svg}"
_ALLOWED = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "clipPath",
    "mask", "linearGradient", "radialGradient", "stop", "use", "symbol",
}  # fmt: skip
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


class BadDrawing(ValueError):
    """A file is not an SVG drawing."""


def drawing(path: Path, alt: str) -> str:
    """A cleaned inline SVG: only shapes and text; no scripts, styles, links or events; ids unique by the file name."""
    try:
        root = etree.fromstring(path.read_bytes(), _PARSER)
    except etree.XMLSyntaxError as error:
        raise BadDrawing(f"{path.name}: {error}") from error
    if root.tag != SVG + "svg":
        raise BadDrawing(f"{path.name}: không phải SVG")
    prefix = re.sub(r"\W", "-", path.stem) + "-"
    for element in list(root.iter()):
        _clean(element, prefix)
    for attribute in ("width", "height"):
        root.attrib.pop(attribute, None)
    root.set("class", "pic")
    root.set("role", "img")
    root.set("aria-label", alt)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return re.sub(r">\s+<", "><", text.replace(' xmlns="http://www.w3.org/2000/svg"', "")).strip()


def _clean(element: etree._Element, prefix: str) -> None:
    if not _known(element):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
        return
    for key, value in list(element.attrib.items()):
        kept = _attribute(etree.QName(key).localname, value, prefix)
        if kept is None:
            del element.attrib[key]
        else:
            element.set(key, kept)


def _known(element: etree._Element) -> bool:
    """Whether this is a shape or text of SVG; no entity, foreign element, or title (the page says `alt`)."""
    return isinstance(element.tag, str) and element.tag.removeprefix(SVG) in _ALLOWED


def _attribute(name: str, value: str, prefix: str) -> str | None:
    """The attribute's value as it may stand in a page, or None: nothing that runs, styles, or fetches elsewhere."""
    if name == "style" or name.startswith("on"):
        return None
    if name == "id":
        return prefix + value
    if name == "href":
        return "#" + prefix + value[1:] if value.startswith("#") else None
    if "url(" in value.lower():
        local = re.fullmatch(r"\s*url\(\s*['\"]?#([\w-]+)['\"]?\s*\)\s*", value)
        return f"url(#{prefix}{local.group(1)})" if local else None
    return value


def photograph(path: Path, base: str, alt: str) -> str:
    """A responsive picture; `base` is the address of its renditions."""
    with Image.open(path) as image:
        width, height = image.size
        if image.getexif().get(ExifTags.Base.Orientation, 1) >= 5:  # stored lying; its renditions stand upright
            width, height = height, width
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
