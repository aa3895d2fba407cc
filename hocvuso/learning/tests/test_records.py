"""Facts are appended once; progress is concluded from them, only rises, and can be rebuilt from zero."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning import queries, services
from hocvuso.learning.models import Enrolment, LessonProgress, ReviewCard, Statement
from hocvuso.learning.rules import MAX_SECONDS, BadStatement, Fact, Progress, advance, seconds_of
from hocvuso.people.models import Person
from tests.world import batch, statement

NOW = datetime(2026, 11, 24, tzinfo=UTC)


facts = st.builds(
    Fact,
    id=st.uuids(),
    verb=st.sampled_from(["initialized", "progressed", "answered", "completed"]),
    kind=st.sampled_from(["lesson", "practice", "item"]),
    lesson=st.just("p/l"),
    item=st.just(""),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1)),
    scaled=st.none() | st.floats(0, 1),
    success=st.none() | st.booleans(),
    seconds=st.integers(0, MAX_SECONDS),
)


class TestArithmetic:
    @given(st.lists(facts, max_size=12), st.randoms())
    def test_the_order_in_which_facts_arrive_does_not_matter(self, given_facts, chance):
        shuffled = list(given_facts)
        chance.shuffle(shuffled)
        ends = []
        for row in (given_facts, shuffled):
            progress = Progress()
            for fact in row:
                progress = advance(progress, fact)
            ends.append(progress)
        assert ends[0] == ends[1]

    @given(st.lists(facts, max_size=12), facts)
    def test_progress_only_rises(self, given_facts, one_more):
        before = Progress()
        for fact in given_facts:
            before = advance(before, fact)
        after = advance(before, one_more)
        assert after.done >= before.done and after.best >= before.best and after.seconds >= before.seconds

    @pytest.mark.parametrize(
        ("text", "seconds"), [("PT20S", 20), ("PT1M30S", 90), ("PT2H", MAX_SECONDS), (None, 0), ("PT1.5S", 1)]
    )
    def test_durations_are_bounded(self, text, seconds):
        assert seconds_of(text) == seconds

    def test_a_bad_duration_is_refused(self):
        with pytest.raises(BadStatement):
            seconds_of("20 seconds")


@pytest.mark.django_db
class TestRecording:
    @pytest.fixture(autouse=True)
    def _ready(self, programme, cast):
        self.hoa, self.binh = cast.hoa, cast.binh

    def record(self, *statements, person=None):
        return services.record(person=person or self.hoa, batch=batch(*statements))

    def test_sending_twice_changes_nothing(self):
        one = statement(verb="completed", kind="lesson")
        first, second = self.record(one), self.record(one)
        assert first.accepted == second.accepted == [one["id"]]
        assert Statement.objects.count() == 1
        assert LessonProgress.objects.get().seconds == 20

    def test_the_same_id_with_other_content_is_refused_with_409(self):
        one = statement()
        self.record(one)
        receipt = self.record(one | {"result": {"success": False}})
        assert receipt.refused[0]["why"].startswith("409")
        assert Statement.objects.get().content["result"]["success"] is True

    def test_another_persons_id_is_refused(self):
        one = statement()
        self.record(one)
        assert self.record(one, person=self.binh).refused[0]["why"].startswith("409")

    def test_one_bad_statement_does_not_hold_up_the_others(self):
        good = statement()
        bad = [
            statement(verb="deleted"),
            statement(address="hai-bai/khong-co"),
            statement(result={"score": {"scaled": 2}}),
            statement(timestamp="hôm qua"),
            statement(timestamp="2026-11-24T08:00:00"),
            statement(timestamp="9999-12-31T23:59:59-12:00"),
            statement(context={"x": "y" * 5000}),
            {"id": "x"},
        ]
        receipt = self.record(*bad, good)
        assert receipt.accepted == [good["id"]] and len(receipt.refused) == len(bad)

    @pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"[1", json.dumps([1] * 51).encode()])
    def test_what_is_no_batch_is_refused_whole(self, raw):
        with pytest.raises(services.BadBatch):
            services.record(person=self.hoa, batch=raw)

    def test_nothing_is_recorded_of_a_child_without_consent(self):
        Person.objects.filter(pk=self.hoa.pk).update(birth_year=timezone.localdate().year - 10)
        self.hoa.refresh_from_db()
        with pytest.raises(services.NeedsGuardian):
            self.record(statement())

    def test_learning_enrols(self):
        self.record(statement(verb="initialized", kind="lesson"))
        assert Enrolment.objects.get().why == "own"

    def test_rebuilding_from_zero_gives_the_same(self):
        start = datetime.now(UTC) - timedelta(days=2)
        for n in range(6):
            at = (start + timedelta(hours=n)).isoformat()
            self.record(
                statement(timestamp=at, result={"success": n % 2 == 0}),
                statement(verb="completed", kind="practice", timestamp=at, result={"score": {"scaled": n / 10}}),
            )
        self.record(statement(verb="completed", kind="lesson"))

        def state():
            progress = list(LessonProgress.objects.values_list("lesson__key", "state", "best", "seconds", "done_at"))
            return progress, list(ReviewCard.objects.values_list("item", "due"))

        before = state()
        assert services.rebuild(person=self.hoa) == 13
        assert state() == before

    def test_a_long_offline_batch_takes_few_queries(self, django_assert_max_num_queries):
        self.record(statement(verb="initialized", kind="lesson"))
        many = [statement(verb="progressed", kind="lesson") for _ in range(50)]
        with django_assert_max_num_queries(9):
            self.record(*many)

    def test_my_learning_takes_the_same_queries_for_one_or_both_lessons(self, django_assert_num_queries):
        self.record(statement(verb="completed", kind="lesson"))
        with django_assert_num_queries(3):
            [standing] = queries.my_learning(self.hoa)
        assert (standing.done, standing.total, standing.next.key) == (1, 2, "bai-hai")


@pytest.mark.django_db
class TestReviews:
    def test_what_was_wrong_comes_back_sooner_than_what_was_right(self, programme, cast):
        long_ago = (datetime.now(UTC) - timedelta(days=30)).isoformat()
        for who, success in ((cast.hoa, True), (cast.binh, False)):
            services.record(person=who, batch=batch(statement(timestamp=long_ago, result={"success": success})))
        right, wrong = ReviewCard.objects.get(person=cast.hoa), ReviewCard.objects.get(person=cast.binh)
        assert wrong.due < right.due

    def test_due_questions_are_shown_and_an_answer_puts_them_off(self, programme, cast):
        long_ago = (datetime.now(UTC) - timedelta(days=60)).isoformat()
        services.record(person=cast.hoa, batch=batch(statement(timestamp=long_ago)))
        assert queries.due_count(cast.hoa) == 1
        services.record(person=cast.hoa, batch=batch(statement(id=str(uuid.uuid4()))))
        assert queries.due_count(cast.hoa) == 0
