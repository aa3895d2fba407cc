"""A compiled lesson becomes what is said of it, in its order, with nothing of what is right."""

from __future__ import annotations

import pytest

from hocvuso.library.narration import narrate, narrate_source
from hocvuso.library.source.reader import read_programme
from tests.world import ROOT

PROGRAMMES = sorted(path.parent for path in (ROOT / "content").glob("*/programme.yaml"))
LESSON = {"title": "Gọi video", "promise": "Sau bài này bạn gọi được.", "tonight": "Gọi cho con lúc 19:30."}
ARTICLE = """
<section class="practice"><h2><svg><path d="M1"/></svg><span>Tập làm: Cuộc gọi</span></h2>
<p>Con gọi đến. <a href="#doc-bai">Đọc trước</a></p><div class="plain"><ol><li>Chạm nút xanh</li></ol></div>
<script type="application/json">{"a": 1}</script></section>
<h2 id="doc-bai">Đọc bài</h2>
<p>Mở <strong>Zalo</strong> &amp; chờ.</p>
<figure><svg aria-label="hình"><text>chữ trong hình</text></svg><figcaption>Nút hình máy quay</figcaption></figure>
<div class="steps"><ol><li>Mở máy.</li><li><p>Chạm nút.</p></li></ol></div>
<ul><li>Máy đủ pin</li></ul>
<div class="box warning" role="note"><p class="box-title"><svg></svg>Cẩn thận</p><p>Không đọc mã OTP.</p></div>
<form class="check"><fieldset><legend><h3>Gọi ai?</h3></legend>
<label class="option"><input type="radio"><span>Gọi con</span></label>
<label class="option"><input type="radio"><span>Gọi 113</span></label></fieldset>
<details class="no-js"><summary>Xem giải thích</summary><ul><li>Gọi con (Đúng): vì sao</li></ul></details>
<script type="application/json">{"right": [0]}</script></form>
<details class="sources"><summary>Nguồn</summary><ul><li>Luật</li></ul></details>
"""


def test_it_is_said_in_the_order_in_which_one_listens():
    assert [(one.kind, one.said) for one in narrate(LESSON, ARTICLE)] == [
        ("title", "gọi vi đê ô."),
        ("promise", "sau bài này bạn gọi được."),
        ("text", "mở da lô và chờ."),
        ("text", "nút hình máy quay."),
        ("step", "bước một: mở máy."),
        ("step", "bước hai: chạm nút."),
        ("item", "máy đủ pin."),
        ("note", "cẩn thận."),
        ("text", "không đọc mã ô tê pê."),
        ("heading", "tập làm: cuộc gọi."),
        ("text", "con gọi đến."),
        ("heading", "gọi ai?"),
        ("choice", "ý một: gọi con."),
        ("choice", "ý hai: gọi một một ba."),
        ("heading", "tối nay, thử một việc thật."),
        ("text", "gọi cho con lúc mười chín giờ ba mươi."),
        ("text", "muốn làm thử và trả lời câu hỏi, bạn mở bài này ra."),
    ]


def test_what_is_shown_is_what_was_written():
    shown = [one.shown for one in narrate(LESSON, ARTICLE)]
    assert "Mở Zalo & chờ." in shown and "1. Mở máy." in shown and "2. Gọi 113" in shown


def test_a_lesson_without_an_ending_of_its_own_ends_all_the_same():
    last = narrate({**LESSON, "tonight": None}, ARTICLE)[-2:]
    assert [one.kind for one in last] == ["choice", "text"]


@pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda path: path.name)
def test_every_starter_lesson_can_be_said(folder):
    """With its questions and their choices as they stand, those of an order shuffled; in words that a voice can say."""
    for lesson in read_programme(folder).lessons:
        told = narrate_source(lesson)
        lines = [one.said for one in told]
        assert all(lines) and sum(map(len, lines)) < 20_000
        assert not [line for line in lines if any(sign in line for sign in "*_#`/()[]0123456789%@")]
        choices = [one.shown.partition(" ")[2] for one in told if one.kind == "choice"]
        checks = {" ".join(item.stem.split()): item for item in lesson.items if item.use == "check"}
        for item in (checks[one.shown] for one in told if one.kind == "heading" and one.shown in checks):
            lines_of = item.sequence or [option.text for option in item.options]
            here, choices = choices[: len(lines_of)], choices[len(lines_of) :]
            assert sorted(here) == sorted(lines_of) and (here == lines_of) == (not item.sequence)
        assert choices == []
