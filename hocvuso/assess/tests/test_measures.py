"""What is counted of tests: taken, passed, people and tiers once."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from hocvuso.assess.models import Attempt
from hocvuso.indicators import services as indicators
from hocvuso.indicators.models import Cell
from hocvuso.records import services as records
from tests.world import batch, statement, take_final

pytestmark = pytest.mark.django_db


def counted(name):
    indicators.roll_up(measure=f"assess.{name}", full=True)
    return Cell.objects.filter(measure=f"assess.{name}").aggregate(total=Sum("value"))["total"] or 0


def test_people_and_tiers_count_once(cast, programme):
    for who, right in ((cast.hoa, True), (cast.hoa, True), (cast.binh, False)):
        take_final(who, programme, right=right)
        records.append(person=who, batch=batch(statement()))  # a retake comes after study
    assert [counted(name) for name in ("taken", "passed", "people-passed", "tiers-reached")] == [3, 2, 1, 1]
    latest = Attempt.objects.filter(person=cast.hoa).order_by("-submitted_at")[0]
    latest.result["tier"] += 1
    latest.save()
    assert (counted("people-passed"), counted("tiers-reached")) == (1, 2)


def test_a_test_under_way_does_not_count(cast, programme):
    from hocvuso.assess import services

    services.start(person=cast.hoa, programme=programme, kind=Attempt.Kind.FINAL)
    assert counted("taken") == 0
