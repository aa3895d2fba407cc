"""Really bad rows, put in past every check: each batch takes all others, and the bad one once it is mended."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from hocvuso.base import batches, events, outbox
from hocvuso.base.gateways import Letter
from hocvuso.base.models import NotTaken, OutboxMessage, PendingEvent
from hocvuso.indicators.models import Cell, Watermark
from hocvuso.indicators.services import check_quality, roll_up
from hocvuso.learning.models import Completion, LessonProgress
from hocvuso.library.models import Edition
from hocvuso.ops import doctor, rebuilding, setting_up
from hocvuso.people.models import Person, RoleOffer
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task, TaskOutcome
from hocvuso.plans.services import planning, working
from hocvuso.privacy import keeping
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from hocvuso.reminders.models import Reminder, ReminderRule
from hocvuso.reminders.services import run as reminders
from tests import world
from tests.world import batch, statement

pytestmark = pytest.mark.django_db
POSTGRES = connection.vendor == "postgresql"


def poison(row, column, *, sqlite, postgres):
    """Write what no form, verb or field would: SQLite takes any text, PostgreSQL days without end and wrong JSON."""
    field = row._meta.get_field(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {field.column} = %s WHERE {row._meta.pk.column} = %s",
            [postgres if POSTGRES else sqlite, row._meta.pk.get_db_prep_value(row.pk, connection)],
        )


def listed():
    return {(row.batch, row.thing) for row in NotTaken.objects.all()}


def plan_of(unit, **about):
    return Plan.objects.create(
        unit=unit, title="Kế hoạch", state=Plan.State.APPROVED, starts_on=date(2026, 1, 1), **about
    )


class TestPlansInForce:
    def test_the_others_come_into_force_and_the_bad_one_once_it_is_mended(self, cast):
        bad, good = plan_of(cast.here), plan_of(cast.next_door)
        poison(bad, "ends_on", sqlite="2026-99-99", postgres="infinity")
        assert planning.start_due(today=date(2026, 5, 1)) == 1
        assert Plan.objects.only("state").get(pk=good.pk).state == Plan.State.IN_FORCE
        [(word, thing)] = listed()
        assert (word, thing) == ("plans-in-force", f"plan:{bad.pk}")
        Plan.objects.filter(pk=bad.pk).update(ends_on=None)
        assert planning.start_due(today=date(2026, 5, 1)) == 1 and not listed()


@pytest.fixture
def tasks(cast):
    plan = Plan.objects.create(unit=cast.here, title="Kế hoạch", state=Plan.State.IN_FORCE, starts_on=date(2026, 1, 1))
    return [
        Task.objects.create(plan=plan, position=n, title=f"Việc {n}", lead_unit=cast.here, due_on=date(2026, 3, 1))
        for n in range(3)
    ]


class TestTasks:
    def test_what_is_due_is_settled_beside_one_that_cannot_be_read(self, tasks):
        poison(tasks[1], "starts_on", sqlite="2026-99-99", postgres="infinity")
        assert working.settle_due(date(2026, 5, 1)) == 2 and TaskOutcome.objects.count() == 2
        assert {word for word, _thing in listed()} == {"tasks-due"}

    def test_people_are_reminded_of_the_others(self, cast, tasks):
        rule = {"kinds": ["task"], "offset": 0, "recipients": ["leaders"], "weekends": True}
        ReminderRule.objects.create(unit=cast.ministry, key="x", **rule)
        poison(tasks[1], "due_on", sqlite="2020-99-99", postgres="-infinity")
        reminders.tell(timezone.now())
        told = set(Reminder.objects.filter(person=cast.lan).values_list("subject_id", flat=True))
        assert told == {tasks[0].pk, tasks[2].pk} and {word for word, _thing in listed()} == {"owed"}


class TestWhatLeavesAndWhatIsTold:
    def test_events_that_can_be_read_are_delivered(self, db):
        kind = next(iter(events._listeners))
        rows = [PendingEvent.objects.create(kind=kind, data={}, next_at=timezone.now()) for _ in range(2)]
        poison(rows[0], "at", sqlite="2026-99-99 10:00:00", postgres="infinity")
        events.deliver_pending()
        assert len(listed()) == 2, "the second has no data that its listeners know, and is listed too"

    def test_messages_that_can_be_read_are_sent(self, db, monkeypatch):
        @outbox.source("poison-test")
        def _write(keys, _now):
            return {key: Letter("email", "a@example.org", "x", "y") for key in keys}

        monkeypatch.setattr(outbox, "send_together", lambda letters: [None] * len(letters))
        keys = [uuid4() for _ in range(3)]
        outbox.queue("poison-test", [(key, f"r{n}", timezone.now()) for n, key in enumerate(keys)])
        poison(OutboxMessage.objects.get(pk=keys[0]), "queued_at", sqlite="2020-99-99 10:00:00", postgres="-infinity")
        assert outbox.send_due(now=timezone.now() + timedelta(minutes=1)).sent == 2
        assert {word for word, _thing in listed()} == {"outbox"}
        assert OutboxMessage.objects.get(pk=keys[0]).state == OutboxMessage.State.FAILED


@pytest.fixture
def learned(cast, programme):
    for person in (cast.hoa, cast.binh, cast.an):
        records.append(person=person, batch=batch(statement("completed", "lesson")))
    return Completion.objects.order_by("person_id")


def done():
    return sum(Cell.objects.filter(measure__contains="lessons-done").values_list("value", flat=True))


class TestFigures:
    def test_a_day_that_is_none_does_not_stop_the_countrys_figures(self, learned):
        today = f"{timezone.localdate():%Y-%m}"
        poison(learned[0], "at", sqlite=f"{today}-99 10:00:00", postgres="infinity")
        roll_up(full=True)
        assert done() == 2 and not Watermark.objects.exclude(fault="").exists()

    def test_a_weight_that_is_no_number_taints_no_sum(self, learned):
        if POSTGRES:
            pytest.skip("its columns hold whole numbers only")
        poison(Statement.objects.first(), "seconds", sqlite=float("inf"), postgres=0)
        roll_up(full=True)
        values = list(Cell.objects.values_list("value", flat=True))
        assert values and all(value < 1e12 for value in values) and {word for word, _thing in listed()} == {"figures"}


class TestStatements:
    def test_one_that_what_is_there_breaks_waits_and_the_others_are_stored(self, cast, programme):
        records.append(person=cast.hoa, batch=batch(statement("completed", "practice")))
        row = LessonProgress.objects.get()
        poison(row, "done_at", sqlite="2026-99-99 10:00:00", postgres="infinity")
        mine, other = statement("completed", "lesson"), statement("completed", "lesson", "hai-bai/bai-hai")
        receipt = records.append(person=cast.hoa, batch=batch(mine, other))
        assert receipt.accepted == [other["id"]] and [row["id"] for row in receipt.later] == [mine["id"]]
        assert receipt.later[0]["why"] and listed() == {("statements", f"statement:{mine['id']}")}
        LessonProgress.objects.filter(pk=row.pk).update(done_at=None)
        assert records.append(person=cast.hoa, batch=batch(mine)).accepted == [mine["id"]] and not listed()

    def test_rebuilding_folds_everybody_elses_and_what_else_is_theirs(self, cast, learned, capsys):
        records.append(person=cast.hoa, batch=batch(statement("completed", "lesson", "hai-bai/bai-hai")))
        bad = Statement.objects.filter(person=cast.hoa).order_by("stored_at").first()
        poison(bad, "content", sqlite='"x"', postgres='"x"')
        assert rebuilding.rebuild() == 1
        assert LessonProgress.objects.count() == 3 and {word for word, _thing in listed()} == {"statements-read"}
        assert "not be taken" in capsys.readouterr().out


class TestKeeping:
    def test_every_other_kind_of_data_goes_at_its_time(self, cast):
        roles.offer(address="0911 222 333", role=Role.OFFICER, unit=cast.here, by=cast.lan)
        offer = RoleOffer.objects.get()
        RoleOffer.objects.update(expires_at=timezone.now() - timedelta(days=1))
        poison(offer, "created_at", sqlite="2026-99-99 10:00:00", postgres="-infinity")
        keeping.end_all(timezone.now())
        assert listed() == {("cleanup", "offers")}


class TestPages:
    def test_the_pages_of_other_programmes_are_written(self, cast, programme):
        edition = Edition.objects.get(pk=programme.current_id)
        poison(edition, "content", sqlite='"x"', postgres='"x"')
        assert setting_up.lesson_pages.render_all() == 0 and {word for word, _thing in listed()} == {"lesson-pages"}


def test_doctor_counts_them_and_says_where_to_look(cast):
    batches.not_taken(planning.STARTING, "plan:1", "it was dark")
    found = [what for what, _remedy in doctor.rows_not_taken()]
    assert len(found) == 1 and "1 rows of “plans-in-force”" in found[0]


class TestThePage:
    def test_the_operator_sees_them_filters_and_tries_again(self, cast):
        plan = plan_of(cast.here)
        batches.not_taken(planning.STARTING, f"plan:{plan.pk}", "it was dark", shown="Kế hoạch xấu")
        client = Client()
        world.sign_in(client, cast.oanh)
        assert "Kế hoạch xấu" in client.get("/dieu-hanh/chua-xu-ly/").text
        assert "Kế hoạch xấu" not in client.get("/dieu-hanh/chua-xu-ly/?viec=outbox").text
        client.post(f"/dieu-hanh/chua-xu-ly/{NotTaken.objects.get().pk}/thu-lai/")
        assert not listed() and Plan.objects.get(pk=plan.pk).state == Plan.State.IN_FORCE

    def test_a_thing_without_a_page_is_shown_without_a_link(self, cast):
        batches.not_taken(planning.STARTING, "plan:no key", "it was dark")
        batches.not_taken(planning.STARTING, "offers", "it was dark")
        client = Client()
        world.sign_in(client, cast.oanh)
        assert client.get("/dieu-hanh/chua-xu-ly/").status_code == 200

    def test_it_is_nobody_elses(self, cast):
        client = Client()
        world.sign_in(client, cast.lan)
        assert client.get("/dieu-hanh/chua-xu-ly/").status_code == 404


def test_looking_for_doubts_goes_on_without_the_bad_indicator(cast):
    call_command("roll_up", full=True, verbosity=0)
    assert check_quality(period="2026-10") >= 0 and Person.objects.exists()
