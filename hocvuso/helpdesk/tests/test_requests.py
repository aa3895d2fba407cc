"""Residents' requests: asked, suggested, taken, handed over, solved, rated; who may, until when, what is counted."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from hocvuso.base.errors import IllegalMove, NeedsWords, NotAllowed, Refusal, TooMany
from hocvuso.base.models import JournalEntry
from hocvuso.base.words import name_of
from hocvuso.helpdesk import queries
from hocvuso.helpdesk.models import RequestMove, ResidentRequest
from hocvuso.helpdesk.rules import MOVES, OPEN, RequestState, answer_by, due_on, late_days
from hocvuso.helpdesk.services import refusals, requests, terms
from hocvuso.indicators.rules import REGISTER
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import profile, roles, signin
from tests.commune import close_unit

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 2, 12))
TODAY = NOON.date()


def ask(there, *, at=NOON, **changes):
    fields = {"unit": there.committee, "topic": "service", "text": "Tôi muốn nộp hồ sơ", "by": there.hoa} | changes
    return requests.ask(**fields, at=at)


@pytest.fixture
def asked(there):
    return ask(there)


def state(request):
    request.refresh_from_db()
    return request.state


class TestAsking:
    def test_it_waits_at_the_commune_of_ones_home(self, there, asked):
        assert queries.unit_helping(there.hoa.home_place) == there.committee
        assert state(asked) == RequestState.ASKED
        assert list(queries.on_the_desk(there.tu)) == [asked]
        assert JournalEntry.objects.filter(act="request.asked", subject=name_of(asked)).count() == 1

    def test_no_commune_no_helping_unit(self, there):
        assert queries.unit_helping(None) is None
        assert queries.unit_helping(there.place.parent) is None
        close_unit(unit=there.next_door, on=TODAY, by=None)
        assert queries.unit_helping(there.next_door.place) is None

    @pytest.mark.parametrize(
        ("changes", "field"), [({"text": "  "}, "text"), ({"topic": "x"}, "topic"), ({"unit": "province"}, "unit")]
    )
    def test_what_cannot_be_is_refused_at_its_field(self, there, changes, field):
        if "unit" in changes:
            changes = {"unit": there.province}
        with pytest.raises(Refusal) as refusal:
            ask(there, **changes)
        assert refusal.value.field == field and str(refusal.value)
        assert not ResidentRequest.objects.exists()

    def test_a_child_needs_a_guardians_consent(self, there):
        with pytest.raises(requests.NeedsGuardian):
            ask(there, by=Person.objects.create(name="Bi", birth_year=timezone.localdate().year - 12))

    def test_so_many_a_day_and_no_more(self, there):
        for _n in range(requests.MOST_A_DAY):
            ask(there)
        with pytest.raises(TooMany):
            ask(there)

    def test_lessons_that_may_help_are_suggested_and_a_person_still_sees_it(self, there, programme):
        request = ask(there, text="Hôm qua có người lạ gọi, tôi sợ bị lừa đảo quá")
        assert state(request) == RequestState.ANSWERED
        (said,) = queries.said_under(request)
        assert said.reply.by is None and said.lessons
        assert list(queries.on_the_desk(there.tu)) == [request]

    def test_where_no_lesson_is_found_the_assistant_says_nothing(self, there, programme):
        request = ask(there, text="zzzz qqqq")
        assert state(request) == RequestState.ASKED and not queries.said_under(request)


class TestCalling:
    def test_helpers_see_the_phone_of_who_lets_them_and_of_nobody_else(self, there):
        signin.add_identifier(person=there.hoa, kind="phone", value="+84912345678")
        assert queries.phone_of(ask(there)) == ""
        assert queries.phone_of(ask(there, may_call=True)) == "+84912345678"


class TestWritingDown:
    def test_somebody_without_an_account_is_helped_too(self, there):
        caller = requests.Caller(name="Bà Sáu", phone="0912 345 678")
        made = requests.write_down(
            unit=there.committee, topic="device", text="Máy tắt", channel="desk", caller=caller, by=there.tu
        )
        assert made.asker is None and "912345678" not in made.contact_sealed
        assert queries.phone_of(made) == "+84912345678"

    def test_who_helps_from_far_above_sees_a_masked_phone(self, there):
        above = Person.objects.create(name="Trên")
        roles.grant(person=above, role=Role.OFFICER, unit=there.committee.parent, by=None)
        signin.add_identifier(person=there.hoa, kind="phone", value="+84912345678")
        made = ask(there, may_call=True)
        assert queries.phone_shown(made, there.tu) == "+84912345678" and queries.works_with(there.tu, made)
        assert queries.phone_shown(made, above) == "…678" and not queries.works_with(above, made)

    def test_a_phone_that_is_none_is_told(self, there):
        with pytest.raises(requests.BadPhone):
            requests.write_down(
                unit=there.committee, topic="device", text="x", channel="desk", caller=requests.Caller(phone="12"),
                by=there.tu,
            )  # fmt: skip

    def test_what_a_system_sends_twice_is_kept_once(self, there):
        def send(reference, by):
            return requests.write_down(
                unit=there.committee, topic="device", text="x", channel="phone", caller=requests.Caller(), by=by,
                reference=reference,
            )  # fmt: skip

        first = send("tổng đài 7", there.tu)
        assert send("tổng đài 7", there.tu) == first
        assert send("tổng đài 7", there.lan) != first != send("", there.tu) != send("", there.tu)
        assert ResidentRequest.objects.count() == 4 and first.moves.count() == 1

    @pytest.mark.parametrize("change", [{"text": "y"}, {"topic": "service"}, {"caller": requests.Caller(name="Ba")}])
    def test_other_content_under_the_same_reference_is_refused(self, there, change):
        said = {"unit": there.committee, "topic": "device", "text": "x", "channel": "phone", "reference": "7"}
        requests.write_down(caller=requests.Caller(phone="0912345678"), by=there.tu, **said)
        with pytest.raises(requests.SameReference):
            requests.write_down(**{"caller": requests.Caller(phone="0912345678"), "by": there.tu, **said} | change)

    def test_what_was_handed_over_meanwhile_is_still_the_same(self, there):
        said = {"unit": there.committee, "topic": "device", "text": "x", "channel": "phone", "reference": "7"}
        first = requests.write_down(caller=requests.Caller(phone="0912345678"), by=there.tu, **said)
        ResidentRequest.objects.update(unit=there.province)
        assert requests.write_down(caller=requests.Caller(phone="0912 345 678"), by=there.tu, **said) == first

    def test_not_next_door(self, there):
        with pytest.raises(NotAllowed):
            requests.write_down(
                unit=there.committee, topic="device", text="x", channel="desk", caller=requests.Caller(), by=there.nga
            )


class TestDueDays:
    def test_nothing_is_promised_until_somebody_promises(self, asked):
        assert asked.due_on is None

    def test_the_nearest_promise_holds(self, there):
        terms.set_term(unit=there.province, days=5, by=there.lan, basis="Kế hoạch 1")
        assert ask(there).due_on == date(2026, 11, 7)
        terms.set_term(unit=there.committee, days=2, by=there.lan)
        assert ask(there).due_on == date(2026, 11, 4)
        assert ask(there, unit=there.next_door).due_on == date(2026, 11, 7)
        terms.set_term(unit=there.committee, days=None, by=there.lan)
        assert ask(there).due_on == date(2026, 11, 7)

    @pytest.mark.parametrize("days", [0, 61, -1])
    def test_days_that_cannot_be(self, there, days):
        with pytest.raises(refusals.BadTerm):
            terms.set_term(unit=there.province, days=days, by=there.lan)

    def test_an_officer_does_not_set_it(self, there):
        with pytest.raises(NotAllowed):
            terms.set_term(unit=there.committee, days=3, by=there.tu)

    def test_who_takes_it_may_promise_earlier_and_never_later(self, there):
        terms.set_term(unit=there.province, days=5, by=there.lan)
        for day, due in [(4, 4), (20, 7)]:
            request = ask(there)
            requests.take(request=request, by=there.tu, day=date(2026, 11, day), at=NOON)
            request.refresh_from_db()
            assert request.due_on == date(2026, 11, due)

    def test_not_a_day_that_is_over(self, there, asked):
        with pytest.raises(requests.NotADueDay):
            requests.take(request=asked, by=there.tu, day=TODAY - timedelta(days=1), at=NOON)
        assert state(asked) == RequestState.ASKED

    def test_late_is_kept_with_the_move(self, there):
        terms.set_term(unit=there.province, days=1, by=there.lan)
        request = ask(there)
        assert request.is_late(TODAY + timedelta(days=2)) and not request.is_late(TODAY + timedelta(days=1))
        assert list(ResidentRequest.objects.late(TODAY + timedelta(days=2))) == [request]
        requests.solve(request=request, by=there.tu, text="Đã xong", at=NOON + timedelta(days=3))
        assert request.moves.get(to="solved").late_days == 2

    def test_rules(self):
        assert due_on(TODAY, None) is None and late_days(None, TODAY) is None
        assert late_days(TODAY, TODAY - timedelta(days=3)) == 0


class TestHelping:
    def test_taken_answered_solved_rated(self, there, asked):
        requests.take(request=asked, by=there.tu)
        requests.say(request=asked, text="Chị mang căn cước đến nhé", by=there.tu)
        requests.say(request=asked, text="Vâng", by=there.hoa)
        requests.solve(request=asked, text="Đã nộp cùng chị", by=there.tu)
        requests.rate(request=asked, rating=5, by=there.hoa, note="Cảm ơn")
        assert state(asked) == RequestState.RATED
        assert [move.to for move in asked.moves.all()] == ["asked", "taken", "solved", "rated"]

    def test_handed_to_the_team_it_waits_there(self, there, asked):
        requests.take(request=asked, by=there.tu)
        assert list(queries.units_to_hand_to(asked, there.tu)) == [there.team]
        requests.hand_over(request=asked, to=there.team, by=there.tu)
        assert state(asked) == RequestState.ASKED and asked.unit == there.team and asked.taken_by is None
        assert list(queries.on_the_desk(there.tam)) == [asked] == list(queries.on_the_desk(there.tu))

    def test_not_out_of_ones_reach(self, there, asked):
        with pytest.raises(NotAllowed):
            requests.hand_over(request=asked, to=there.next_door, by=there.tu)
        with pytest.raises(requests.NoCommune):
            requests.hand_over(request=asked, to=there.province, by=there.lan)

    def test_a_helper_says_how_it_was_solved_the_resident_need_not(self, there, asked):
        with pytest.raises(NeedsWords):
            requests.solve(request=asked, by=there.tu)
        requests.solve(request=asked, by=there.hoa)
        assert state(asked) == RequestState.SOLVED

    def test_not_solved_after_all(self, there, asked):
        requests.solve(request=asked, text="Xong", by=there.tu)
        requests.ask_again(request=asked, why="Vẫn chưa được", by=there.hoa)
        assert state(asked) == RequestState.ASKED
        requests.solve(request=asked, text="Xong thật", by=there.tu)
        assert asked.moves.filter(to="solved", first=True).count() == 1

    @pytest.mark.parametrize("rating", [0, 6, None])
    def test_a_rating_is_one_to_five(self, there, asked, rating):
        requests.solve(request=asked, by=there.hoa)
        with pytest.raises(requests.BadRating):
            requests.rate(request=asked, rating=rating, by=there.hoa)

    def test_so_many_words_an_hour_and_no_more(self, there, asked):
        for _n in range(requests.MOST_WORDS_AN_HOUR):
            requests.say(request=asked, text="x", by=there.hoa)
        with pytest.raises(TooMany):
            requests.say(request=asked, text="x", by=there.hoa)
        requests.say(request=asked, text="x", by=there.tu)

    def test_nothing_is_said_under_what_is_closed(self, there, asked):
        requests.withdraw(request=asked, by=there.hoa)
        with pytest.raises(IllegalMove):
            requests.say(request=asked, text="x", by=there.hoa)


class TestNeighbours:
    def test_they_see_nothing(self, there, asked):
        for person in (there.nga, Person.objects.create(name="Ai"), AnonymousUser()):
            assert not ResidentRequest.objects.visible_to(person).exists()
        for person in (there.hoa, there.tu, there.lan):
            assert list(ResidentRequest.objects.visible_to(person)) == [asked]

    def test_a_request_without_an_account_is_not_everybodys(self, there):
        requests.write_down(
            unit=there.committee, topic="device", text="x", channel="desk", caller=requests.Caller(), by=there.tu
        )
        assert not ResidentRequest.objects.visible_to(AnonymousUser()).exists()

    @pytest.mark.parametrize("verb", ["take", "say", "solve", "ask_again", "rate", "withdraw"])
    def test_they_do_nothing(self, there, asked, verb):
        more = {"say": {"text": "x"}, "solve": {"text": "x"}, "ask_again": {"why": "x"}, "rate": {"rating": 1}}
        with pytest.raises(NotAllowed):
            getattr(requests, verb)(request=asked, by=there.nga, **more.get(verb, {}))
        assert state(asked) == RequestState.ASKED

    def test_a_helper_neither_rates_nor_reopens_nor_withdraws_what_another_asked(self, there, asked):
        requests.solve(request=asked, by=there.hoa)
        for verb, more in [("ask_again", {"why": "x"}), ("rate", {"rating": 5}), ("withdraw", {})]:
            with pytest.raises(NotAllowed):
                getattr(requests, verb)(request=asked, by=there.tu, **more)


class TestErasing:
    def test_words_go_the_count_stays(self, there, asked, django_capture_on_commit_callbacks):
        requests.say(request=asked, text="riêng", by=there.hoa)
        requests.say(request=asked, text="của xã", by=there.tu)
        with django_capture_on_commit_callbacks(execute=True):
            profile.erase(person=there.hoa)
        assert state(asked) == RequestState.WITHDRAWN and asked.text == ""
        assert [said.reply.text for said in queries.said_under(asked)] == ["", "của xã"]
        assert REGISTER["requests.asked"].rows().count() == 1


class TestCounting:
    def test_figures_count_first_moves_where_they_happened(self, there):
        terms.set_term(unit=there.province, days=2, by=there.lan)
        for days, rating in [(1, 5), (4, 2)]:
            request = ask(there)
            requests.hand_over(request=request, to=there.team, by=there.tu, at=NOON)
            requests.solve(request=request, text="x", by=there.tam, at=NOON + timedelta(days=days))
            requests.rate(request=request, rating=rating, by=there.hoa)
        counted = {name: list(REGISTER[f"requests.{name}"].rows()) for name in
                   ("asked", "solved", "due", "on-time", "rated", "satisfied")}  # fmt: skip
        assert {name: len(rows) for name, rows in counted.items()} == {
            "asked": 2, "solved": 2, "due": 2, "on-time": 1, "rated": 2, "satisfied": 1,
        }  # fmt: skip
        assert {move.unit for move in counted["asked"]} == {there.committee}
        assert {move.unit for move in counted["solved"]} == {there.team}

    def test_a_commune_sees_what_waits(self, there, asked, django_assert_num_queries):
        requests.take(request=ask(there), by=there.tu)
        with django_assert_num_queries(2):
            waiting = queries.waiting_at(there.committee, TODAY)
        assert (waiting.open, waiting.unanswered, waiting.late) == (2, 1, 0)


VERBS = {
    "take": (RequestState.TAKEN, "helper", {}),
    "solve": (RequestState.SOLVED, "both", {"text": "x"}),
    "ask_again": (RequestState.ASKED, "asker", {"why": "x"}),
    "rate": (RequestState.RATED, "asker", {"rating": 3}),
    "withdraw": (RequestState.WITHDRAWN, "asker", {}),
    "hand_over": (RequestState.ASKED, "helper", {}),
}


def lawful(now, verb, who):
    """What the rules say, written apart from the verbs."""
    to, whose, _more = VERBS[verb]
    if who == "nga" or (whose == "asker" and who != "hoa") or (whose == "helper" and who == "hoa"):
        return False
    if verb in ("take", "hand_over"):
        return now in OPEN and (verb == "hand_over" or now != RequestState.TAKEN)
    return to in MOVES[now] and not (verb == "ask_again" and now == RequestState.TAKEN)


@pytest.mark.parametrize("seed", range(2))
def test_random_events_keep_the_law(there, seed):
    """1,000 events a seed: the request is where the law says, and every move is written once."""
    chance, request, now, moves = random.Random(seed), None, None, 0
    for _event in range(1000):
        if request is None or not (MOVES[now] or chance.random() < 0.7):
            request = requests.write_down(
                unit=there.committee, topic="other", text="x", channel="desk", caller=requests.Caller(), by=there.tu
            )
            ResidentRequest.objects.filter(pk=request.pk).update(asker=there.hoa, recorded_by=None)
            now, moves = RequestState.ASKED, 1
        verb, who = chance.choice(list(VERBS)), chance.choice(["hoa", "tu", "lan", "nga"])
        more = dict(VERBS[verb][2])
        if verb == "hand_over":
            request.refresh_from_db()
            more["to"] = there.team if request.unit == there.committee else there.committee
        try:
            getattr(requests, verb)(request=request, by=getattr(there, who), **more)
            assert lawful(now, verb, who), (now, verb, who)
            moved = verb != "hand_over" or now == RequestState.TAKEN
            now = VERBS[verb][0] if moved else now
            moves += moved
        except Refusal:
            assert not lawful(now, verb, who), (now, verb, who)
        assert state(request) == now
        assert RequestMove.objects.filter(request=request).count() == moves


def test_whose_role_ended_takes_back_nothing_they_wrote_down(there):
    made = requests.write_down(
        unit=there.committee,
        topic="safety",
        text="Mất mật khẩu",
        channel="desk",
        caller=requests.Caller(),
        by=there.tu,
    )
    roles.end(grant=RoleGrant.objects.get(person=there.tu), by=None)
    with pytest.raises(NotAllowed):
        requests.withdraw(request=made, by=Person.objects.get(pk=there.tu.pk))
    made.refresh_from_db()
    assert made.state != RequestState.WITHDRAWN


@pytest.mark.parametrize(
    ("asked", "hours", "answered"),
    [("09:00", 4, "13:00 30"), ("19:30", 4, "07:00 01"), ("23:00", 2, "07:00 01"), ("20:00", 24, "20:00 01")],
)
def test_who_was_defrauded_is_answered_within_hours_and_at_night_by_morning(asked, hours, answered):
    at = datetime.fromisoformat(f"2026-11-30T{asked}:00+07:00")
    found = answer_by(at, "safety", hours)
    assert found is not None and f"{found:%H:%M %d}" == answered
    assert answer_by(at, "device", hours) is None and answer_by(at, "safety", None) is None


@pytest.mark.parametrize("hours", [0, 73])
def test_hours_that_nobody_can_promise_are_refused(there, hours):
    with pytest.raises(refusals.BadAnswerHours):
        terms.set_term(unit=there.committee, days=3, answer_hours=hours, by=there.lan)
