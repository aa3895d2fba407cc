"""Many rows in one go, each by itself."""

import pytest
from django.utils import timezone

from hocvuso.base.batches import each
from hocvuso.base.models import Tries

pytestmark = pytest.mark.django_db


def keep(number):
    Tries.objects.create(bucket=str(number), since=timezone.now())
    return 12 // number


def test_what_is_done_is_summed():
    assert each([1, 2, 3], keep) == 12 + 6 + 4


def test_a_bad_row_is_undone_and_told_and_stops_no_other():
    with pytest.raises(ExceptionGroup) as told:
        each([1, 0, 3], keep)
    assert [type(fault) for fault in told.value.exceptions] == [ZeroDivisionError] and "at 0" in str(
        told.value.exceptions[0].__notes__
    )
    assert set(Tries.objects.values_list("bucket", flat=True)) == {"1", "3"}
