"""Every act is kept, and nobody can change it unseen."""

import pytest
from django.db import connection

from hocvuso.base import journal, marks, master
from hocvuso.base.models import JournalEntry, Mark, Tries

pytestmark = pytest.mark.django_db


def _three():
    for n in range(3):
        journal.write("thing.done", Tries(bucket=str(n)), data_of=n)


def test_an_untouched_chain_holds():
    _three()
    assert journal.first_broken() is None


@pytest.mark.parametrize(
    "change", [{"act": "thing.undone"}, {"actor": "x"}, {"data": {"data_of": 9}}, {"previous": "1" * 64}]
)
def test_a_changed_entry_is_found(change):
    _three()
    JournalEntry.objects.filter(number=2).update(**change)
    assert journal.first_broken() == 2


def test_a_removed_entry_is_found():
    _three()
    JournalEntry.objects.filter(number=2).delete()
    assert journal.first_broken() == 3


class TestTheEnd:
    """Entries cut off at the end are seen: what was last is remembered apart from them, under the master secret."""

    def test_a_journal_that_nobody_touched_has_its_end(self):
        assert journal.what_is_cut() == ""
        _three()
        assert journal.what_is_cut() == ""

    def test_a_tail_that_was_cut_off_is_named_though_the_chain_holds(self):
        _three()
        JournalEntry.objects.filter(number__gt=1).delete()
        assert journal.first_broken() is None
        assert journal.what_is_cut() == "entries 2 to 3 were cut off"

    def test_a_journal_that_is_gone_is_named(self):
        _three()
        JournalEntry.objects.all().delete()
        assert journal.what_is_cut() == "entries 1 to 3 were cut off"

    def test_the_next_act_does_not_cover_up_what_was_cut_off(self):
        _three()
        JournalEntry.objects.filter(number=3).delete()
        assert journal.write("thing.done", Tries(bucket="n")).number == 4
        assert journal.first_broken() == 4

    @pytest.mark.parametrize("number", ["x", None, 10**30, -1, [2]])
    def test_a_mark_with_an_absurd_number_stops_no_act(self, number):
        _three()
        marks.write("journal-end", **{**marks.read("journal-end"), "number": number})
        assert journal.write("thing.done", Tries(bucket="n")).number == 4
        assert journal.first_broken() == 4

    def test_a_mark_that_was_made_to_fit_is_seen(self):
        _three()
        JournalEntry.objects.filter(number=3).delete()
        last = JournalEntry.objects.get(number=2)
        seal = marks.read("journal-end")["seal"]
        marks.write("journal-end", number=2, hash=last.hash, seal=seal)
        assert journal.what_is_cut() == "the mark of its end was changed"

    def test_a_mark_that_is_gone_is_seen_also_after_the_next_act(self):
        _three()
        marks.forget("journal-end")
        assert journal.what_is_cut() == "its end is not remembered any more"
        journal.write("thing.done", Tries(bucket="n"))
        assert journal.first_broken() == 4

    def test_an_entry_put_in_at_the_end_is_seen(self):
        _three()
        last = JournalEntry.objects.get(number=3)
        JournalEntry.objects.create(number=4, at=last.at, act="x", subject="x", previous=last.hash, hash="f" * 64)
        assert journal.what_is_cut() == "entry 4 was put in"


def _cut_to_fit(number):
    """As somebody does who can write to the database but has no secret: the end is cut, and its mark made to fit."""
    JournalEntry.objects.filter(number__gt=number).delete()
    seal = marks.read("journal-end")["seal"]
    marks.write("journal-end", number=number, hash=JournalEntry.objects.get(number=number).hash, seal=seal)


class TestTheNextAct:
    """Whatever was done to the end, the next act does not make it good."""

    def test_it_follows_no_mark_that_was_made_to_fit(self):
        _three()
        _cut_to_fit(1)
        for n in range(3):
            journal.write("thing.done", Tries(bucket=f"later-{n}"))
        assert journal.first_broken() == 2
        assert JournalEntry.objects.get(number=2).previous == journal.BREAK

    def test_it_follows_no_mark_without_a_seal(self):
        _three()
        marks.write("journal-end", number=3, hash=JournalEntry.objects.get(number=3).hash)
        assert journal.what_is_cut() == "the mark of its end was changed"
        journal.write("thing.done", Tries(bucket="later"))
        assert journal.first_broken() == 4

    def test_a_mark_that_is_no_mark_stops_no_act_and_is_seen(self):
        _three()
        Mark.objects.filter(name="journal-end").update(data=[])
        assert journal.what_is_cut() == "the mark of its end was changed"
        journal.write("thing.done", Tries(bucket="later"))
        assert journal.first_broken() == 4

    def test_doing_it_again_is_seen_again(self):
        _three()
        for _again in range(2):
            _cut_to_fit(1)
            journal.write("thing.done", Tries(bucket="later"))
            assert journal.first_broken() == 2

    def test_a_change_of_the_secret_does_not_make_it_good(self):
        _three()
        _cut_to_fit(1)
        journal.reseal_end(master="m" * 40)
        assert journal.what_is_cut() == "the mark of its end was changed"

    def test_on_a_site_that_was_set_up_an_empty_journal_is_no_beginning(self):
        _three()
        master.keep_check()
        JournalEntry.objects.all().delete()
        marks.forget("journal-end")
        assert journal.what_is_cut() == "its end is not remembered any more"
        journal.write("thing.done", Tries(bucket="later"))
        assert journal.first_broken() == 1

    def test_it_asks_the_database_no_more_than_before(self, django_assert_num_queries):
        _three()
        lock = connection.vendor == "postgresql"
        with django_assert_num_queries(4 + lock):  # the last number, the mark, the entry, the mark
            journal.write("thing.done", Tries(bucket="later"))
