"""Every act is kept, and nobody can change it unseen."""

import pytest

from hocvuso.base import journal
from hocvuso.base.models import JournalEntry, Tries

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
