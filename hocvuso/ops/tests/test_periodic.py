"""What is periodic is done by one command, again without harm, and one fault does not hold up the rest."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.indicators import services as indicators
from hocvuso.indicators.models import Watermark
from hocvuso.ops import periodic
from hocvuso.plans.models import Plan

pytestmark = pytest.mark.django_db


def test_a_plan_comes_into_force_on_its_day(cast):
    plan = Plan.objects.create(unit=cast.here, title="Kế hoạch", state=Plan.State.APPROVED, starts_on=date(2026, 1, 1))
    assert periodic.run() == 0
    plan.refresh_from_db()
    assert plan.state == Plan.State.IN_FORCE


def test_again_is_harmless(cast):
    assert periodic.run() == periodic.run() == 0


def test_doubts_are_looked_for_once_a_day(cast):
    indicators.check_quality_daily(today=date(2026, 5, 2))
    mark = Watermark.objects.get(measure="examine")
    periodic.run()
    assert periodic.run() == 0 and Watermark.objects.get(measure="examine").taken_until >= mark.taken_until


def test_one_fault_does_not_hold_up_the_rest(cast, capsys):
    failed = periodic._do("broken", lambda: 1 / 0)
    assert failed == 1 and periodic._do("whole", lambda: 3) == 0
    assert "whole: 3" in capsys.readouterr().out
