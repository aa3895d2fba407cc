"""Rows are found by their words, with or without diacritics, however they came into the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.fields import holding
from hocvuso.plans.models import Plan, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return Plan.objects.create(unit=cast.here, title="Kế hoạch Đại sứ số", number="12/KH-UBND")


@pytest.mark.parametrize("typed", ["đại sứ", "ĐẠI SỨ", "dai su", "sứ kế", "12/kh", "ubnd 12", "", "!?", "%"])
def test_words_are_found_in_any_order_case_and_spelling(plan, typed):
    assert Plan.objects.filter(holding(typed)).get() == plan


@pytest.mark.parametrize("typed", ["đại sứ quán", "13/kh", "_"])
def test_all_words_must_be_there(plan, typed):
    assert not Plan.objects.filter(holding(typed)).exists()


def test_rows_made_together_are_found_too(plan):
    Task.objects.bulk_create([Task(plan=plan, title=f"Mở lớp {n}") for n in range(3)])
    assert Task.objects.filter(holding("mo lop 2")).count() == 1


def test_a_new_title_is_found_and_the_old_one_not(plan):
    plan.title = "Kế hoạch Gia đình số"
    plan.save()
    assert Plan.objects.filter(holding("gia dinh")).exists() and not Plan.objects.filter(holding("dai su")).exists()


@given(st.text(max_size=40))
def test_whatever_is_typed_harms_nothing(typed):
    assert Plan.objects.filter(holding(typed)).count() == 0
