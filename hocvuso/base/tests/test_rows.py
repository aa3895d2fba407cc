"""Plain SQL gives and takes the same values as the ORM."""

import pytest
from django.utils import timezone

from hocvuso.base.ids import uuid7
from hocvuso.base.models import PendingNews
from hocvuso.base.rows import places, read, write

pytestmark = pytest.mark.django_db


def news(**changes):
    return PendingNews(**{"kind": "x", "data": {"tên": ["Hoa", 1]}, "at": timezone.now(), **changes})


def test_what_is_written_is_what_the_orm_and_read_give_back():
    made = [news(), news(tries=3)]
    write(PendingNews, made)
    keys = [n.pk for n in made]
    found = sorted(read(PendingNews, f"id IN {places(keys)}", *keys), key=lambda n: n.tries)
    for mine, theirs in zip(found, PendingNews.objects.order_by("tries"), strict=True):
        for field in PendingNews._meta.concrete_fields:
            assert getattr(mine, field.attname) == getattr(theirs, field.attname)
    assert not found[0]._state.adding


def test_a_row_that_is_there_changes_only_what_it_should():
    first = news(tries=1)
    write(PendingNews, [first])
    write(PendingNews, [news(id=first.pk, tries=2, kind="y")], unique=["id"], update=["tries"])
    [row] = PendingNews.objects.all()
    assert (row.tries, row.kind) == (2, "x")


def test_more_rows_than_a_statement_takes():
    write(PendingNews, (news() for _number in range(1200)))
    assert PendingNews.objects.count() == 1200
    assert read(PendingNews, "id = %s", uuid7()) == []
