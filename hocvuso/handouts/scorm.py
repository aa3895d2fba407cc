"""A lesson or a programme for other learning systems: SCORM 1.2 and SCORM 2004 4th edition.

Each lesson is one SCO: the site's own page of it, with the site's own practice, checks and styles; `scorm.js`
(frontend/src/js/scorm) tells the system how far somebody is.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree

from hocvuso.library.publishing.sources import pack

from . import bundles
from .bundles import Lesson, Whole

DIST = Path(__file__).resolve().parents[2] / "frontend" / "dist"
SHARED = ("app.css", "scorm.js")
MANIFEST = "imsmanifest.xml"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)


class _Version:
    """How a version of SCORM names its parts."""

    def __init__(self, number: str) -> None:
        self.later = number == "2004"
        self.said = "2004 4th Edition" if self.later else "1.2"
        self.kind = "scormType" if self.later else "scormtype"
        if self.later:
            self.cp = "http://www.imsglobal.org/xsd/imscp_v1p1"
            self.adl = "http://www.adlnet.org/xsd/adlcp_v1p3"
            self.sss = "http://www.imsglobal.org/xsd/imsss"
            self.schemas = {self.cp: "imscp_v1p1.xsd", self.adl: "adlcp_v1p3.xsd", self.sss: "imsss_v1p0.xsd"}
            self.spaces = {None: self.cp, "adlcp": self.adl, "imsss": self.sss, "xsi": _XSI}
        else:
            self.cp = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
            self.adl = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
            self.schemas = {self.cp: "imscp_rootv1p1p2.xsd", self.adl: "adlcp_rootv1p2.xsd"}
            self.spaces = {None: self.cp, "adlcp": self.adl, "xsi": _XSI}

    def part(self, parent: Any, name: str, text: str = "", **attributes: str) -> Any:
        """An element of the manifest."""
        made = etree.SubElement(parent, f"{{{self.cp}}}{name}", attributes)
        made.text = text or None
        return made


def write(whole: Whole, number: str) -> bytes:
    """The package for SCORM `1.2` or `2004`; the same edition and the same front end give the same bytes."""
    files = pages(whole)
    return pack(files | {MANIFEST: _manifest(_Version(number), whole, sorted(files))})


# --- pages ----------------------------------------------------------------------------------


def pages(whole: Whole) -> dict[str, bytes]:
    """The pages of all lessons, with what they need: scripts, styles, photographs, the licence."""
    files = {f"shared/{name}": (DIST / name).read_bytes() for name in SHARED}
    files["licence.txt"] = f"{whole.attribution}\n".encode()
    for lesson in whole.lessons:
        files[f"{lesson.key}.html"] = _page(whole, lesson, files).encode()
    return files


def _page(whole: Whole, lesson: Lesson, files: dict[str, bytes]) -> str:
    def photograph(match: re.Match[str]) -> str:
        image = bundles.tree(match[0]).find(".//img")
        alt = escape(image.get("alt", ""))
        found = whole.photograph(image.get("src", ""))
        if found is None:
            return f"<p>{alt}</p>"
        files[f"shared/{found[0]}"] = found[1]
        return f'<img src="shared/{found[0]}" alt="{alt}" loading="lazy">'

    address = f"{whole.content['key']}/{lesson.key}"
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(lesson.title)}</title>'
        f'<link rel="stylesheet" href="shared/app.css"></head>'
        f'<body data-lesson="{address}" data-edition="{whole.bundle[:16]}">'
        f'<main class="wrap" id="noi-dung"><div class="lesson narrow"><h1>{escape(lesson.title)}</h1>'
        f'<p class="promise">{escape(lesson.about["promise"])}</p>'
        f'<div class="article" lang="vi">{_PICTURE.sub(photograph, lesson.article)}</div>{_end(lesson)}'
        f'<p class="small">{escape(whole.attribution)}</p></div></main>'
        f'<script src="shared/scorm.js"></script></body></html>\n'
    )


def _end(lesson: Lesson) -> str:
    """What `lesson/end.js` shows when all is done."""
    tonight = lesson.about.get("tonight")
    card = f'<div class="card"><h3>Tối nay, thử một việc thật</h3><p>{escape(tonight)}</p></div>' if tonight else ""
    return (
        '<section class="end" data-end hidden aria-labelledby="end-well"><p class="end-done">Bạn đã xong bài này.</p>'
        '<div data-well><h2 id="end-well">Bạn làm được rồi!</h2></div>'
        '<div data-weak hidden><h2 id="end-weak">Thử lại một chút nhé</h2>'
        "<p>Làm lại những phần này một lần nữa là chắc:</p><ul data-again></ul></div>"
        f'{card}<div class="dock"></div></section>'
    )


# --- the manifest ---------------------------------------------------------------------------


def _manifest(version: _Version, whole: Whole, files: list[str]) -> bytes:
    root = etree.Element(
        f"{{{version.cp}}}manifest", nsmap=version.spaces, identifier=f"hocvuso-{whole.id}", version="1"
    )
    places = " ".join(f"{space} {file}" for space, file in version.schemas.items())
    root.set(f"{{{_XSI}}}schemaLocation", places)
    about = version.part(root, "metadata")
    version.part(about, "schema", "ADL SCORM")
    version.part(about, "schemaversion", version.said)
    organizations = version.part(root, "organizations", default="programme")
    organization = version.part(organizations, "organization", identifier="programme")
    version.part(organization, "title", whole.title)
    _items(version, organization, whole)
    resources = version.part(root, "resources")
    for lesson in whole.lessons:
        _resource(version, resources, lesson, files)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _items(version: _Version, organization: Any, whole: Whole) -> None:
    """The modules with their lessons; of a lesson alone only itself."""
    for module, lessons in whole.modules():
        parent = organization
        if not whole.alone:
            parent = version.part(organization, "item", identifier=f"module-{module['key']}")
            version.part(parent, "title", module["title"])
        for lesson in lessons:
            names = {"identifier": f"item-{lesson.key}", "identifierref": f"sco-{lesson.key}"}
            item = version.part(parent, "item", **names)
            version.part(item, "title", lesson.title)
            _sequenced(version, item, "deliveryControls", completionSetByContent="true", objectiveSetByContent="true")
        if not whole.alone:
            _sequenced(version, parent, "controlMode", choice="true", flow="true")
    _sequenced(version, organization, "controlMode", choice="true", flow="true")


def _sequenced(version: _Version, item: Any, name: str, **how: str) -> None:
    """Everything may be chosen at any time; SCORM 1.2 knows nothing else."""
    if version.later:
        sequencing = etree.SubElement(item, f"{{{version.sss}}}sequencing")
        etree.SubElement(sequencing, f"{{{version.sss}}}{name}", how)


def _resource(version: _Version, resources: Any, lesson: Lesson, files: list[str]) -> None:
    page = f"{lesson.key}.html"
    made = version.part(resources, "resource", identifier=f"sco-{lesson.key}", type="webcontent", href=page)
    made.set(f"{{{version.adl}}}{version.kind}", "sco")
    for file in [page, *(file for file in files if file.startswith("shared/") or file == "licence.txt")]:
        version.part(made, "file", href=file)
