"""Questions in Moodle's XML, read and written as Moodle 5 does; its ordering question is our order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from hocvuso.library.source.schema import ItemSource

from .found import MOST_OPTIONS, Collected, Found, Unfit, weighed
from .tags import tags_of, take, title_of
from .texts import Losses, clean, flat, plain

_KINDS = {"plain_text": "plain", "html": "html", "markdown": "markdown", "moodle_auto_format": "moodle"}
_NAMES = {
    "truefalse": "câu đúng hay sai: chỉ có hai phương án, ở đây cần ít nhất 3",
    "shortanswer": "câu trả lời ngắn, người học tự gõ",
    "numerical": "câu trả lời bằng số",
    "essay": "câu tự luận",
    "matching": "câu ghép cặp",
    "match": "câu ghép cặp",
    "ddmatch": "câu ghép cặp",
    "cloze": "câu nhiều chỗ điền (cloze)",
    "multianswer": "câu nhiều chỗ điền (cloze)",
    "gapselect": "câu chọn chữ vào chỗ trống",
    "ddwtos": "câu kéo chữ vào chỗ trống",
    "ddimageortext": "câu kéo thả lên hình",
    "ddmarker": "câu đánh dấu trên hình",
    "description": "đoạn chữ không có câu trả lời",
    "calculated": "câu tính với số ngẫu nhiên",
    "calculatedsimple": "câu tính với số ngẫu nhiên",
    "calculatedmulti": "câu tính với số ngẫu nhiên",
    "randomsamatch": "câu ghép cặp ngẫu nhiên",
}
_GENERAL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


# --- reading --------------------------------------------------------------------------------


def read(root: Any, collected: Collected) -> None:
    """Take in the questions of a <quiz>."""
    for number, question in enumerate(root.iterchildren("question"), start=1):
        if question.get("type") == "category":
            named = " ".join((question.findtext("category/text") or "").split())
            collected.leave(f"câu {number}", f"bỏ tên danh mục: {named}")
            continue
        collected.count()
        name = " ".join((question.findtext("name/text") or "").split())[:100]
        where = f"câu {number}" + (f" “{clean(name)}”" if name else "")
        try:
            found = _question(question, where, name)
        except Unfit as error:
            collected.leave(where, f"không nhận câu này: {error}")
        else:
            collected.add(found)


def _question(question: Any, where: str, name: str) -> Found:
    kind, losses = question.get("type", ""), Losses()
    if kind not in ("multichoice", "multichoiceset", "oumultiresponse", "ordering"):
        raise Unfit(_NAMES.get(kind, f"kiểu câu {kind[:60]!r}"))
    found = Found(where, "", _text(question.find("questiontext"), losses))
    found.key = (question.findtext("idnumber") or "").strip() or name
    found.why = _text(question.find("generalfeedback"), losses)
    answers = question.findall("answer")
    if len(answers) > MOST_OPTIONS:
        raise Unfit(f"có hơn {MOST_OPTIONS} phương án")
    if kind == "ordering":
        _ordered(found, answers, losses)
    else:
        single = (question.findtext("single") or "").strip().lower() in ("true", "1") and kind == "multichoice"
        _chosen(found, single, answers, losses)
    found.losses += [*losses.said(), *_lost(question)]
    take(found, [clean(tag.text or "").strip() for tag in question.iterfind("tags/tag/text")])
    return found


def _chosen(found: Found, single: bool, answers: list[Any], losses: Losses) -> None:
    found.type, rights, lost = weighed(single, [_number(answer) for answer in answers])
    found.losses += lost
    for answer, right in zip(answers, rights, strict=True):
        why = _text(answer.find("feedback"), losses, line=True)
        found.options.append({"text": _text(answer, losses, line=True), "right": right, "why": why})


def _ordered(found: Found, answers: list[Any], losses: Losses) -> None:
    found.type = "order"
    found.sequence = [_text(answer, losses, line=True) for answer in sorted(answers, key=_number)]
    if any((answer.findtext("feedback/text") or "").strip() for answer in answers):
        found.losses.append("bỏ lời giải thích của từng mục sắp xếp")


def _lost(question: Any) -> list[str]:
    """What a question of Moodle has besides and an item has no place for."""
    lost = []
    if any((question.findtext(f"{name}/text") or "").strip() for name in _GENERAL):
        lost.append("bỏ lời báo chung khi đúng, khi sai")
    if question.find("hint") is not None:
        lost.append("bỏ gợi ý")
    if next(question.iter("file"), None) is not None:
        lost.append("bỏ tệp đi kèm (hình, âm thanh)")
    return lost


def _text(element: Any, losses: Losses, *, line: bool = False) -> str:
    """The text of an element with a format; old files have the text in the element itself. Raises Unfit."""
    if element is None:
        return ""
    text = element.find("text")
    text = element if text is None else text
    if text.find("*") is not None and text is not element:  # HTML that nobody escaped
        said = flat(text, losses)
        return " ".join(said.split()) if line else said
    return plain(text.text or "", _KINDS.get(element.get("format", ""), "html"), losses, line=line)


def _number(answer: Any) -> float:
    """The share of the mark, or the place, that an answer has. Raises Unfit."""
    try:
        return float(answer.get("fraction", "0") or 0)
    except ValueError:
        raise Unfit("điểm của phương án không phải số") from None


# --- writing --------------------------------------------------------------------------------


def write(items: Sequence[ItemSource], title: str) -> bytes:
    """The items as a <quiz>."""
    quiz = etree.Element("quiz")
    comment = " ".join(clean(title).replace("-", " ").split())
    quiz.append(etree.Comment(f" {comment} "))
    for item in items:
        quiz.append(_written(item))
    etree.indent(quiz)
    return etree.tostring(quiz, xml_declaration=True, encoding="UTF-8") + b"\n"


def _written(item: ItemSource) -> Any:
    question = etree.Element("question", type="ordering" if item.type == "order" else "multichoice")
    _say(question, "name", title_of(item), plainly=False)
    _say(question, "questiontext", item.stem)
    _say(question, "generalfeedback", item.why)
    for name, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0"), ("idnumber", item.key)):
        etree.SubElement(question, name).text = value
    if item.type == "order":
        _write_order(question, item)
    else:
        _write_choices(question, item)
    tags = etree.SubElement(question, "tags")
    for tag in tags_of(item):
        _say(tags, "tag", tag, plainly=False)
    return question


def _write_choices(question: Any, item: ItemSource) -> None:
    shuffled = str(item.use == "test").lower()
    settings = {"single": str(item.type == "choice").lower(), "shuffleanswers": shuffled, "answernumbering": "none"}
    for name, value in settings.items():
        etree.SubElement(question, name).text = value
    share = f"{100 / sum(o.right for o in item.options):.5f}".rstrip("0").rstrip(".")
    wrong = "-100" if item.type == "multi" else "0"
    for option in item.options:
        answer = _say(question, "answer", option.text)
        answer.set("fraction", share if option.right else wrong)
        _say(answer, "feedback", option.why or "")


def _write_order(question: Any, item: ItemSource) -> None:
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": str(len(item.sequence)),
        "gradingtype": "ALL_OR_NOTHING",
        "showgrading": "HIDE",
        "numberingstyle": "none",
    }
    for name, value in settings.items():
        etree.SubElement(question, name).text = value
    for place, text in enumerate(item.sequence, start=1):
        _say(question, "answer", text).set("fraction", str(place))


def _say(parent: Any, name: str, text: str, *, plainly: bool = True) -> Any:
    element = etree.SubElement(parent, name)
    if plainly:
        element.set("format", "plain_text")
    etree.SubElement(element, "text").text = clean(text)
    return element
