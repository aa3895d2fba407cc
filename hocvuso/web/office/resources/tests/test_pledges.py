"""The pages of pledges and needs: offering, verifying, finding, allocating; with the neighbour at every door."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hocvuso.people.rules import Role
from hocvuso.resources.models import Allocation, Need, Pledge
from hocvuso.resources.services import allocations, pledges
from hocvuso.resources.tests.world import FIELDS, TODAY, ask, available, give, offer
from hocvuso.units.models import Place
from hocvuso.units.services import open_unit
from tests.commune import commune, helper
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    """Nga gives next door, Tư needs here, Lan leads above; Xa works for another province."""
    made = commune()
    other = open_unit(code="SO-9", name="Sở Chín", kind="provincial-department", parent=None)
    made.xa = helper("Xa", other)
    return made


def sent(unit, **changes):
    return {
        "unit": str(unit.pk), "kind": "hall", "title": "Hội trường 200 chỗ", "details": "Buổi tối", "quantity": "1",
        "starts_on": TODAY.isoformat(), "ends_on": "", "province": "", "commune": "",
    } | changes  # fmt: skip


def page(name, *things):
    return reverse(name, args=[thing.pk for thing in things])


def suggested(client, need):
    """What stands in the form to allocate, as a browser sends it."""
    form = client.get(page("need", need)).context["form"]
    return {field.html_name: str(field.value() or "") for field in form}


GARBAGE = {
    "kind": "x", "title": "", "details": "a" * 100_000, "quantity": "-5", "starts_on": "31/02/2026", "ends_on": "mai",
    "province": "\0", "commune": "zz", "version": "x",
}  # fmt: skip


class TestForms:
    @pytest.mark.parametrize(("noun", "model"), [("pledge", Pledge), ("need", Need)])
    def test_written_and_changed(self, client, there, noun, model):
        sign_in(client, there.nga)
        answer = client.post(page(f"{noun}-new"), sent(there.next_door), follow=True)
        made = model.objects.get()
        assert "Hội trường 200 chỗ" in answer.text and made.place == there.next_door.place
        text = client.get(page(f"{noun}-edit", made)).text
        assert 'value="Hội trường 200 chỗ"' in text and f'<option value="{made.place_id}" selected' in text
        client.post(page(f"{noun}-edit", made), sent(there.next_door, quantity="1.200", province="01"))
        made.refresh_from_db()
        assert made.quantity == 1200 and made.place_id == "01"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"quantity": "nhiều"}, "quantity"),
            ({"starts_on": "mai"}, "starts_on"),
            ({"ends_on": "1999-01-01"}, "ends_on"),
        ],
    )
    def test_an_error_stands_at_its_field_and_the_rest_is_kept(self, client, there, changes, field):
        sign_in(client, there.nga)
        for noun in ("pledge", "need"):
            answer = client.post(page(f"{noun}-new"), sent(there.next_door, **changes))
            assert answer.status_code == 400 and f'id="error-{field}"' in answer.text and "Buổi tối" in answer.text
        made = offer(there)
        assert client.post(page("pledge-edit", made), sent(there.next_door, **changes)).status_code == 400

    @pytest.mark.parametrize("noun", ["pledge", "need"])
    def test_all_faults_are_named_at_once_and_nothing_is_half_saved(self, client, there, noun):
        made = offer(there) if noun == "pledge" else ask(there, unit=there.next_door, by=there.nga)
        sign_in(client, there.nga)
        for address in (page(f"{noun}-new"), page(f"{noun}-edit", made)):
            answer = client.post(address, GARBAGE)
            assert answer.status_code == 400 and "a" * 100_000 in answer.text
            for name in ("kind", "title", "details", "quantity", "starts_on", "ends_on", "province"):
                assert f'id="error-{name}"' in answer.text, name
            assert client.post(address, {}).status_code == 400
        kept = type(made).objects.get()
        assert (kept.title, kept.version) == (made.title, 1)

    @pytest.mark.parametrize("noun", ["pledge", "need"])
    def test_two_who_change_the_same_lose_nothing(self, client, there, noun):
        made = offer(there) if noun == "pledge" else ask(there, unit=there.next_door, by=there.nga)
        address = page(f"{noun}-edit", made)
        sign_in(client, there.lan)
        assert 'name="version" value="1"' in client.get(address).text
        assert client.post(address, sent(there.next_door, version="1", title="Tên của Lan")).status_code == 302
        sign_in(client, there.nga)
        mine = sent(there.next_door, version="1", title="Tên của Nga", province="01")
        answer = client.post(address, mine)
        assert answer.status_code == 409 and "Tên của Lan" in answer.text and 'value="Tên của Nga"' in answer.text
        assert "Buổi tối" in answer.text and "Tỉnh Một" in answer.text
        made.refresh_from_db()
        assert made.title == "Tên của Lan"
        seen = re.search(r'name="version" value="(\d+)"', answer.text)[1]
        assert client.post(address, mine | {"version": seen}).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.place_id) == ("Tên của Nga", "01")

    def test_communes_of_a_province_are_shown_without_a_script(self, client, there):
        sign_in(client, there.nga)
        answer = client.post(page("pledge-new"), sent(there.next_door, province="01", pick="1"))
        assert answer.status_code == 200 and "Xã Đây" in answer.text and "Hội trường 200 chỗ" in answer.text
        client.post(page("pledge-new"), sent(there.next_door, province="01", commune="00001"))
        assert Pledge.objects.get().place == there.place

    def test_of_no_unit_out_of_reach(self, client, there):
        sign_in(client, there.nga)
        answer = client.post(page("pledge-new"), sent(there.committee))
        assert answer.status_code == 400 and 'id="error-unit"' in answer.text and not Pledge.objects.exists()
        available(there)
        sign_in(client, there.tu)
        assert client.get(page("pledge-edit", Pledge.objects.get())).status_code == 403


class TestOnePledge:
    def test_verified_by_another_then_made_available(self, client, there):
        made = offer(there)
        sign_in(client, there.lan)
        assert client.post(page("pledge-move", made), {"step": "verify"}, follow=True).status_code == 200
        sign_in(client, there.nga)
        assert "Cho phân bổ" in client.get(page("pledge", made)).text
        client.post(page("pledge-move", made), {"step": "available"})
        made.refresh_from_db()
        assert made.state == "available" and made.verified_by == there.lan

    def test_nobody_verifies_what_they_have_not_seen(self, client, there):
        made = offer(there)
        pledges.edit(pledge=made, by=there.nga, **FIELDS | {"title": "Chỉ còn một máy", "place": there.place})
        sign_in(client, there.lan)
        for step in ("verify", "refuse"):
            answer = client.post(page("pledge-move", made), {"step": step, "version": "1", "why": "Không có"})
            assert answer.status_code == 409 and "Chỉ còn một máy" in answer.text and ">\nKhông có</" in answer.text
        made.refresh_from_db()
        assert made.state == "offered"
        client.post(page("pledge-move", made), {"step": "verify", "version": "2"})
        made.refresh_from_db()
        assert made.state == "verified"

    def test_not_by_who_wrote_it(self, client, there):
        leader = helper("Trưởng", there.next_door, Role.LEADER)
        made = offer(there, by=leader)
        sign_in(client, leader)
        text = client.get(page("pledge", made)).text
        assert "phải người khác xác minh" in text and "Xác minh là có" not in text
        assert client.post(page("pledge-move", made), {"step": "verify"}).status_code == 400

    def test_refused_with_a_reason_and_sent_again(self, client, there):
        made = offer(there)
        sign_in(client, there.lan)
        answer = client.post(page("pledge-move", made), {"step": "refuse", "why": ""})
        assert answer.status_code == 400 and 'id="error-why"' in answer.text
        client.post(page("pledge-move", made), {"step": "refuse", "why": "Không có thật"})
        sign_in(client, there.nga)
        text = client.get(page("pledge", made)).text
        assert "Không có thật" in text and "Sửa và gửi lại" in text
        client.post(page("pledge-edit", made), sent(there.next_door))
        made.refresh_from_db()
        assert made.state == "offered"

    def test_its_calendar_names_the_receiver_to_those_it_concerns(self, client, there):
        made, need = available(there), ask(there)
        give(there, made, need)
        for who, shown in [(there.nga, True), (there.tu, True), (there.xa, False)]:
            sign_in(client, who)
            text = client.get(page("pledge", made)).text
            assert "còn 6" in text and (page("need", need) in text) == shown == ("đơn vị khác" not in text)

    def test_withdrawn_only_when_nothing_is_given(self, client, there):
        made = available(there)
        give(there, made, ask(there))
        sign_in(client, there.nga)
        answer = client.post(page("pledge-move", made), {"step": "withdraw"})
        assert answer.status_code == 400 and "Còn phần đã phân bổ" in answer.text
        assert client.post(page("pledge-move", made), {"step": "nonsense"}).status_code == 400


class TestOneNeed:
    def test_allocated_from_what_fits(self, client, there):
        made, need = available(there), ask(there, quantity=4)
        sign_in(client, there.nga)
        typed = suggested(client, need)
        assert typed["pledge"] == str(made.pk) and typed["quantity"] == "4"
        assert "đã đủ" in client.post(page("need-allocate", need), typed, follow=True).text
        assert Allocation.objects.get().ends_on == FIELDS["ends_on"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"quantity": "11"}, "quantity"),
            ({"quantity": ""}, "quantity"),
            ({"pledge": ""}, "pledge"),
            ({"starts_on": ""}, "starts_on"),
            ({"ends_on": "x"}, "ends_on"),
        ],
    )
    def test_an_error_stands_at_its_field_and_the_rest_is_kept(self, client, there, changes, field):
        made, need = available(there), ask(there)
        sign_in(client, there.nga)
        typed = suggested(client, need) | {"quantity": "7"}
        answer = client.post(page("need-allocate", need), typed | changes)
        assert answer.status_code == 400 and f'id="error-{field}"' in answer.text
        kept = changes.get("quantity", "7")
        assert (not kept or f'value="{kept}"' in answer.text) and made.title in answer.text

    def test_open_ended_on_both_sides_asks_for_an_end(self, client, there):
        available(there, ends_on=None)
        sign_in(client, there.nga)
        assert suggested(client, ask(there, ends_on=None))["ends_on"] == ""

    def test_what_is_gone_meanwhile_is_said(self, client, there):
        made, need = available(there), ask(there)
        sign_in(client, there.nga)
        typed = suggested(client, need)
        give(there, made, ask(there, unit=there.team), 10)
        answer = client.post(page("need-allocate", need), typed)
        assert answer.status_code == 400 and "chỉ còn 0 chiếc" in answer.text

    def test_who_does_not_give_sees_what_fits_and_no_form(self, client, there):
        available(there)
        need = ask(there)
        sign_in(client, there.tu)
        text = client.get(page("need", need)).text
        assert "Máy tính bảng" in text and page("need-allocate", need) not in text and "cùng tỉnh" in text

    def test_handed_over_here_taken_back_there_closed(self, client, there):
        made, need = available(there), ask(there)
        given = give(there, made, need)
        sign_in(client, there.tu)
        answer = client.post(page("allocation-move", given), {"step": "hand-over", "at": "need"}, follow=True)
        assert answer.redirect_chain[0][0] == page("need", need) and "đang dùng" in answer.text
        assert client.post(page("allocation-move", given), {"step": "cancel", "at": "need"}).status_code == 400
        assert client.post(page("need-move", need), {"step": "close"}).status_code == 400
        sign_in(client, there.nga)
        answer = client.post(page("allocation-move", given), {"step": "take-back"}, follow=True)
        assert answer.redirect_chain[0][0] == page("pledge", made) and "đã trả" in answer.text
        assert client.post(page("allocation-move", given), {"step": "take-back"}).status_code == 400
        sign_in(client, there.tu)
        assert "đã khép lại" in client.post(page("need-move", need), {"step": "close"}, follow=True).text

    def test_late_coming_back_is_marked(self, client, there):
        given = give(there, available(there), ask(there))
        allocations.hand_over(allocation=given, by=there.tu)
        Allocation.objects.update(starts_on=TODAY - timedelta(days=3), ends_on=TODAY - timedelta(days=1))
        sign_in(client, there.nga)
        assert "quá ngày trả" in client.get(page("pledge", given.pledge)).text


class TestLists:
    def test_tabs(self, client, there):
        own, other = offer(there, title="Của Kia"), available(there, unit=there.committee, by=there.tu, title="Của Đây")
        need = ask(there, title="Đang cần")
        sign_in(client, there.nga)
        for query, things in [("", [own]), ("?xem=gan", [other]), ("?xem=nhu-cau", [need])]:
            assert [line.thing for line in client.get(page("pledges") + query).context["lines"]] == things

    def test_filters(self, client, there):
        land = Place.objects.create(code="02", name="Tỉnh Hai", kind="province", type="tinh")
        hall, _device = offer(there, kind="hall", title="Nhà văn hoá", place=land), offer(there)
        sign_in(client, there.nga)
        for query in ("loai=hall", "q=văn hoá", "q=van hoa", "tinh=02"):
            lines = client.get(page("pledges") + "?" + query).context["lines"]
            assert [line.thing for line in lines] == [hall], query
        assert "khớp" in client.get(page("pledges") + "?q=zzzz").text
        assert not client.get(page("pledges") + "?trang-thai=available").context["lines"]
        answer = client.get(page("pledges") + "?tinh=zz&loai=zz&trang-thai=zz&trang=zz&don-vi=zz")
        assert answer.status_code == 400 and len(answer.context["lines"]) == 2
        assert all(f'id="error-{name}"' in answer.text for name in ("tinh", "loai", "trang-thai"))

    def test_needs_that_are_met_are_asked_for(self, client, there):
        need = ask(there, quantity=4)
        give(there, available(there), need)
        sign_in(client, there.tu)
        assert not client.get(page("pledges") + "?xem=nhu-cau").context["lines"]
        (line,) = client.get(page("pledges") + "?xem=nhu-cau&trang-thai=").context["lines"]
        assert line.thing == need and line.count == 4

    def test_as_files(self, client, there):
        offer(there, title="=1+1")
        ask(there, place=there.place.parent)
        sign_in(client, there.nga)
        rows = list(load_workbook(BytesIO(client.get(page("pledges") + "?tai=xlsx").content)).active.values)
        assert rows[1][0] == "'=1+1" and rows[1][5:7] == ("Xã Kia", "Tỉnh Một")
        text = b"".join(client.get(page("pledges") + "?xem=nhu-cau&tai=csv").streaming_content).decode()
        assert "Máy tính bảng,thiết bị,10,chiếc,Xã Đây,,Tỉnh Một" in text

    def test_empty_lists_say_what_to_do(self, client, there):
        sign_in(client, there.nga)
        for query in ("", "?xem=gan", "?xem=nhu-cau"):
            assert 'class="empty"' in client.get(page("pledges") + query).text

    def test_the_menu_leads_here_and_what_waits_is_shown(self, client, there):
        made = offer(there)
        sign_in(client, there.lan)
        assert page("pledge", made) in client.get("/dieu-hanh/").text
        assert '<a href="/dong-gop/" aria-current="page">' in client.get(page("pledges")).text


class TestTheNeighbour:
    def test_sees_and_changes_nothing_of_another_s(self, client, there):
        made, need = available(there), ask(there)
        given = give(there, made, need, 10)
        hidden = offer(there)
        sign_in(client, there.xa)
        for name, thing in [("pledge", hidden), ("pledge-edit", hidden), ("need", need), ("need-edit", need)]:
            assert client.get(page(name, thing)).status_code == 404
        for name, thing in [("pledge-move", hidden), ("need-move", need), ("need-allocate", need),
                            ("allocation-move", given)]:  # fmt: skip
            assert client.post(page(name, thing), {"step": "withdraw"}).status_code == 404
        assert client.post(page("pledge-move", made), {"step": "withdraw"}).status_code == 400
        assert "Máy tính bảng" not in client.get(page("pledges")).text

    def test_does_not_allocate_what_others_give(self, client, there):
        made, need = available(there), ask(there)
        sign_in(client, there.tu)
        typed = {"pledge": str(made.pk), "quantity": "1", "starts_on": TODAY.isoformat(), "ends_on": TODAY.isoformat()}
        assert client.post(page("need-allocate", need), typed).status_code == 400
        assert not Allocation.objects.exists()

    def test_a_pledge_of_others_that_is_not_offered_yet_is_none_to_allocate_from(self, client, there):
        hidden, need = offer(there, title="Máy chưa xem"), ask(there)
        sign_in(client, there.tu)
        answer = client.post(page("need-allocate", need), {"pledge": str(hidden.pk), "quantity": "x", "ends_on": "mai"})
        assert answer.status_code == 400 and hidden.title not in answer.text
        for fault in ("#pledge", "#quantity", "#starts_on", "#ends_on"):
            assert f'href="{fault}"' in answer.text

    def test_people_without_a_role_are_not_let_in(self, client, there):
        sign_in(client, there.hoa)
        for name in ("pledges", "pledge-new", "need-new"):
            assert client.get(page(name)).status_code == 404


class TestWeight:
    def test_pages_do_not_ask_more_with_more_rows(self, client, there, django_assert_max_num_queries):
        made, need = available(there, quantity=1000), ask(there, quantity=1000)
        for number in range(12):
            give(there, made, need, 1)
            give(there, available(there, title=f"Máy {number}"), ask(there, title=f"Cần {number}"), 2)
        sign_in(client, there.lan)
        addresses = [page("pledges") + query for query in ("", "?xem=gan", "?xem=nhu-cau")]
        for address in [*addresses, page("pledge", made), page("need", need)]:
            with django_assert_max_num_queries(14):
                assert client.get(address).status_code == 200
