"""Who asked for it is called back to reviews: at their hour, once, never at night, until they stop it or stay away."""

import json
from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.base.errors import TooMany
from hocvuso.base.models import OutboxMessage
from hocvuso.learning.keeping import KEPT, end_calls
from hocvuso.learning.models import LessonProgress, ReviewCall, ReviewCard, ReviewReminder, WeeklyGoal
from hocvuso.learning.rules import MOST_UNANSWERED, Often, Way
from hocvuso.learning.services import calling, goals
from hocvuso.library import services as library
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents, guardians, profile, signin
from hocvuso.privacy import exporting
from hocvuso.records import services as records
from hocvuso.reminders.models import PushDevice, ReminderPreference
from hocvuso.reminders.services import devices
from tests.browser_called import CalledBrowser, PushService
from tests.world import PHONES, batch, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast, programme, monkeypatch):
    """Hoa, who answered a question that is due; gateways print."""
    monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", True)
    records.append(person=cast.hoa, batch=batch(statement()))
    LessonProgress.objects.update(last_at=timezone.now() - timedelta(days=1))
    ReviewCard.objects.update(due=timezone.now() - timedelta(hours=1))
    return cast.hoa


@pytest.fixture
def service():
    there = PushService()
    yield there
    there.close()


def at(hour, *, days=1, minute=0):
    """That hour so many days from now, where people live."""
    return timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)


def chosen(person, **changes):
    values = {"way": Way.PHONE, "often": Often.DAILY, "hour": 19} | changes
    return calling.choose(person=person, **values)


def clock(now):
    """What the clock does: call, send."""
    return calling.call(now), outbox.send_due(now=now, word=ReviewCall.word).sent


def ended(reminder):
    reminder.refresh_from_db()
    return reminder.ended_why


class TestCalling:
    def test_nobody_is_called_who_did_not_ask_for_it(self, hoa):
        assert clock(at(19)) == (0, 0)

    def test_one_call_says_how_much_is_due_where_and_leads_there(self, hoa, capsys):
        reminder = chosen(hoa)
        assert clock(at(19)) == (1, 1)
        said = capsys.readouterr().err
        assert "Bạn sắp quên 1 câu, trước hết trong bài “Nhận ra lừa đảo”." in said
        assert f"{settings.BASE_URL}/viec-hoc/on-tap/" in said
        assert f"{settings.BASE_URL}/thoi-nhac/{calling.token_of(reminder)}/" in said

    def test_it_is_said_in_the_learners_language(self, hoa, capsys):
        hoa.language = "en"
        hoa.save()
        chosen(hoa)
        clock(at(19))
        assert "Questions you are about to forget: 1" in capsys.readouterr().err

    def test_not_before_the_hour_and_not_long_after(self, hoa):
        chosen(hoa)
        assert [clock(at(hour)) for hour in (18, 22)] == [(0, 0), (0, 0)]

    def test_a_clock_that_was_late_calls_once(self, hoa):
        chosen(hoa)
        assert clock(at(20, days=3)) == (1, 1) and clock(at(20, days=3, minute=30)) == (0, 0)

    def test_asked_twice_it_calls_once(self, hoa):
        chosen(hoa)
        assert [clock(at(19, minute=n)) for n in range(3)] == [(1, 1), (0, 0), (0, 0)]

    def test_two_runs_at_a_time_call_once(self, hoa):
        seen_by_both = chosen(hoa)
        calling._call(seen_by_both, now=at(19))
        calling._call(seen_by_both, now=at(19))
        assert ReviewCall.objects.count() == 1

    @pytest.mark.parametrize(("often", "times"), [(Often.DAILY, 5), (Often.TWICE, 4), (Often.WEEKLY, 2)])
    def test_as_often_as_asked_for_at_most(self, hoa, often, times):
        chosen(hoa, often=often)
        assert sum(clock(at(19, days=n))[0] for n in range(1, 15)) == times

    def test_choosing_anew_gains_no_call(self, hoa):
        chosen(hoa, often=Often.WEEKLY)
        clock(at(19))
        chosen(hoa, often=Often.WEEKLY)
        assert clock(at(19, days=2)) == (0, 0)

    def test_with_nothing_due_nobody_is_called(self, hoa):
        chosen(hoa)
        ReviewCard.objects.update(due=at(19, days=5))
        assert clock(at(19)) == (0, 0) and clock(at(19, days=6)) == (1, 1)

    def test_what_falls_due_at_night_waits_for_the_hour(self, hoa):
        chosen(hoa)
        ReviewCard.objects.update(due=at(2, days=3))
        assert [clock(at(hour, days=3))[0] for hour in (3, 12, 19)] == [0, 0, 1]

    def test_of_a_withdrawn_programme_nobody_is_called(self, hoa, programme):
        chosen(hoa)
        library.withdraw(edition=programme.current)
        assert clock(at(19)) == (0, 0)

    def test_what_was_reviewed_before_it_was_sent_is_not_sent(self, hoa):
        chosen(hoa)
        calling.call(at(19))
        ReviewCard.objects.update(due=at(19, days=9))
        assert outbox.send_due(now=at(19)).sent == 0
        assert OutboxMessage.objects.get(source="review-call").state == OutboxMessage.State.NEEDLESS

    def test_ones_own_quiet_hours_hold(self, hoa):
        quiet = {"quiet_from": datetime(2026, 1, 1, 18).time(), "quiet_to": datetime(2026, 1, 1, 20, 30).time()}
        chosen(hoa)
        ReminderPreference.objects.create(person=hoa, **quiet)
        assert clock(at(19)) == (1, 0)
        assert outbox.send_due(now=at(20, minute=10)).sent == 0
        assert outbox.send_due(now=at(20, minute=31)).sent == 1

    def test_at_night_nothing_goes_out_and_what_is_a_day_old_never(self, hoa):
        chosen(hoa)
        assert calling.call(at(20, minute=59)) == 1
        assert outbox.send_due(now=at(21, minute=30)).sent == 0
        assert outbox.send_due(now=at(8, days=2)).sent == 0


class TestEnds:
    def test_after_so_many_in_vain_it_ends_and_the_last_one_says_so(self, hoa, capsys):
        reminder = chosen(hoa)
        for n in range(1, MOST_UNANSWERED + 1):
            assert clock(at(19, days=n)) == (1, 1)
            assert ("lời nhắc cuối" in capsys.readouterr().err) == (n == MOST_UNANSWERED)
        assert clock(at(19, days=MOST_UNANSWERED + 1)) == (0, 0) and ended(reminder) == "unanswered"

    def test_who_learns_again_is_called_on(self, hoa):
        reminder = chosen(hoa)
        for n in range(1, MOST_UNANSWERED + 1):
            clock(at(19, days=n))
        LessonProgress.objects.update(last_at=at(21, days=MOST_UNANSWERED))
        assert clock(at(19, days=MOST_UNANSWERED + 1)) == (1, 1) and not ended(reminder)

    def test_what_could_not_be_sent_was_not_left_unanswered(self, hoa, monkeypatch):
        chosen(hoa)
        monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", False)
        for n in range(1, MOST_UNANSWERED + 2):
            clock(at(19, days=n))
        assert calling.unanswered(ReviewReminder.objects.get()) == 0 and not ended(ReviewReminder.objects.get())

    def test_by_hand(self, hoa):
        reminder = chosen(hoa)
        calling.stop(person=hoa)
        assert clock(at(19)) == (0, 0) and ended(reminder) == "own"

    def test_what_is_queued_is_not_sent_after_it(self, hoa):
        chosen(hoa)
        calling.call(at(19))
        calling.stop(person=hoa)
        assert outbox.send_due(now=at(19)).sent == 0

    def test_by_the_link_of_a_message_once_and_again(self, hoa):
        token = calling.token_of(chosen(hoa))
        first = calling.stop_by(token=token).ended_at
        assert first and calling.stop_by(token=token).ended_at == first and clock(at(19)) == (0, 0)

    @pytest.mark.parametrize("change", [lambda t: t[:-1] + "x", lambda t: "B" + t[1:], lambda t: "", lambda t: "a.b.é"])
    def test_by_no_other_link(self, hoa, change):
        reminder = chosen(hoa)
        with pytest.raises(calling.NoSuchReminder):
            calling.stop_by(token=change(calling.token_of(reminder)))
        assert not ended(reminder)

    def test_chosen_anew_it_goes_on(self, hoa):
        chosen(hoa)
        calling.stop(person=hoa)
        chosen(hoa)
        assert clock(at(19)) == (1, 1)


class TestChoosing:
    def test_a_way_one_has_no_address_for_is_refused(self, hoa):
        with pytest.raises(calling.NoAddress):
            chosen(hoa, way=Way.EMAIL)
        hoa.identifiers.filter(kind="phone").delete()
        with pytest.raises(calling.NoAddress):
            chosen(hoa, way=Way.CHAT)

    def test_a_way_this_site_has_not_is_not_offered(self, hoa, monkeypatch):
        monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", False)
        assert calling.ways_for(hoa) == [Way.PUSH]

    @pytest.mark.parametrize("hour", [6, 21, -1, 99])
    def test_an_hour_of_the_night_is_refused(self, hoa, hour):
        with pytest.raises(calling.BadHour):
            chosen(hoa, hour=hour)

    def test_an_hour_of_ones_own_quiet_ones_is_refused_at_its_field(self, hoa):
        ReminderPreference.objects.create(person=hoa, quiet_from=time(18), quiet_to=time(7))
        with pytest.raises(calling.QuietHour, match="18:00–07:00") as refused:
            chosen(hoa)
        assert refused.value.field == "hour" and chosen(hoa, hour=17)

    def test_nobody_chooses_without_end(self, hoa):
        for _time in range(calling.CHOSEN_AN_HOUR):
            chosen(hoa)
        with pytest.raises(TooMany):
            chosen(hoa)

    def test_no_name_is_looked_up_while_a_browser_is_taken_in(self, hoa, monkeypatch):
        monkeypatch.setattr("hocvuso.base.calling.socket.getaddrinfo", lambda *_a, **_k: pytest.fail("looked up"))
        slow = CalledBrowser("https://push.slow.example/a").subscription()
        assert chosen(hoa, way=Way.PUSH, subscription=slow)

    def test_by_mail_programs_can_end_it_too(self, hoa, monkeypatch):
        monkeypatch.setitem(settings.ENV, "HOCVUSO_SMTP_URL", {"host": "x"})
        kind, value = signin.read_address("hoa@example.vn")
        signin.add_identifier(person=hoa, kind=kind, value=value)
        reminder = chosen(hoa, way=Way.EMAIL)
        clock(at(19))
        [letter] = mail.outbox
        assert letter.subject == "Học vụ số: 1 câu sắp quên"
        link = f"{settings.BASE_URL}/thoi-nhac/{calling.token_of(reminder)}/"
        assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_by_chat_to_ones_own_number_and_nobody_elses(self, hoa, capsys):
        chosen(hoa, way=Way.CHAT)
        clock(at(19))
        [number] = addresses_of([hoa.pk], "phone").values()
        assert f"[chat] {number}: " in capsys.readouterr().err


class TestPush:
    def test_the_browser_reads_what_is_due_and_can_end_it(self, hoa, service):
        browser = CalledBrowser(f"{service.url}/a")
        reminder = chosen(hoa, way=Way.PUSH, subscription=browser.subscription())
        assert clock(at(19)) == (1, 1)
        [(path, headers, body)] = service.taken
        told = json.loads(browser.read(body))
        assert path == "/a" and headers["Content-Encoding"] == "aes128gcm" and headers["TTL"] == "86400"
        assert f"k={devices.public_key()}" in headers["Authorization"]
        assert told["open"] == "/viec-hoc/on-tap/" and "Nhận ra lừa đảo" in told["text"]
        assert told["stop"] == f"/thoi-nhac/{calling.token_of(reminder)}/"

    def test_every_browser_of_the_learner_is_called_and_that_is_one_occasion(self, hoa, service):
        for name in "ab":
            chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/{name}").subscription())
        assert clock(at(19)) == (1, 2) and sorted(path for path, *_rest in service.taken) == ["/a", "/b"]
        assert calling.unanswered(ReviewReminder.objects.get()) == 1

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_browser_that_is_no_more_is_let_go_and_with_the_last_one_the_reminder_ends(self, hoa, service, status):
        service.status = status
        reminder = chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
        assert clock(at(19)) == (1, 0)
        assert not PushDevice.objects.exists() and ended(reminder) == "gone"
        assert clock(at(19, days=2)) == (0, 0) and len(service.taken) == 1

    def test_while_another_browser_is_there_it_goes_on(self, hoa, service):
        reminder = chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
        devices.take_in(person=hoa, subscription=CalledBrowser(f"{service.url}/b").subscription())
        calling.call(at(19))
        calling._gone(ReviewCall.objects.first().pk, at(19))
        assert not ended(reminder) and PushDevice.objects.count() == 1

    def test_a_service_that_is_down_is_asked_again(self, hoa, service):
        service.status = 503
        reminder = chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
        clock(at(19))
        service.status = 201
        assert outbox.send_due(now=at(19, minute=30)).sent == 1 and not ended(reminder)

    def test_who_asks_on_a_neighbours_browser_has_it_and_the_neighbour_no_more(self, hoa, cast, service):
        browser = CalledBrowser(f"{service.url}/a")
        neighbours = chosen(cast.binh, way=Way.PUSH, subscription=browser.subscription())
        records.append(person=cast.binh, batch=batch(statement()))
        chosen(hoa, way=Way.PUSH, subscription=browser.subscription())
        ReviewCard.objects.update(due=timezone.now())
        assert clock(at(19)) == (1, 1) and len(service.taken) == 1
        assert ended(neighbours) == "gone"

    def test_a_call_on_its_way_to_a_browser_that_changed_hands_is_not_sent(self, hoa, cast, service):
        browser = CalledBrowser(f"{service.url}/a")
        chosen(hoa, way=Way.PUSH, subscription=browser.subscription())
        calling.call(at(19))
        devices.take_in(person=cast.binh, subscription=browser.subscription())
        assert outbox.send_due(now=at(19)).sent == 0 and not service.taken

    def test_without_a_browser_that_agreed_it_is_refused(self, hoa):
        for subscription in ("", "{}", CalledBrowser("https://10.0.0.1/a").subscription()):
            with pytest.raises(devices.NoDevice):
                chosen(hoa, way=Way.PUSH, subscription=subscription)
        assert not ReviewReminder.objects.exists()

    def test_whoever_ends_it_or_takes_another_way_is_known_by_no_browser(self, hoa, service):
        for leave in (lambda: calling.stop(person=hoa), lambda: chosen(hoa)):
            chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
            leave()
            assert not PushDevice.objects.exists()

    def test_the_newest_few_browsers_are_kept(self, hoa, service):
        for n in range(devices.MOST + 2):
            chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/{n}").subscription())
        assert PushDevice.objects.filter(person=hoa).count() == devices.MOST

    def test_where_a_browser_is_called_lies_in_no_table_openly(self, hoa, service):
        chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/secret").subscription())
        row = PushDevice.objects.get()
        assert "secret" not in row.sealed + row.lookup


class TestOnesOwnData:
    def test_what_was_chosen_and_sent_can_be_taken_along(self, hoa, service):
        chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
        goals.choose(person=hoa, lessons=5)
        clock(at(19))
        tables = {word: rows for line in exporting.export(hoa)["processings"] for word, rows in line["tables"].items()}
        assert tables["review-reminder"][0]["way"] == "push" and len(tables["push-device"]) == 1
        assert len(tables["review-call"]) == 1 and tables["weekly-goal"][0]["lessons"] == 5

    def test_it_goes_with_the_account(self, hoa, service, django_capture_on_commit_callbacks):
        chosen(hoa, way=Way.PUSH, subscription=CalledBrowser(f"{service.url}/a").subscription())
        goals.choose(person=hoa, lessons=5)
        clock(at(19))
        with django_capture_on_commit_callbacks(execute=True):
            profile.erase(person=hoa)
        assert not any(model.objects.exists() for model in (ReviewReminder, ReviewCall, PushDevice, WeeklyGoal))

    def test_calls_are_forgotten_after_a_time(self, hoa):
        chosen(hoa)
        clock(at(19))
        end_calls(at(19) + KEPT)
        assert not OutboxMessage.objects.filter(source="review-call").exists() and ReviewCall.objects.exists()
        end_calls(at(20) + KEPT)
        assert not ReviewCall.objects.exists()


class TestConsentTakenBack:
    def test_who_takes_it_back_is_called_no_more(self, hoa, django_capture_on_commit_callbacks):
        reminder = chosen(hoa)
        with django_capture_on_commit_callbacks(execute=True):
            consents.answer(person=hoa, purpose=Purpose.PUBLIC_NAME, said=Said.DECLINED, evidence="test")
        assert not ended(reminder)
        with django_capture_on_commit_callbacks(execute=True):
            consents.answer(person=hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
        assert ended(reminder) == "own" and clock(at(19)) == (0, 0)

    def test_nor_a_child_whose_guardian_does(self, hoa, cast, django_capture_on_commit_callbacks):
        Person.objects.filter(pk=hoa.pk).update(birth_year=timezone.localdate().year - 12)
        child = Person.objects.get(pk=hoa.pk)
        asked = guardians.ask_guardian(child=child, address=PHONES["binh"], name="Bố")
        guardians.guardian_consents(request=asked, by=cast.binh)
        reminder = chosen(child)
        with django_capture_on_commit_callbacks(execute=True):
            guardians.guardian_withdraws(request=asked, by=cast.binh)
        assert ended(reminder) == "own" and clock(at(19)) == (0, 0)
