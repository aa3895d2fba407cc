"""Pages of urging: what is late, one press, rules, inbox, preferences, the log."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from hocvuso.people.models import Person
from hocvuso.people.services import signin
from hocvuso.plans.services.writing import TaskText
from hocvuso.plans.tests.cabinet import cabinet, plan_in_force
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import Reminder, ReminderMessage, ReminderPreference, ReminderRule
from hocvuso.reminders.services import reminding as urging
from hocvuso.reminders.services.run import run
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
TOP = "/dieu-hanh/don-doc/"


@pytest.fixture
def there():
    made = cabinet()
    urging.load_default_rules()
    return made


@pytest.fixture
def task(there):
    due = timezone.localdate() - timedelta(days=3)
    return plan_in_force(there, TaskText(title="Mở lớp", lead_unit=there.one, due_on=due)).tasks.get()


@pytest.fixture
def as_(client, there):
    def enter(name):
        sign_in(client, there.fresh(name))
        return client

    return enter


class TestNow:
    def test_late_ones_stand_with_their_days(self, task, as_):
        page = as_("ha").get(TOP).text
        assert "Mở lớp" in page and "quá 3 ngày" in page and "Đôn đốc cả 1 việc" in page

    def test_one_press_urges_all(self, there, task, as_):
        answer = as_("ha").post(f"{TOP}tat-ca/", {"note": "Gấp"}, follow=True)
        assert "Đã đôn đốc 1 việc" in answer.text
        assert {u.person for u in Reminder.objects.all()} == {there.nam, there.lan}
        answer = as_("ha").post(f"{TOP}tat-ca/", follow=True)
        assert "đã đôn đốc hôm nay" in answer.text and "Đã đôn đốc" not in answer.text

    def test_filters_hold_for_the_press_too(self, task, as_):
        for filters in ("loai=report", "don-vi=SO-2", "don-vi=không+có"):
            answer = as_("ha").post(f"{TOP}tat-ca/?{filters}", follow=True)
            assert "Chưa đôn đốc việc nào" in answer.text and not Reminder.objects.exists()
        as_("ha").post(f"{TOP}tat-ca/?don-vi=SO-1")
        assert Reminder.objects.exists()

    def test_a_unit_that_is_none_is_said_to_be_none(self, task, as_):
        page = as_("ha").get(TOP, {"don-vi": "Sở Trên Trời"}).text
        assert "Không rõ “Sở Trên Trời” là đơn vị nào" in page and "Đôn đốc cả" not in page

    def test_a_filter_that_cannot_be_read_urges_nobody(self, task, as_):
        for filters in ("loai=x", "don-vi=%00Sở+Trên+Trời", "loai=task&don-vi=" + "a" * 500):
            page = as_("ha").get(f"{TOP}?{filters}")
            assert page.status_code == 400 and 'class="error"' in page.text and "Mở lớp" not in page.text
            as_("ha").post(f"{TOP}tat-ca/?{filters}")
        assert not Reminder.objects.exists()

    def test_a_word_too_long_is_said_and_nobody_is_urged(self, task, as_):
        for address in (f"{TOP}tat-ca/", f"{TOP}viec/task/{task.pk}/"):
            page = as_("ha").post(address, {"note": "a" * 100_000})
            assert page.status_code == 400 and 'id="error-note"' in page.text and "a" * 100_000 in page.text
        assert not Reminder.objects.exists()

    def test_one_thing_with_a_word(self, there, task, as_):
        address = f"{TOP}viec/task/{task.pk}/"
        as_("ha").post(address, {"note": "Xin báo cáo ngay"})
        assert "Xin báo cáo ngay" in as_("ha").get(address).text

    def test_a_neighbour_finds_nothing(self, task, as_):
        client = as_("xuan")
        assert "Mở lớp" not in client.get(TOP).text
        assert client.get(f"{TOP}viec/task/{task.pk}/").status_code == 404
        client.post(f"{TOP}tat-ca/")
        assert not Reminder.objects.exists()

    def test_strange_kinds_and_done_things_are_not_there(self, task, as_):
        assert as_("ha").get(f"{TOP}viec/king/{task.pk}/").status_code == 404
        task.done_on = timezone.localdate()
        task.save()
        assert as_("ha").get(f"{TOP}viec/task/{task.pk}/").status_code == 404

    def test_the_list_as_files(self, task, as_):
        assert "Mở lớp" in b"".join(as_("ha").get(f"{TOP}tai/?tep=csv").streaming_content).decode()
        assert as_("ha").get(f"{TOP}tai/").status_code == 200

    def test_the_rules_run_at_a_press(self, there, task, as_):
        as_("ha").post(f"{TOP}chay/")
        assert timezone.localdate().weekday() >= 5 or Reminder.objects.filter(person=there.nam).exists()

    def test_queries_do_not_grow(self, there, task, as_, django_assert_max_num_queries):
        due = timezone.localdate()
        texts = [TaskText(title=f"Việc {n}", lead_unit=there.one, due_on=due) for n in range(30)]
        plan_in_force(there, *texts, title="Khác")
        with django_assert_max_num_queries(18):
            as_("ha").get(TOP)


class TestRules:
    def fields(self, place, **more):
        return {"unit": str(place.pk), "days": "3", "side": "before", "kinds": ["task"], "recipients": ["leaders"],
                "active": "1"} | more  # fmt: skip

    def test_set_changed_switched_off(self, there, as_):
        client = as_("nam")
        client.post(f"{TOP}quy-tac/moi/", self.fields(there.one))
        rule = ReminderRule.objects.get(unit=there.one)
        assert rule.offset == -3
        assert "trước hạn 3 ngày" in client.get(f"{TOP}quy-tac/").text
        client.post(f"{TOP}quy-tac/{rule.pk}/", self.fields(there.one, days="5", side="after", active=""))
        rule.refresh_from_db()
        assert (rule.offset, rule.active) == (5, False)

    def test_two_who_change_a_rule_at_once_see_both(self, there, as_):
        rule = urging.set_rule(unit=there.one, kinds=["task"], offset=1, recipients=["leaders"], by=there.nam)
        urging.set_rule(unit=there.one, kinds=["task"], offset=4, recipients=["leaders"], by=there.nam, rule=rule)
        mine = self.fields(there.one, days="9", side="after", version="1")
        page = as_("nam").post(f"{TOP}quy-tac/{rule.pk}/", mine)
        assert page.status_code == 409 and 'value="9"' in page.text and ReminderRule.objects.get(pk=rule.pk).offset == 4

    @pytest.mark.parametrize("more", [{"days": "x"}, {"days": "999"}, {"kinds": []}, {"recipients": []}, {"unit": "x"}])
    def test_refused_beside_the_field(self, there, as_, more):
        answer = as_("nam").post(f"{TOP}quy-tac/moi/", self.fields(there.one, **more))
        assert answer.status_code == 400 and 'class="error"' in answer.text

    def test_all_faults_are_named_at_once(self, there, as_):
        rule = urging.set_rule(unit=there.one, kinds=["task"], offset=1, recipients=["leaders"], by=there.nam)
        typed = {"unit": str(there.ministry.pk), "days": "-3", "side": "x", "kinds": ["king"], "recipients": ["\0"]}
        for address, names in (("moi", set(typed)), (rule.pk, set(typed) - {"unit"})):
            for sent in (typed, {}):
                page = as_("nam").post(f"{TOP}quy-tac/{address}/", sent)
                assert page.status_code == 400 and all(f'href="#{name}' in page.text for name in names)
        rule.refresh_from_db()
        assert (rule.offset, rule.kinds) == (1, ["task"]) and ReminderRule.objects.filter(unit=there.one).count() == 1

    def test_rules_from_above_are_seen_but_not_changed(self, there, as_):
        rule = ReminderRule.objects.get(key="after-7")
        assert "quá hạn 7 ngày" in as_("nam").get(f"{TOP}quy-tac/").text
        assert as_("nam").post(f"{TOP}quy-tac/{rule.pk}/", self.fields(there.one)).status_code == 404

    def test_a_neighbours_rule_is_not_there(self, there, as_):
        rule = urging.set_rule(unit=there.one, kinds=["task"], offset=1, recipients=["leaders"], by=there.nam)
        assert as_("xuan").get(f"{TOP}quy-tac/{rule.pk}/").status_code == 404


class TestInbox:
    def test_read_one_and_go_there(self, there, task, as_):
        urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.ha, note="Gấp")
        client = as_("nam")
        assert "Gấp" in client.get(f"{TOP}hop-thu/").text
        assert "Được đôn đốc" in client.get("/dieu-hanh/").text
        mine = Reminder.objects.get(person=there.nam)
        answer = client.post(f"{TOP}hop-thu/da-doc/", {"urging": str(mine.pk), "go": "1"})
        assert answer.url == f"/dieu-hanh/ke-hoach/nhiem-vu/{task.pk}/"
        mine.refresh_from_db()
        assert mine.read_at

    def test_all_at_once_but_only_ones_own(self, there, task, as_):
        urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.ha)
        client = as_("nam")
        for key in (Reminder.objects.get(person=there.lan).pk, "x", "\0", ""):
            assert client.post(f"{TOP}hop-thu/da-doc/", {"urging": str(key), "go": "1"}).status_code == 400
        assert questions.unread_count(there.nam) == 1
        client.post(f"{TOP}hop-thu/da-doc/", {"urging": "all"})
        assert Reminder.objects.get(person=there.lan).read_at is None
        assert questions.unread_count(there.nam) == 0


class TestPreferences:
    def test_kept(self, there, as_):
        as_("nam").post(f"{TOP}tuy-chon/", {"channels": ["phone"], "quiet_from": "20:00", "quiet_to": "06:30"})
        wish = ReminderPreference.objects.get(person=there.nam)
        assert (wish.channels, wish.quiet_from, wish.quiet_to) == (["phone"], time(20), time(6, 30))
        assert 'value="20:00"' in as_("nam").get(f"{TOP}tuy-chon/").text

    def test_chat_without_a_name_is_refused_and_kept(self, there, as_):
        answer = as_("nam").post(f"{TOP}tuy-chon/", {"channels": ["chat"], "quiet_from": "20:00", "quiet_to": "06:30"})
        assert answer.status_code == 400 and 'value="20:00"' in answer.text

    def test_an_hour_of_another_zone_is_not_taken_for_ours(self, there, as_):
        typed = {"channels": ["phone"], "quiet_from": "20:00+01:00", "quiet_to": "06:30Z"}
        page = as_("nam").post(f"{TOP}tuy-chon/", typed)
        assert page.status_code == 400 and not ReminderPreference.objects.exists()

    def test_all_faults_are_named_at_once(self, there, as_):
        typed = {"channels": ["pigeon"], "chat_handle": "a" * 101, "quiet_from": "25:00", "quiet_to": "đêm"}
        page = as_("nam").post(f"{TOP}tuy-chon/", typed)
        assert page.status_code == 400 and all(f'id="error-{name}"' in page.text for name in typed)
        assert 'value="25:00"' in page.text and not ReminderPreference.objects.exists()

    def test_a_time_that_nobody_can_see_is_none(self, there, as_):
        page = as_("nam").post(f"{TOP}tuy-chon/", {"quiet_from": "20:00", "quiet_to": "\u202e"})
        assert page.status_code == 400 and 'id="error-quiet_to"' in page.text


class TestLog:
    @pytest.fixture
    def message(self, there, task, monkeypatch):
        monkeypatch.setattr("hocvuso.base.gateways.Letter.send", lambda _letter: None)
        signin.add_identifier(person=there.nam, kind="email", value="nam@example.vn")
        for person in (there.nam, there.lan):
            urging.prefer(person=person, channels=["email"], quiet_from=time(0), quiet_to=time(0))
        urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.ha)
        run(timezone.now())
        return ReminderMessage.objects.get(person=there.nam)

    def test_every_message_stands_there_and_can_be_filtered(self, message, as_):
        client = as_("ha")
        assert flat(client.get(f"{TOP}nhat-ky/").text).count("<tr><td>") == 2
        assert (
            flat(client.get(f"{TOP}nhat-ky/?trang-thai=sent&duong=email&tu=2020-01-01&q=nam").text).count("<tr><td>")
            == 1
        )
        page = client.get(f"{TOP}nhat-ky/?tu=hom-qua&trang-thai=x&duong=%00&q={'a' * 101}")
        assert page.status_code == 400 and flat(page.text).count("<tr><td>") == 2
        assert all(f'id="error-{name}"' in page.text for name in ("tu", "trang-thai", "duong", "q"))
        assert "nam" in b"".join(client.get(f"{TOP}nhat-ky/tai/?tep=csv").streaming_content).decode().lower()

    def test_a_failed_one_is_sent_again(self, message, there, as_):
        failed = ReminderMessage.objects.get(person=there.lan)
        assert failed.outgoing.state == "failed"
        as_("ha").post(f"{TOP}nhat-ky/{failed.pk}/gui-lai/")
        failed.outgoing.refresh_from_db()
        assert failed.outgoing.state == "queued"
        assert as_("ha").post(f"{TOP}nhat-ky/{message.pk}/gui-lai/").status_code == 403

    def test_a_neighbour_sees_none(self, message, as_):
        client = as_("xuan")
        assert client.get(f"{TOP}nhat-ky/").text.count("<tr><td>") == 0
        assert client.post(f"{TOP}nhat-ky/{message.pk}/gui-lai/").status_code == 404


def test_without_a_role_only_the_inbox_and_preferences_open(there, client):
    sign_in(client, Person.objects.create(name="Khách"))
    assert client.get(TOP).status_code == client.get(f"{TOP}nhat-ky/").status_code == 404
    assert client.get(f"{TOP}hop-thu/").status_code == client.get(f"{TOP}tuy-chon/").status_code == 200
