"""Progress, completions and reviews are concluded from what is recorded, and can be rebuilt from zero."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.learning import queries, services
from hocvuso.learning.models import Completion, Enrolment, LessonProgress, ReviewCard
from hocvuso.learning.rules import Progress, advance
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from hocvuso.records.rules import MAX_SECONDS, Fact
from tests.world import batch, statement

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEPT = {
    LessonProgress: ["state", "best", "seconds", "last_at", "done_at"],
    ReviewCard: ["item", "due", "card__due", "card__stability", "card__difficulty"],
    Completion: ["cause", "times", "at", "spent", "needed"],
}


facts = st.builds(
    Fact,
    id=st.uuids(),
    verb=st.sampled_from(["initialized", "progressed", "answered", "completed"]),
    kind=st.sampled_from(["lesson", "practice", "item"]),
    lesson=st.just("p/l"),
    item=st.just(""),
    stored_at=st.just(NOW),
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


@pytest.mark.django_db
class TestFollowing:
    @pytest.fixture(autouse=True)
    def _ready(self, programme, cast):
        self.hoa, self.binh = cast.hoa, cast.binh

    def record(self, *statements, person=None):
        return records.append(person=person or self.hoa, batch=batch(*statements))

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
            counted = list(Completion.objects.values_list("cause", "times", "spent", "stored_at"))
            return progress, counted, list(ReviewCard.objects.values_list("item", "due", "card"))

        before = state()
        assert services.rebuild(person=self.hoa) == 13
        assert state() == before

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), max_size=8))
    def test_rebuilding_gives_the_same_in_whatever_order_devices_told(self, answers):
        with transaction.atomic():
            for days_ago, success, voided in answers:
                told = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
                one = statement(timestamp=told, result={"success": success, "duration": "PT9S"})
                done = statement("completed", "lesson", timestamp=told)
                self.record(one, done)
                for made in (one, done) if voided else ():
                    records.void(statement=Statement.objects.get(pk=made["id"]), reason="nhầm", by=None)
            before = [list(model.objects.order_by("lesson").values(*fields)) for model, fields in KEPT.items()]
            services.rebuild(person=self.hoa)
            assert before == [list(model.objects.order_by("lesson").values(*fields)) for model, fields in KEPT.items()]
            transaction.set_rollback(True)

    def test_the_same_again_adds_nothing(self):
        one = statement("completed", "lesson")
        self.record(one)
        self.record(one)
        assert LessonProgress.objects.get().seconds == 20

    def test_what_followed_from_a_voided_statement_follows_no_more(self):
        one, two = statement("completed", "lesson"), statement("progressed", "lesson", result={"duration": "PT30S"})
        self.record(one, two, statement())
        records.void(statement=Statement.objects.get(pk=one["id"]), reason="nhầm", by=None)
        progress = LessonProgress.objects.get()
        assert (progress.state, progress.seconds, progress.done_at) == ("under-way", 50, None)
        self.record(one)  # sent again it stays voided
        assert LessonProgress.objects.get().state == "under-way"

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
            records.append(person=who, batch=batch(statement(timestamp=long_ago, result={"success": success})))
        right, wrong = ReviewCard.objects.get(person=cast.hoa), ReviewCard.objects.get(person=cast.binh)
        assert wrong.due < right.due

    def test_due_questions_are_shown_and_an_answer_puts_them_off(self, programme, cast):
        long_ago = (datetime.now(UTC) - timedelta(days=60)).isoformat()
        records.append(person=cast.hoa, batch=batch(statement(timestamp=long_ago)))
        assert queries.due_count(cast.hoa) == 1
        records.append(person=cast.hoa, batch=batch(statement(id=str(uuid.uuid4()))))
        assert queries.due_count(cast.hoa) == 0
