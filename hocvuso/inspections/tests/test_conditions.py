"""Visits whose questions are asked under conditions: what is needed, kept and shown of them."""

from __future__ import annotations

import pytest

from hocvuso.inspections import queries
from hocvuso.inspections.models import Visit
from hocvuso.inspections.services import visiting
from hocvuso.inspections.tests.world import conditional, prepare


@pytest.fixture
def world(cast):
    return prepare(cast, checklist=conditional())


class TestVisits:
    ALL = {"q1": "yes", "q2": "6", "q3": "c2 c1", "q4": "thợ"}

    def test_what_is_not_asked_is_not_needed_and_left_out_at_the_end(self, world, cast):
        world.send(cast.here, answers=self.ALL)
        assert world.visit(cast.here).answers == {"q1": "yes", "q2": 6, "q3": "c1 c2", "q4": "thợ"}
        visit = world.send(cast.here, answers={"q1": "no", "q2": "nhiều"}, finish=True)
        assert visit.answers == {"q1": "no"}

    def test_what_is_asked_is_needed(self, world, cast):
        with pytest.raises(visiting.BadSheet) as refusal:
            world.send(cast.here, answers=self.ALL, finish=True)
        assert list(refusal.value.wrong) == ["q5"]
        with pytest.raises(visiting.BadSheet) as refusal:
            world.send(cast.here, answers={"q1": "yes", "q3": ""}, finish=True)
        assert list(refusal.value.wrong) == ["q2", "q3"]

    def test_until_the_end_an_answer_waits_for_its_condition(self, world, cast):
        world.send(cast.here, answers=self.ALL)
        world.send(cast.here, answers={"q1": "no"})
        assert [a.question["code"] for part in queries.answered(world.visit(cast.here)) for a in part.answered] == [
            "q1"
        ]
        world.send(cast.here, answers={"q1": "yes"})
        assert [len(part.answered) for part in queries.answered(world.visit(cast.here))] == [3, 2]

    def test_the_table_leaves_out_what_was_not_asked(self, world, cast):
        world.send(cast.here, answers=self.ALL)
        world.send(cast.next_door, answers={**self.ALL, "q1": "no"})
        _head, rows = queries.answer_table(world.inspection, Visit.objects.order_by("unit__code"))
        assert [row[3:] for row in rows] == [["Có", 6, "Học; Thi", "thợ", 0], ["Không", "", "", "", ""]]
