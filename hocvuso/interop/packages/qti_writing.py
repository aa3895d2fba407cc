"""Packages of QTI 2.1 and 3.0: an item a file, a test that holds them in order, a manifest that says what they are of.

The same items give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from lxml import etree

from hocvuso.library.source.schema import ItemSource

from .qti import MANIFEST, TOOL
from .tags import title_of
from .texts import clean

_XML = "{http://www.w3.org/XML/1998/namespace}lang"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_LEVELS = {"easy": "easy", "medium": "medium", "hard": "difficult"}
_USES = {"check": "self assessment", "test": "exam"}
_CARDINALITIES = {"choice": "single", "multi": "multiple", "order": "ordered"}
_HTML = frozenset({"br"})
_DAY = (1980, 1, 1, 0, 0, 0)


class _Version:
    """How a version of QTI names its parts."""

    def __init__(self, number: str) -> None:
        self.kebab = number == "3.0"
        point = number.replace(".", "p")
        self.items = f"http://www.imsglobal.org/xsd/{'imsqtiasi' if self.kebab else 'imsqti'}_v{point}"
        cp = "qti/qtiv3p0/imscp_v1p1" if self.kebab else "imscp_v1p1"
        self.package = f"http://www.imsglobal.org/xsd/{cp}"
        self.schema = ("QTI Package", "3.0.0") if self.kebab else ("QTIv2.1 Package", "1.0.0")
        self.kind = "imsqti_{}_xmlv" + point

    def element(self, parent: Any, name: str, text: str = "", **attributes: str) -> Any:
        """An element and its attributes, named as QTI 2 does it; the ends of lines of its text are <br/>."""
        tag = f"{{{self.items}}}{self._named(name)}"
        made = etree.Element(tag, nsmap={None: self.items}) if parent is None else etree.SubElement(parent, tag)
        for key, value in attributes.items():
            made.set(_kebab(key) if self.kebab else key, value)
        lines = clean(text).split("\n")
        made.text = lines[0] or None
        for line in lines[1:]:
            etree.SubElement(made, f"{{{self.items}}}br").tail = line
        return made

    def _named(self, name: str) -> str:
        return f"qti-{_kebab(name)}" if self.kebab else name


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: f"-{match[0].lower()}", name)


def write(items: Sequence[ItemSource], title: str, number: str) -> bytes:
    """The items as a ZIP of QTI `2.1` or `3.0`."""
    version = _Version(number)
    files = {f"items/{place:03d}-{item.key}.xml": item for place, item in enumerate(items, start=1)}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, MANIFEST, _manifest(version, files))
        _put(archive, "test.xml", _test(version, files, title))
        for name, item in files.items():
            _put(archive, name, _item(version, item))
    return packed.getvalue()


def _put(archive: zipfile.ZipFile, name: str, root: Any) -> None:
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
    archive.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)


# --- one item -------------------------------------------------------------------------------


def _item(version: _Version, item: ItemSource) -> Any:
    root = version.element(
        None, "assessmentItem", identifier=item.key, title=title_of(item), adaptive="false", timeDependent="false",
        toolName=TOOL, toolVersion="1",
    )  # fmt: skip
    root.set(_XML, "vi")
    texts = sorted(item.sequence) if item.type == "order" else [option.text for option in item.options]
    names = {text: _name(place) for place, text in enumerate(texts)}
    right = item.sequence if item.type == "order" else [option.text for option in item.options if option.right]
    _declared(version, root, item, [names[text] for text in right])
    body = version.element(root, "itemBody")
    _asked(version, body, item, names)
    _processed(version, root, item)
    whys = [(names[option.text], option.why) for option in item.options if option.why]
    for name, why in [*whys, ("why", item.why)]:
        _said(version, root, name, why)
    return root


def _name(place: int) -> str:
    """A, B, … as the identifier of an option."""
    return chr(ord("A") + place) if place < 26 else f"A{place}"


def _declared(version: _Version, root: Any, item: ItemSource, right: list[str]) -> None:
    response = version.element(
        root, "responseDeclaration",
        identifier="RESPONSE", cardinality=_CARDINALITIES[item.type], baseType="identifier",
    )  # fmt: skip
    correct = version.element(response, "correctResponse")
    for name in right:
        version.element(correct, "value", name)
    for name, value in (("SCORE", "0"), ("MAXSCORE", "1")):
        outcome = version.element(root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float")
        version.element(version.element(outcome, "defaultValue"), "value", value)
    version.element(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")


def _asked(version: _Version, body: Any, item: ItemSource, names: dict[str, str]) -> None:
    ordered = item.type == "order"
    shuffle = str(ordered or item.use == "test").lower()
    interaction = version.element(
        body, "orderInteraction" if ordered else "choiceInteraction", responseIdentifier="RESPONSE", shuffle=shuffle
    )
    if not ordered:
        interaction.set("max-choices" if version.kebab else "maxChoices", "1" if item.type == "choice" else "0")
    version.element(interaction, "prompt", item.stem)
    for text, name in names.items():
        version.element(interaction, "simpleChoice", text, identifier=name)


def _processed(version: _Version, root: Any, item: ItemSource) -> None:
    """A mark for the whole answer, and the feedback of the question and of the options that were chosen."""
    processing = version.element(root, "responseProcessing")
    condition = version.element(version.element(processing, "responseCondition"), "responseIf")
    match = version.element(condition, "match")
    version.element(match, "variable", identifier="RESPONSE")
    version.element(match, "correct", identifier="RESPONSE")
    mark = version.element(condition, "setOutcomeValue", identifier="SCORE")
    version.element(mark, "variable", identifier="MAXSCORE")
    feedback = version.element(processing, "setOutcomeValue", identifier="FEEDBACK")
    multiple = version.element(feedback, "multiple")
    if item.type != "order":
        version.element(multiple, "variable", identifier="RESPONSE")
    version.element(multiple, "baseValue", "why", baseType="identifier")


def _said(version: _Version, root: Any, name: str, text: str) -> None:
    about = {"outcomeIdentifier": "FEEDBACK", "showHide": "show", "identifier": name}
    if version.kebab:
        version.element(version.element(root, "modalFeedback", **about), "contentBody", text)
    else:
        version.element(root, "modalFeedback", text, **about)


# --- what holds them ------------------------------------------------------------------------


def _test(version: _Version, files: dict[str, ItemSource], title: str) -> Any:
    title = " ".join(clean(title).split()) or "Câu hỏi"
    root = version.element(None, "assessmentTest", identifier="test", title=title, toolName=TOOL, toolVersion="1")
    part = version.element(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    section = version.element(part, "assessmentSection", identifier="section", title=title, visible="true")
    for name in files:
        version.element(section, "assessmentItemRef", identifier=_resource(name), href=name)
    return root


def _resource(name: str) -> str:
    return "item-" + name[len("items/") : -len(".xml")]


def _manifest(version: _Version, files: dict[str, ItemSource]) -> Any:
    root = etree.Element(f"{{{version.package}}}manifest", nsmap={None: version.package}, identifier="manifest")
    about = _part(root, "metadata")
    for name, value in zip(("schema", "schemaversion"), version.schema, strict=True):
        _part(about, name).text = value
    _part(root, "organizations")
    resources = _part(root, "resources")
    test = _part(resources, "resource", identifier="test", type=version.kind.format("test"), href="test.xml")
    _part(test, "file", href="test.xml")
    for name in files:
        _part(test, "dependency", identifierref=_resource(name))
    for name, item in files.items():
        kind = version.kind.format("item")
        resource = _part(resources, "resource", identifier=_resource(name), type=kind, href=name)
        _part(resource, "metadata").append(_lom(item))
        _part(resource, "file", href=name)
    etree.indent(root)
    return root


def _part(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{parent.tag[1:].partition('}')[0]}}}{name}", attributes)


def _lom(item: ItemSource) -> Any:
    """What an item is of, as metadata of learning objects (IEEE LOM)."""
    lom = etree.Element(f"{{{_LOM}}}lom", nsmap={None: _LOM})
    educational = _part(lom, "educational")
    for name, value in (("learningResourceType", _USES[item.use]), ("difficulty", _LEVELS[item.difficulty])):
        _vocabulary(educational, name, value)
    classification = _part(lom, "classification")
    _vocabulary(classification, "purpose", "competency")
    path = _part(classification, "taxonPath")
    _part(_part(path, "source"), "string", language="vi").text = TOOL
    _part(_part(path, "taxon"), "id").text = item.outcome
    return lom


def _vocabulary(parent: Any, name: str, value: str) -> None:
    made = _part(parent, name)
    _part(made, "source").text = "LOMv1.0"
    _part(made, "value").text = value
