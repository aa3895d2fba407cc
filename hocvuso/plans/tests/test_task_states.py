"""The state of a task is derived; the database derives it as the rule does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.plans.models import Plan, Task
from hocvuso.plans.rules import SOON, TaskFacts, TaskState, compare, task_reason, task_state
from hocvuso.units.services import open_unit

TODAY = date(2026, 11, 24)
near = st.none() | st.integers(-10, 10).map(lambda n: TODAY + timedelta(days=n))
facts = st.builds(TaskFacts, starts_on=near, due_on=near, done_on=near, begun=st.booleans(), produced=st.booleans())


@pytest.mark.parametrize(
    ("due", "done", "begun", "produced", "state", "reason"),
    [
        (None, None, False, False, "not-started", "chưa rõ hạn"),
        (30, None, True, False, "on-track", "còn 30 ngày"),
        (7, None, True, False, "at-risk", "còn 7 ngày, chưa có sản phẩm"),
        (0, None, True, True, "on-track", "hạn là hôm nay"),
        (-3, None, True, False, "late", "quá hạn 3 ngày, chưa có sản phẩm"),
        (-3, -3, True, True, "done", "xong trong hạn"),
        (-3, -1, True, True, "done-late", "xong sau hạn 2 ngày"),
        (None, -1, True, True, "done", ""),
    ],
)
def test_a_state_has_its_reason(due, done, begun, produced, state, reason):
    def day(n):
        return None if n is None else TODAY + timedelta(days=n)

    known = TaskFacts(None, day(due), day(done), begun, produced)
    assert task_state(known, today=TODAY) == state
    assert task_reason(known, today=TODAY) == reason


@given(facts)
def test_nothing_open_is_late_before_its_due_day_has_passed(known):
    state = task_state(known, today=TODAY)
    assert (state in (TaskState.DONE, TaskState.DONE_LATE)) == (known.done_on is not None)
    if state == TaskState.LATE:
        assert known.due_on < TODAY
    if state == TaskState.AT_RISK:
        assert TODAY <= known.due_on <= TODAY + SOON and not known.produced


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(facts, min_size=1, max_size=30))
def test_the_database_derives_what_the_rule_derives(known):
    unit = open_unit(code=f"U{Plan.objects.count()}", name="U", kind="ministry", parent=None)
    plan = Plan.objects.create(unit=unit, title="P")
    made = Task.objects.bulk_create(Task(plan=plan, title="T", **vars(f)) for f in known)
    expected = {task.pk: task_state(f, today=TODAY) for task, f in zip(made, known, strict=True)}
    asked = dict(Task.objects.filter(plan=plan).with_state(TODAY).values_list("pk", "state"))
    assert asked == expected
    for state in TaskState:
        there = set(Task.objects.filter(plan=plan).in_state(state, TODAY).values_list("pk", flat=True))
        assert there == {key for key, found in expected.items() if found == state}


def test_a_comparison_names_what_moved_what_came_and_what_went():
    before = {"1": {"title": "A", "due_on": "2026-01-01"}, "2": {"title": "B", "due_on": None}}
    now = {"1": {"title": "A", "due_on": "2026-02-01"}, "3": {"title": "C", "due_on": None}}
    found = compare(before, now)
    assert [(m.title, m.field, m.before, m.after) for m in found.changed] == [
        ("A", "due_on", "2026-01-01", "2026-02-01")
    ]
    assert (found.added, found.removed) == (["C"], ["B"])


@given(st.dictionaries(st.sampled_from("abcd"), st.fixed_dictionaries({"title": st.sampled_from("xyz")})))
def test_nothing_differs_from_itself(rows):
    found = compare(rows, rows)
    assert not found.changed and not found.added and not found.removed
