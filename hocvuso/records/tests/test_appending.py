"""Facts are appended once, whatever the door, under the rules of recording; what was wrong is voided, never changed."""

import json

import pytest
from django.utils import timezone

from hocvuso.learning.models import LessonProgress
from hocvuso.people.models import Person
from hocvuso.records import services
from hocvuso.records.models import Statement
from hocvuso.records.rules import MAX_SECONDS, BadStatement, seconds_of
from tests.world import batch, statement


class TestArithmetic:
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
        return services.append(person=person or self.hoa, batch=batch(*statements))

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
            statement(context={"x": "y" * 5000}),
            {"id": "x"},
        ]
        receipt = self.record(*bad, good)
        assert receipt.accepted == [good["id"]] and len(receipt.refused) == len(bad)

    @pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"[1", json.dumps([1] * 51).encode()])
    def test_what_is_no_batch_is_refused_whole(self, raw):
        with pytest.raises(services.BadBatch):
            services.append(person=self.hoa, batch=raw)

    def test_nothing_is_recorded_of_a_child_without_consent(self):
        Person.objects.filter(pk=self.hoa.pk).update(birth_year=timezone.localdate().year - 10)
        self.hoa.refresh_from_db()
        with pytest.raises(services.NeedsGuardian):
            self.record(statement())

    def test_a_long_offline_batch_takes_few_queries(self, django_assert_max_num_queries):
        self.record(statement(verb="initialized", kind="lesson"))
        many = [statement(verb="progressed", kind="lesson") for _ in range(50)]
        with django_assert_max_num_queries(9):
            self.record(*many)
