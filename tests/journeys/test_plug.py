"""The plug is pulled in the middle of things: nothing that was recorded is lost, and all goes on."""

from __future__ import annotations

import re

from .conftest import phone
from .walking import Touch, answer_checks, answer_question, choose_rightly, practise, queue_sent, sign_in, take_test

PROGRAMME = "nguoi-cao-tuoi"
BY = Touch()


def position(page) -> int:
    """Number of the open question."""
    return int(re.findall(r"Câu (\d+) trên", page.locator("main").inner_text())[0])


def pull_and_resume(page, site) -> None:
    """Kill the server, start it again, and go on with the test."""
    site.kill()
    site.start()
    page.goto(f"/kiem-tra/{PROGRAMME}/")
    BY.press(page.get_by_role("button", name="Làm tiếp"))
    page.locator("form.check").wait_for()


def test_a_final_test_survives_the_plug(browser, own_site):
    with phone(browser, own_site) as page:
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, own_site, BY)
        page.goto(f"/kiem-tra/{PROGRAMME}/")
        BY.press(page.get_by_role("button", name="Bắt đầu"))
        page.locator("form.check").wait_for()
        for _question in range(6):
            answer_question(page, PROGRAMME, BY)
        pull_and_resume(page, own_site)
        assert position(page) == 7
        for delay in (0, 5, 20):  # milliseconds after an answer was sent: it is recorded whole or not at all
            answered = position(page)
            choose_rightly(page, PROGRAMME, BY)
            page.evaluate("setTimeout(() => document.querySelector('form.check').requestSubmit())")
            page.wait_for_timeout(delay)
            pull_and_resume(page, own_site)
            assert position(page) in (answered, answered + 1)
        take_test(page, PROGRAMME, BY)
        BY.press(page.get_by_text("Điểm, và kết quả này chắc đến đâu?"))
        page.get_by_text("Đúng 20 trên 20 câu.").wait_for()


def test_progress_survives_the_plug(browser, own_site):
    with phone(browser, own_site) as page:
        page.goto(f"/tai-khoan/dang-nhap/?next=/hoc/{PROGRAMME}/tin-suc-khoe/")
        sign_in(page, own_site, BY)
        questions = page.locator("form.check").count()
        practise(page, BY)
        own_site.kill()  # while the practice is being written
        answer_checks(page, BY)
        page.get_by_text("Đang chờ gửi: ").wait_for()
        own_site.start()
        page.reload()
        queue_sent(page)
        lines = page.request.get("/tai-khoan/du-lieu/tai/").json()["processings"]
        kept = {word: rows for line in lines for word, rows in line["tables"].items()}
        made = [(row["verb"], row["object"].split(":")[2]) for row in kept["statement"]]
        assert made.count(("completed", "practice")) == made.count(("completed", "lesson")) == 1
        assert made.count(("answered", "item")) == questions
        assert [row["state"] for row in kept["lesson-progress"]] == ["done"]
