"""QTI 2.1, 2.2 and 3.0, as single items and in packages."""

from __future__ import annotations

import zipfile
from io import BytesIO
from urllib.parse import quote

import pytest
from lxml import etree

from hocvuso.interop.packages import BadPackage, qti_writing
from hocvuso.interop.packages.reading import read

from .questions import CHOICE, ITEMS, told

CHOICES = "".join(f'<simpleChoice identifier="{n}">{n.lower()}</simpleChoice>' for n in "ABC")
ASKED = f'<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>Chọn?</prompt>{CHOICES}</choiceInteraction>'
RIGHT = "<correctResponse><value>B</value></correctResponse>"


def item(
    body: str = ASKED, *, right: str = RIGHT, cardinality: str = "single", more: str = "", version: str = "2p1",
    attributes: str = 'adaptive="false"',
) -> str:  # fmt: skip
    return (
        f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v{version}" identifier="Câu_1" title="Câu một" '
        f'timeDependent="false" {attributes}>'
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">{right}'
        f"</responseDeclaration><itemBody>{body}</itemBody>{more}</assessmentItem>"
    )


def package(files: dict[str, str], manifest: str = "") -> bytes:
    resources = "".join(f'<resource identifier="r" type="imsqti_item_xmlv2p1" href="{quote(name)}"/>' for name in files)
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest or f"<manifest><resources>{resources}</resources></manifest>")
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_one_right_answer():
    items, left = told(item())
    assert items == [
        {
            "key": "cau-1", "use": "test", "type": "choice", "difficulty": "medium", "stem": "Chọn?",
            "options": [{"text": "a"}, {"text": "b", "right": True}, {"text": "c"}],
        }
    ]  # fmt: skip
    assert left == []


@pytest.mark.parametrize("version, format", [("2p1", "qti21"), ("2p2", "qti22")])
def test_the_version_is_told(version, format):
    assert read("tệp", item(version=version).encode()).format == format


def test_version_3_says_the_same_in_other_names():
    source = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="A">
      <qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier"><qti-correct-response>
        <qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response></qti-response-declaration>
      <qti-item-body><p>Trước.</p><qti-choice-interaction response-identifier="R" max-choices="0">
        <qti-prompt>Chọn <b>hai</b>?</qti-prompt>
        <qti-simple-choice identifier="A">một
          hai<qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show">Đúng.</qti-feedback-inline>
        </qti-simple-choice>
        <qti-simple-choice identifier="B">ba</qti-simple-choice>
        <qti-simple-choice identifier="C">bốn</qti-simple-choice>
      </qti-choice-interaction></qti-item-body></qti-assessment-item>"""
    found = read("tệp", source.encode())
    assert found.format == "qti30"
    assert (found.items[0]["type"], found.items[0]["stem"]) == ("multi", "Trước.\nChọn hai?")
    assert found.items[0]["options"] == [
        {"text": "một hai", "right": True, "why": "Đúng."}, {"text": "ba"}, {"text": "bốn", "right": True},
    ]  # fmt: skip
    assert [left.what for left in found.left_out] == ["chỉ giữ chữ, bỏ: chữ đậm, nghiêng, trên, dưới"]


def test_lines_to_be_put_in_order():
    right = "<correctResponse><value>C</value><value>A</value><value>B</value></correctResponse>"
    body = ASKED.replace("choiceInteraction", "orderInteraction")
    assert told(item(body, right=right, cardinality="ordered"))[0][0]["sequence"] == ["c", "a", "b"]


def test_without_a_right_answer_the_mapping_says_it():
    worth = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in (("A", -1), ("C", 2), ("B", 1))
    )
    items, left = told(item(right=f"<mapping>{worth}</mapping>"))
    assert [option.get("right", False) for option in items[0]["options"]] == [False, False, True]
    assert left == ["bỏ điểm từng phần"]


def test_feedback_of_an_option_is_its_why_and_of_the_question_its_own():
    said = "".join(
        f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="show">{text}</modalFeedback>'
        for name, text in (("incorrect", "Chưa đúng."), ("A", "Vì a."), ("solution", "Lời giải."), ("again", "Nữa."))
    )
    items, left = told(item(more=said))
    assert (items[0]["options"][0]["why"], items[0]["why"]) == ("Vì a.", "Lời giải.")
    assert left == ["bỏ lời báo “Chưa đúng.”", "bỏ lời báo “Nữa.”"]


def test_marks_of_several_heights_are_told():
    marks = "".join(
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{mark}</baseValue></setOutcomeValue>'
        for mark in (2, 1, 0)
    )
    assert told(item(more=f"<responseProcessing>{marks}</responseProcessing>"))[1] == ["bỏ điểm từng phần"]


def test_pictures_and_rubrics_are_told():
    body = f'<p><img src="a.png" alt="bản đồ"/></p><rubricBlock view="scorer"><p>Chấm</p></rubricBlock>{ASKED}'
    items, left = told(item(body))
    assert items[0]["stem"] == "[bản đồ]\nChọn?"
    assert left == ["chỉ giữ chữ, bỏ: hình; lời hướng dẫn chấm"]


@pytest.mark.parametrize(
    "source, why",
    [
        (item("<p><textEntryInteraction responseIdentifier='R'/></p>"), "câu trả lời ngắn, người học tự gõ"),
        (item("<extendedTextInteraction responseIdentifier='R'/>"), "câu tự luận"),
        (item("<matchInteraction responseIdentifier='R'/>"), "câu ghép cặp"),
        (item("<hotspotInteraction responseIdentifier='R'/>"), "câu làm trên hình"),
        (item(ASKED + ASKED), "câu có nhiều phần trả lời"),
        (item("<p>Chữ</p>"), "đoạn chữ không có câu trả lời"),
        (item(right=""), "không có đáp án"),
        (item(right="<correctResponse><value>Z</value></correctResponse>"), "đáp án không có trong các phương án"),
        (item(attributes='adaptive="true"'), "câu nhiều bước (adaptive)"),
        (item(more='<templateDeclaration identifier="X"/>'), "câu tạo ngẫu nhiên theo khuôn"),
        (item(ASKED.replace(CHOICES, CHOICES[: len(CHOICES) // 3 * 2])), "có 2 phương án, ở đây cần từ 3 đến 6"),
        (item(ASKED.replace("<simpleChoice identifier=\"A\">a", '<simpleChoice identifier="A"><img src="a.png"/>')),
         "phương án không có chữ"),
    ],
)  # fmt: skip
def test_what_is_no_item_is_named(source, why):
    assert told(source) == ([], [f"không nhận câu này: {why}"])


class TestPackages:
    def test_items_stand_in_the_order_of_the_manifest(self):
        other = item(ASKED.replace("Chọn?", "Nữa?"))
        items, left = told(package({"b/hai ba.xml": item(), "a.xml": other}))
        assert ([i["stem"] for i in items], [i["key"] for i in items]) == (["Chọn?", "Nữa?"], ["cau-1", "cau-1-2"])
        assert left == []

    def test_what_is_not_there_or_broken_leaves_the_rest(self):
        manifest = "<manifest><resources>{}<resource type='webcontent' href='a.png'/></resources></manifest>".format(
            "".join(f'<resource type="imsqti_item_xmlv2p1" href="{name}"/>' for name in ("x.xml", "b.xml", "a.xml"))
        )
        items, left = told(package({"a.xml": item(), "b.xml": "<assessmentItem"}, manifest))
        assert len(items) == 1
        assert left[0] == "gói không có tệp này"
        assert left[1].startswith("không nhận câu này: tệp XML không đọc được")
        assert left[2] == "1 tệp đi kèm (hình, âm thanh, bài đọc) không được nhận"

    def test_a_manifest_that_names_no_items_does_not_hide_them(self):
        assert len(told(package({"a.xml": item()}, "<manifest/>"))[0]) == 1

    def test_one_folder_deep_is_found(self):
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            resource = '<resource type="imsqti_item_xmlv2p1" href="../gói/a.xml"/>'
            archive.writestr("gói/imsmanifest.xml", f"<manifest><resources>{resource}</resources></manifest>")
            archive.writestr("gói/a.xml", item())
        assert len(told(content.getvalue())[0]) == 1

    def test_version_1_is_refused_with_what_to_do(self):
        manifest = '<manifest><resources><resource type="imsqti_xmlv1p2" href="a.xml"/></resources></manifest>'
        with pytest.raises(BadPackage, match=r"QTI 1\.2; hãy xuất ra QTI 2\.1"):
            told(package({"a.xml": "<questestinterop/>"}, manifest))

    def test_without_a_manifest_each_document_is_read(self):
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("a.xml", item())
            archive.writestr("a.png", b"x")
        assert told(content.getvalue())[1] == ["tệp này không được nhận"]


@pytest.mark.parametrize("number, prefix", [("2.1", ""), ("3.0", "qti-")])
def test_written_with_a_test_that_holds_the_items(number, prefix):
    with zipfile.ZipFile(BytesIO(qti_writing.write(ITEMS, "Bài 1", number))) as archive:
        names = archive.namelist()
        test = etree.fromstring(archive.read("test.xml"))
        first = etree.fromstring(archive.read("items/001-c1.xml"))
    assert names == ["imsmanifest.xml", "test.xml", "items/001-c1.xml", "items/002-t1.xml", "items/003-t2.xml"]
    assert test.get("title") == "Bài 1"
    refs = test.iter("{*}assessmentItemRef", "{*}qti-assessment-item-ref")
    assert [ref.get("href") for ref in refs] == names[2:]
    assert first.tag.endswith("}" + (f"{prefix}assessment-item" if prefix else "assessmentItem"))
    assert first.get("identifier") == CHOICE.key


def test_the_answer_of_an_order_is_not_its_place_in_the_file():
    with zipfile.ZipFile(BytesIO(qti_writing.write(ITEMS, "Bài 1", "3.0"))) as archive:
        root = etree.fromstring(archive.read("items/003-t2.xml"))
    assert [choice.text for choice in root.iter("{*}qti-simple-choice")] == ["Dừng", "Gọi lại", "Nghe"]
    assert root.find(".//{*}qti-order-interaction").get("shuffle") == "true"
