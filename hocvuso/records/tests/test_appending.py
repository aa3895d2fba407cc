"""Facts are appended once, whatever the door, under the rules of recording; what was wrong is voided, never changed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NeedsReason, NotAllowed
from hocvuso.base.models import JournalEntry, NotTaken
from hocvuso.library.models import Programme
from hocvuso.people.models import Person
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents, profile
from hocvuso.records import projections, queries, services
from hocvuso.records.models import Statement
from hocvuso.records.rules import MAX_BATCH_BYTES, MAX_SECONDS, BadStatement, bounded, seconds_of
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

    def test_a_zero_byte_which_not_every_database_keeps_is_refused_and_its_letters_are_not(self):
        bad, good = (statement(context={"a": text}) for text in ("\0", r"\u0000"))
        receipt = self.record(bad, good)
        assert [one["id"] for one in receipt.refused] == [bad["id"]] and receipt.accepted == [good["id"]]

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

    @pytest.mark.parametrize(
        "raw", [b"", b"{}", b"[]", b"[1", json.dumps([1] * 51).encode(), b"[1]" + b" " * MAX_BATCH_BYTES]
    )
    def test_what_is_no_batch_is_refused_whole(self, raw):
        with pytest.raises(services.BadBatch):
            services.append(person=self.hoa, batch=raw)

    def test_nothing_is_recorded_of_a_child_without_consent(self):
        Person.objects.filter(pk=self.hoa.pk).update(birth_year=timezone.localdate().year - 10)
        self.hoa.refresh_from_db()
        with pytest.raises(services.NeedsGuardian):
            self.record(statement())

    @pytest.mark.parametrize("end", ["erased", "withdrawn"])
    def test_nothing_is_stored_of_who_left_since_the_request_began(self, end):
        asked = Person.objects.get(pk=self.hoa.pk)
        if end == "erased":
            profile.erase(person=self.hoa)
        else:
            consents.answer(person=self.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
        with pytest.raises(services.NeedsConsent):
            self.record(statement(), person=asked)
        assert not Statement.objects.exists() and not NotTaken.objects.exists()

    def test_a_long_offline_batch_takes_few_queries(self, django_assert_max_num_queries):
        self.record(statement(verb="initialized", kind="lesson"))
        many = [statement(verb="progressed", kind="lesson") for _ in range(50)]
        with django_assert_max_num_queries(9):
            self.record(*many)


YEAR = timedelta(days=365)
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)


class TestTheDevicesTime:
    @given(st.datetimes(timezones=st.just(UTC)))
    def test_it_reaches_no_further_than_the_year_before_ours(self, moment):
        assert NOW - YEAR <= bounded(moment, NOW) <= NOW

    @given(st.timedeltas(timedelta(0), timedelta(days=365)))
    def test_within_that_year_it_is_believed(self, ago):
        assert bounded(NOW - ago, NOW) == NOW - ago

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("told", "counts"),
        [
            ("9999-12-31T17:00:00Z", NOW),
            ("9999-12-31T23:59:59-12:00", NOW),
            ("2030-01-01T00:00:00Z", NOW),
            ("0001-01-01T00:00:00Z", NOW - YEAR),
            ("0001-01-01T00:00:00+14:00", NOW - YEAR),
        ],
    )
    def test_a_clock_that_is_off_is_bounded_and_what_it_said_is_kept(self, cast, programme, told, counts):
        one = statement(timestamp=told)
        assert services.append(person=cast.hoa, batch=batch(one), at=NOW).accepted == [one["id"]]
        row = Statement.objects.get()
        assert (row.at, row.stored_at) == (counts, NOW) and row.content["timestamp"] == told

    @pytest.mark.django_db
    @pytest.mark.parametrize("told", ["2026-11-24T08:00:00", "2026-02-30T08:00:00Z", "hôm qua", "", None, 7])
    def test_what_is_no_moment_is_refused(self, cast, programme, told):
        assert services.append(person=cast.hoa, batch=batch(statement(timestamp=told))).refused
        assert not Statement.objects.exists()


@pytest.mark.django_db
class TestVoiding:
    @pytest.fixture(autouse=True)
    def _ready(self, programme, cast):
        self.hoa, self.binh = cast.hoa, cast.binh

    def done(self, seconds=20, **changes):
        result = {"completion": True, "duration": f"PT{seconds}S"}
        made = statement("completed", "lesson", result=result, **changes)
        services.append(person=self.hoa, batch=batch(made))
        return Statement.objects.get(pk=made["id"])

    def void(self, row, **changes):
        return services.void(**{"statement": row, "reason": "nhầm người", "by": self.hoa} | changes)

    def test_it_is_a_statement_too_and_changes_nothing_that_is_there(self):
        row = self.done()
        made = self.void(row)
        assert (made.verb, made.voids, made.at, made.seconds) == ("voided", row, row.at, -20)
        assert made.content["object"] == {"objectType": "StatementRef", "id": str(row.pk)}
        assert Statement.objects.get(pk=row.pk).content == row.content
        assert not Statement.objects.standing().exists()

    def test_twice_is_once(self):
        row = self.done()
        assert self.void(row) == self.void(row) and Statement.objects.count() == 2

    def test_sent_again_it_stays_voided(self):
        row = self.done()
        self.void(row)
        receipt = services.append(person=self.hoa, batch=batch(row.content))
        assert receipt.accepted == [str(row.pk)]

    def test_it_needs_a_reason_and_is_written_in_the_journal(self):
        row = self.done()
        with pytest.raises(NeedsReason):
            self.void(row, reason=" ")
        self.void(row)
        entry = JournalEntry.objects.get(act="statement.voided")
        assert entry.data["reason"] == "nhầm người" and entry.actor == str(self.hoa.pk)

    def test_nobody_voids_what_another_did(self):
        with pytest.raises(NotAllowed):
            self.void(self.done(), by=self.binh)

    def test_a_voiding_is_not_voided(self):
        made = self.void(self.done())
        with pytest.raises(services.CannotVoid):
            self.void(made)


@pytest.mark.django_db
class TestStudiedSince:
    """A right compares with our time only."""

    @pytest.mark.parametrize("days", [-2, 0, 1400])
    def test_what_reaches_us_later_counts_whatever_a_clock_says(self, cast, programme, days):
        one = statement(timestamp=(timezone.now() + timedelta(days=days)).isoformat())
        services.append(person=cast.hoa, batch=batch(one))
        stored = Statement.objects.get().stored_at
        assert queries.studied_since(cast.hoa, programme, stored - timedelta(seconds=1))
        assert not queries.studied_since(cast.hoa, programme, stored)

    def test_neither_another_learner_nor_another_programme_counts(self, cast, programme):
        services.append(person=cast.binh, batch=batch(statement()))
        assert not queries.studied_since(cast.hoa, programme, timezone.now() - YEAR)
        assert not queries.studied_since(cast.binh, Programme(key="hai"), timezone.now() - YEAR)


@pytest.mark.django_db
def test_every_projection_follows_whatever_the_door(cast, programme, monkeypatch):
    seen = []
    follower = projections.Projection(
        appended=lambda person, facts: seen.append(("appended", person, [str(fact.id) for fact in facts])),
        voided=lambda person, fact, _at: seen.append(("voided", person, str(fact.id))),
    )
    monkeypatch.setattr(projections, "REGISTER", [follower])
    one, two = statement(), statement()
    services.append(person=cast.hoa, batch=batch(one))
    services.append(person=cast.hoa, batch=batch(one, two))
    services.void(statement=Statement.objects.get(pk=one["id"]), reason="nhầm", by=None)
    assert seen == [
        ("appended", cast.hoa, [one["id"]]), ("appended", cast.hoa, [two["id"]]), ("voided", cast.hoa, one["id"]),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_projection_that_breaks_leaves_nothing_half_stored(cast, programme, monkeypatch):
    def breaks(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(projections, "REGISTER", [projections.Projection(appended=breaks, voided=breaks)])
    receipt = services.append(person=cast.hoa, batch=batch(statement(), statement()))
    assert len(receipt.later) == 2 and not receipt.accepted and not receipt.refused
    assert not Statement.objects.exists() and NotTaken.objects.filter(batch="statements").count() == 2
