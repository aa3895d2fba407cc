"""Plain SQL gives and takes the same values as the ORM."""

import pytest
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from hocvuso.base.ids import uuid7
from hocvuso.base.models import Attachment, PendingEvent
from hocvuso.base.rows import first, insert, places, read, write

pytestmark = pytest.mark.django_db


def event(**changes):
    return {"id": uuid7(), "kind": "x", "data": {"tên": ["Hoa", 1]}, "at": timezone.now(), **changes}


def test_what_is_written_is_what_the_orm_and_read_give_back():
    made = [event(), event(tries=3)]
    write(PendingEvent, made)
    keys = [row["id"] for row in made]
    found = sorted(read(PendingEvent, f"id IN {places(keys)}", *keys), key=lambda n: n.tries)
    for mine, theirs in zip(found, PendingEvent.objects.order_by("tries"), strict=True):
        for field in PendingEvent._meta.concrete_fields:
            assert getattr(mine, field.attname) == getattr(theirs, field.attname)
    assert not found[0]._state.adding


def test_a_row_that_is_there_changes_only_what_it_should():
    there = event(tries=1)
    write(PendingEvent, [there])
    write(PendingEvent, [event(id=there["id"], tries=2, kind="y")], unique=["id"], update=["tries"])
    [row] = PendingEvent.objects.all()
    assert (row.tries, row.kind) == (2, "x")


def test_more_rows_than_a_statement_takes():
    write(PendingEvent, (event() for _number in range(1200)))
    assert PendingEvent.objects.count() == 1200
    assert read(PendingEvent, "id = %s", uuid7()) == []


def test_the_first_of_rows_by_key_and_by_text():
    made = event(kind="a")
    write(PendingEvent, [made, event(kind="b")])
    assert first(PendingEvent, "id = %s AND kind = %s", made["id"], "a", locked=True).pk == made["id"]
    assert first(PendingEvent, "kind = %s LIMIT 1", "c") is None


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_only_to_the_end_of_something():
    with pytest.raises(TransactionManagementError):
        read(PendingEvent, "id = %s", uuid7(), locked=True)


def test_a_new_object_is_stored_as_the_orm_would():
    row = Attachment(subject="task:1", name="a.pdf", sha256="0" * 64, size=1)
    insert(row)
    row.size += 1
    row.save()  # it is known to be there
    [there] = Attachment.objects.filter(pk=row.pk)
    assert (there.subject, there.size) == ("task:1", 2) and there.created_at == row.created_at is not None
