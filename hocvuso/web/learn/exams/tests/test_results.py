"""What a test shows when it is over: in plain words, and no keys of what comes again."""

import re

import pytest

from hocvuso.assess.models import Item
from hocvuso.records import services as records
from tests import world
from tests.world import batch, statement

from .sitting import START, answer_all, form, open_item

pytestmark = pytest.mark.django_db


class TestResult:
    def test_a_passed_one_says_what_was_shown_and_how_sure_that_is(self, hoa, test):
        answer_all(hoa, test)
        page = hoa.get(hoa.post(f"{test}nop/")["Location"]).text
        assert "Bạn đã đạt." in page and "Đúng 20 trên 20 câu." in page and "Năng lực ước lượng" in page
        assert "Nhận ra lừa đảo" in page and "Nên học" not in page
        assert '<svg class="face ' in page.partition('class="passed"')[2]  # drawn from our cast, styled everywhere

    def test_a_failed_one_says_what_to_study_and_offers_no_certificate(self, hoa, test):
        answer_all(hoa, test, right=False)
        page = hoa.get(hoa.post(f"{test}nop/")["Location"]).text
        assert "Lần này bạn chưa chứng tỏ được." in page and "Nhận chứng nhận" not in page
        assert 'href="/hoc/hai-bai/bai-mot/"' in page and 'href="/hoc/hai-bai/bai-hai/"' in page

    def test_a_passed_one_explains_every_question_and_not_before(self, hoa, test):
        hoa.post(test, form(test, right=False))
        answer_all(hoa, test)
        assert "BI-MAT-GIAI-THICH" not in hoa.get(test).text
        page = hoa.get(hoa.post(f"{test}nop/")["Location"]).text
        assert "BI-MAT-GIAI-THICH" in page and "Nên chọn:" in page

    @pytest.mark.parametrize("kind", ["final", "placement"])
    def test_what_comes_again_shows_no_key_but_how_the_own_answer_fails(self, hoa, kind):
        url = hoa.post(START, {"kind": kind})["Location"]
        while hoa.get(url).status_code == 200 and "Bạn đã trả lời hết" not in hoa.get(url).text:
            hoa.post(url, form(url, right=False))
        page = world.flat(hoa.get(hoa.post(f"{url}nop/")["Location"]).text)
        assert "BI-MAT" not in page and "Nên chọn:" not in page
        assert "Học lại để:" in page and "chưa đúng" in page

    def test_the_word_of_an_author_on_the_chosen_option_is_said(self, hoa, test):
        at, item = open_item(hoa, test, "choice")
        key = {"right": [0], "why": "KHOA-CUA-CAU-NAY", "whys": ["", "Vì số này do họ đưa.", "", ""]}
        Item.objects.filter(pk=item.pk).update(answer=key)
        hoa.post(test, {"position": at, "option": "1"})
        page = hoa.get(hoa.post(f"{test}nop/")["Location"]).text
        assert "Vì số này do họ đưa." in page and "KHOA-CUA-CAU-NAY" not in page

    def test_it_says_what_one_can_do_what_not_yet_and_when_to_try_again(self, hoa, test, cast, programme):
        hoa.post(f"{test}nop/")
        page = hoa.get(f"{test}ket-qua/").text
        assert "Chưa chắc" in page and "Bạn làm được ngay" not in page and "không học lại thì từ" in page
        records.append(person=cast.hoa, batch=batch(statement()))
        assert "Bạn làm lại được ngay bây giờ." in hoa.get(f"{test}ket-qua/").text

    def test_statistics_are_folded_away(self, hoa, test):
        hoa.post(f"{test}nop/")
        page = hoa.get(f"{test}ket-qua/").text
        open_text = re.sub(r"<details>.*?</details>", "", page, flags=re.S)
        assert "logit" in page and "logit" not in open_text and "<table>" not in open_text

    def test_placement_ends_with_where_to_begin(self, hoa):
        url = hoa.post(START, {"kind": "placement"})["Location"]
        for _ in range(14):
            page = hoa.get(url)
            if page.status_code == 302:
                break
            assert "trên" not in re.search(r'<p class="hint">(.*?)</p>', world.flat(page.text)).group(1)
            hoa.post(url, form(url))
        assert page["Location"] == f"{url}ket-qua/"
        assert "Bạn nên bắt đầu từ bậc 1." in hoa.get(page["Location"]).text

    def test_placement_handed_in_at_once_begins_at_the_bottom(self, hoa):
        url = hoa.post(START, {"kind": "placement"})["Location"]
        assert "Bạn nên bắt đầu từ bậc 1." in hoa.get(hoa.post(f"{url}nop/")["Location"]).text
