"""Items of QTI 2.x and 3.0 and the packages they come in, read; one reading for all, by the names of QTI 2."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .found import MOST_OPTIONS, BadPackage, Collected, Found, Unfit, weighed
from .texts import Losses, camel, clean, flat, name_of
from .trees import Zip, parsed

TOOL = "hocvuso"
MANIFEST = "imsmanifest.xml"
ITEM = "assessmentItem"
_OUTCOME = re.compile(r"[A-Z]{2,4}-[0-9]{2}")
_DIFFICULTY = {
    "very easy": "easy", "easy": "easy", "medium": "medium", "difficult": "hard", "very difficult": "hard",
}  # fmt: skip
_NAMES = {
    "textEntryInteraction": "câu trả lời ngắn, người học tự gõ",
    "extendedTextInteraction": "câu tự luận",
    "matchInteraction": "câu ghép cặp",
    "associateInteraction": "câu ghép cặp",
    "gapMatchInteraction": "câu kéo chữ vào chỗ trống",
    "inlineChoiceInteraction": "câu chọn chữ vào chỗ trống",
    "hottextInteraction": "câu chọn chữ trong đoạn văn",
    "sliderInteraction": "câu kéo thanh trượt",
    "uploadInteraction": "câu nộp tệp",
    "drawingInteraction": "câu vẽ",
    "mediaInteraction": "câu xem, nghe",
    "customInteraction": "câu có phần mềm riêng",
    "portableCustomInteraction": "câu có phần mềm riêng",
    "endAttemptInteraction": "câu nhiều bước",
    **dict.fromkeys(
        (f"{kind}Interaction" for kind in ("hotspot", "selectPoint", "graphicOrder", "graphicAssociate",
                                           "graphicGapMatch", "positionObject")),
        "câu làm trên hình",
    ),
}  # fmt: skip
_ASIDE = frozenset(
    ("simpleChoice", "feedbackBlock", "feedbackInline", "rubricBlock", "templateBlock", "templateInline", "catalogInfo")
)
_BESIDES = (
    ("assessmentStimulusRef", "bỏ bài đọc, hình đi kèm câu hỏi"),
    ("catalogInfo", "bỏ nội dung trợ năng đi kèm"),
)
_GENERAL = re.compile(r"why|general|solution|explanation|correct|right", re.IGNORECASE)
_WRONG = re.compile(r"incorrect|wrong", re.IGNORECASE)


@dataclass(frozen=True)
class _About:
    """What a manifest says of an item."""

    use: str = ""
    outcome: str = ""
    difficulty: str = ""


def version_of(root: Any) -> str:
    """The version of QTI that an item is written in."""
    if str(root.tag).rpartition("}")[2].startswith("qti-"):
        return "qti30"
    match = re.search(r"imsqti(?:_item)?_v2p([0-9])", str(root.tag))
    return f"qti2{match[1]}" if match else "qti21"


# --- packages -------------------------------------------------------------------------------


def read_package(package: Zip, manifest: str) -> tuple[Collected, str]:
    """The items that a manifest names, and the version of the first one. Raises BadPackage."""
    resources = list(_under(parsed(package.read(manifest)), "resource"))
    collected, versions, others = Collected(), [], 0
    for resource in resources:
        kind, href = resource.get("type", ""), resource.get("href", "")
        if kind.lower().startswith(("imsqti_item", "imsqti_apipitem")):
            file = posixpath.normpath(posixpath.join(posixpath.dirname(manifest), unquote(href)))
            versions += _read_file(package, file, collected, _about(resource))
        else:
            others += bool(href) and not kind.startswith("imsqti_test")
    if not versions:  # some manifests name only the test
        collected, others = Collected(), 0
        for file in package.names:
            versions += _read_file(package, file, collected, _About()) if file.lower().endswith(".xml") else []
    if not versions:
        raise BadPackage(_no_items(resources))
    if others:
        collected.leave(manifest, f"{others} tệp đi kèm (hình, âm thanh, bài đọc) không được nhận")
    return collected, versions[0]


def _read_file(package: Zip, file: str, collected: Collected, about: _About) -> list[str]:
    """Take in the item of a file of a package; gives its version. What cannot be read leaves the others."""
    collected.count()
    if file not in package:
        collected.leave(file, "gói không có tệp này")
        return []
    try:
        root = parsed(package.read(file))
    except BadPackage as error:
        collected.leave(file, f"không nhận câu này: {error}")
        return []
    if name_of(root) != ITEM:
        collected.leave(file, "không phải câu hỏi QTI")
        return []
    read_item(root, file, collected, about)
    return [version_of(root)]


def _no_items(resources: list[Any]) -> str:
    if any(kind.startswith(("imsqti_xmlv1", "imsqti_assessment")) or "imscc" in kind for kind in _kinds(resources)):
        return "gói này có câu hỏi QTI 1.2; hãy xuất ra QTI 2.1 trở lên, hoặc Moodle XML"
    return "trong gói ZIP không có câu hỏi QTI nào đọc được"


def _kinds(resources: list[Any]) -> list[str]:
    return [resource.get("type", "") for resource in resources]


def _about(resource: Any) -> _About:
    lom = next(_under(resource, "lom"), None)
    if lom is None:
        return _About()
    kinds = [_value(kind) for kind in _under(lom, "learningResourceType")]
    levels = [_DIFFICULTY.get(_value(level), "") for level in _under(lom, "difficulty")]
    codes = [code for taxon in _under(lom, "taxon") for code in map(_said, _under(taxon, "id"))]
    return _About(
        use="check" if "self assessment" in kinds else "",
        outcome=next((code for code in codes if _OUTCOME.fullmatch(code)), ""),
        difficulty=next(filter(None, levels), ""),
    )


def _value(element: Any) -> str:
    return next(map(_said, _under(element, "value")), "")


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


# --- items ----------------------------------------------------------------------------------


def read_item(root: Any, where: str, collected: Collected, about: _About | None = None) -> None:
    """Take in one item, or say why not."""
    title = clean(" ".join(root.get("title", "").split()))[:100]
    where = f"{where} “{title}”" if title else where
    try:
        found = _question(root, where)
    except Unfit as error:
        collected.leave(where, f"không nhận câu này: {error}")
        return
    about = about or _About()
    found.key = root.get("identifier", "")
    found.use, found.outcome, found.difficulty = about.use, about.outcome, about.difficulty
    collected.add(found)


def _question(root: Any, where: str) -> Found:
    body = next(_under(root, "itemBody"), None)
    if body is None:
        raise Unfit("không có nội dung (itemBody)")
    if next(_under(root, "templateDeclaration"), None) is not None:
        raise Unfit("câu tạo ngẫu nhiên theo khuôn")
    if root.get("adaptive") == "true":
        raise Unfit("câu nhiều bước (adaptive)")
    interaction = _interaction(body)
    losses, literal = Losses(), _attribute(root, "toolName") == TOOL
    found = Found(where, "", flat(body, losses, skip=_ASIDE, literal=literal))
    choices = list(_under(interaction, "simpleChoice"))
    if len(choices) > MOST_OPTIONS:
        raise Unfit(f"có hơn {MOST_OPTIONS} phương án")
    answer = _answer(root, _attribute(interaction, "responseIdentifier"), found)
    texts = {choice.get("identifier", ""): _line(choice, losses, literal) for choice in choices}
    if name_of(interaction) == "orderInteraction":
        _ordered(found, texts, answer)
    else:
        _chosen(found, texts, answer)
    _explained(found, root, body, list(texts), losses, literal)
    found.losses += [*losses.said(), *(said for name, said in _BESIDES if next(_under(root, name), None) is not None)]
    return found


def _interaction(body: Any) -> Any:
    """The one interaction of an item, of a kind that we have. Raises Unfit."""
    all_ = [element for element in body.iter("{*}*") if name_of(element).endswith("Interaction")]
    if not all_:
        raise Unfit("đoạn chữ không có câu trả lời")
    for interaction in all_:
        if name_of(interaction) not in ("choiceInteraction", "orderInteraction"):
            name = name_of(interaction)
            raise Unfit(_NAMES.get(name, f"kiểu câu {name[:60]!r}"))
    if len(all_) > 1:
        raise Unfit("câu có nhiều phần trả lời")
    return all_[0]


def _answer(root: Any, identifier: str, found: Found) -> dict[str, float]:
    """The right values with their weights, in their order; the cardinality becomes the kind. Raises Unfit."""
    declared = (d for d in _under(root, "responseDeclaration") if d.get("identifier") == identifier)
    declaration = next(declared, None)
    if declaration is None:
        raise Unfit("không có đáp án")
    found.type = {"single": "choice", "multiple": "multi", "ordered": "order"}.get(declaration.get("cardinality"), "")
    right = next(_under(declaration, "correctResponse"), None)
    values = [] if right is None else [_said(value) for value in _under(right, "value")]
    mapped = {
        _attribute(entry, "mapKey"): _attribute(entry, "mappedValue") for entry in _under(declaration, "mapEntry")
    }
    worth = {key: _number(value) for key, value in mapped.items()}
    if not values:
        most = max(worth.values(), default=0.0)
        values = [key for key, value in worth.items() if value > 0 and (found.type != "choice" or value == most)]
    if max(len({value for value in worth.values() if value > 0}), _marks(root)) > 1:
        found.losses.append("bỏ điểm từng phần")
    if not values:
        raise Unfit("không có đáp án")
    return dict.fromkeys(values, 100.0)


def _marks(root: Any) -> int:
    """How many different marks an answer may be given."""
    marks = set()
    for change in _under(root, "setOutcomeValue"):
        if change.get("identifier") == "SCORE":
            marks |= {_number(_said(value)) for value in _under(change, "baseValue")}
    return len({mark for mark in marks if mark > 0})


def _chosen(found: Found, texts: dict[str, str], answer: dict[str, float]) -> None:
    if found.type not in ("choice", "multi"):
        raise Unfit("đáp án không hợp với câu chọn")
    if not set(answer) <= set(texts):
        raise Unfit("đáp án không có trong các phương án")
    _kind, rights, _lost = weighed(found.type == "choice", [answer.get(name, 0.0) for name in texts])
    found.options = [{"text": text, "right": right} for text, right in zip(texts.values(), rights, strict=True)]


def _ordered(found: Found, texts: dict[str, str], answer: dict[str, float]) -> None:
    if found.type != "order" or set(answer) != set(texts):
        raise Unfit("đáp án không phải thứ tự của mọi mục")
    found.sequence = [texts[name] for name in answer]


def _explained(found: Found, root: Any, body: Any, names: list[str], losses: Losses, literal: bool) -> None:
    """Feedback of an option is its why, general feedback that of the question; other feedback has no place."""
    general: list[tuple[str, str]] = []
    elements = [*body.iter("{*}feedbackInline", "{*}qti-feedback-inline", "{*}feedbackBlock", "{*}qti-feedback-block")]
    for element in [*_under(root, "modalFeedback"), *elements]:
        name = element.get("identifier", "")
        said = flat(element, losses, literal=literal)
        option = found.options[names.index(name)] if name in names and found.options else None
        if option and "why" not in option and _attribute(element, "showHide") != "hide":
            option["why"] = said if literal else " ".join(said.split())
        elif said:
            general.append((name, said))
    general.sort(key=lambda one: bool(_WRONG.search(one[0])) or not _GENERAL.search(one[0]))
    if general and not _WRONG.search(general[0][0]):
        found.why = general.pop(0)[1]
    found.losses += [f"bỏ lời báo “{said[:200]}”" for _name, said in general if said != found.why]


def _line(choice: Any, losses: Losses, literal: bool) -> str:
    said = flat(choice, losses, skip=("feedbackInline", "feedbackBlock"), literal=literal)
    return said if literal else " ".join(said.split())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _attribute(element: Any, name: str) -> str:
    """An attribute by its name in QTI 2."""
    return next((str(value) for key, value in element.attrib.items() if camel(str(key)) == name), "")


def _under(element: Any, name: str) -> Iterator[Any]:
    """The elements under one, at any depth, by their name in QTI 2."""
    kebab = "qti-" + re.sub(r"[A-Z]", lambda match: "-" + match[0].lower(), name)
    found: Iterator[Any] = element.iter("{*}" + name, "{*}" + kebab)
    return found
