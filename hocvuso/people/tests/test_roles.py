"""A role reaches its unit's subtree; nobody grants more than they hold, nor to themselves."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.people import rules
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import is_staff, may, may_anywhere, units_in_reach
from hocvuso.people.rules import GIVES, May, Role, may_grant
from hocvuso.people.services import roles

roles_of = st.sampled_from(list(Role))


@given(roles_of, roles_of)
def test_a_granted_role_never_gives_more_than_the_granter_has(holds, grants):
    if may_grant(holds, grants):
        assert GIVES[grants] <= GIVES[holds]
        assert May.GRANT_ROLES in GIVES[holds]


# What each role gives, as a table to be read and agreed on: a line a permission, a column a role.
TABLE = """
               teacher volunteer author reviewer manager officer leader inspector judge mentor steward operator
author            .        .       x       .        .       .      x        .       .      .      .       x
review            .        .       .       x        .       .      x        .       .      .      .       x
approve           .        .       .       .        .       .      x        .       .      .      .       x
see-units         x        .       x       x        x       x      x        x       x      .      x       x
manage-units      .        .       .       .        .       x      x        .       .      .      x       x
grant-roles       .        .       .       .        x       .      x        .       .      .      .       x
see-journal       .        .       .       .        .       .      x        x       .      .      x       x
revoke            .        .       .       .        .       .      x        .       .      .      .       x
operate           .        .       .       .        .       .      .        .       .      .      .       x
see-figures       .        .       .       .        x       x      x        x       .      .      x       x
declare           .        .       .       .        x       x      x        .       .      .      x       x
steward-data      .        .       .       .        .       .      x        .       .      .      x       x
define            .        .       .       .        .       .      x        .       .      .      x       x
plan              .        .       .       .        x       x      x        .       .      .      .       x
approve-plan      .        .       .       .        .       .      x        .       .      .      .       x
report            .        .       .       .        x       x      x        .       .      .      .       x
accept-report     .        .       .       .        .       x      x        .       .      .      .       x
urge              .        .       .       .        .       x      x        .       .      .      .       x
inspect           .        .       .       .        .       .      x        x       .      .      .       x
consult           .        .       .       .        x       x      x        .       .      .      .       x
help              .        .       .       .        .       x      x        .       .      .      .       x
pledge            .        .       .       .        x       x      x        .       .      .      .       x
protect-data      .        .       .       .        .       .      x        .       .      .      x       x
confirm-guardian  x        .       .       .        x       x      x        .       .      .      .       x
"""


class TestTheTable:
    def test_every_role_gives_what_the_table_says(self):
        head, *lines = [line.split() for line in TABLE.strip().splitlines()]
        said = {(role, name) for name, *marks in lines for role, mark in zip(head, marks, strict=True) if mark == "x"}
        assert {(role.value, permission.value) for role, gives in GIVES.items() for permission in gives} == said
        assert head == Role.values and [name for name, *_marks in lines] == May.values

    def test_every_permission_is_in_a_role(self):
        assert not set(May) - set().union(*GIVES.values())

    def test_no_role_is_made_of_another_by_arithmetic(self):
        tree = ast.parse(Path(rules.__file__).read_text("utf-8"))
        table = next(n.value for n in tree.body if isinstance(n, ast.AnnAssign) and n.target.id == "GIVES")
        for gives in table.values:
            assert isinstance(gives, ast.Set) or ast.unparse(gives) == "set()"
            listed = getattr(gives, "elts", [])
            assert all(isinstance(one, ast.Attribute) and ast.unparse(one.value) == "May" for one in listed)


def fresh(person):
    """The person as a new request sees them."""
    return Person.objects.get(pk=person.pk)


@pytest.mark.django_db
class TestReach:
    def test_a_role_reaches_down_and_not_sideways(self, cast):
        assert may(cast.lan, May.SEE_UNITS, cast.school)
        assert not may(cast.lan, May.SEE_UNITS, cast.next_door)
        assert not may(cast.lan, May.SEE_UNITS, cast.ministry)
        assert set(units_in_reach(cast.lan, May.SEE_UNITS)) == {cast.here, cast.school}

    def test_a_learner_has_no_permission_and_is_no_staff(self, cast):
        assert not any(may_anywhere(cast.hoa, permission) for permission in May)
        assert not is_staff(cast.hoa)

    def test_a_role_begins_and_ends(self, cast):
        later = timezone.now() + timedelta(days=1)
        roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.school, by=cast.lan, starts_at=later)
        assert not may_anywhere(fresh(cast.hoa), May.SEE_UNITS)
        held = RoleGrant.objects.get(person=cast.an)
        roles.end(grant=held, by=cast.lan)
        assert not may_anywhere(fresh(cast.an), May.AUTHOR)
        assert RoleGrant.objects.filter(pk=held.pk).exists()


@pytest.mark.django_db
class TestGranting:
    def test_a_leader_grants_at_and_under_the_unit(self, cast):
        roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.school, by=cast.lan)
        assert may(fresh(cast.hoa), May.SEE_UNITS, cast.school)
        assert JournalEntry.objects.filter(act="role.granted", actor=str(cast.lan.pk)).exists()

    @pytest.mark.parametrize("who", ["xuan", "hoa", "an"])
    def test_others_cannot(self, cast, who):
        with pytest.raises(NotAllowed):
            roles.grant(person=cast.binh, role=Role.TEACHER, unit=cast.school, by=getattr(cast, who))

    def test_a_leader_cannot_make_an_operator(self, cast):
        with pytest.raises(NotAllowed):
            roles.grant(person=cast.hoa, role=Role.OPERATOR, unit=cast.here, by=cast.lan)

    def test_nobody_grants_to_themselves(self, cast):
        with pytest.raises(roles.NotYourself):
            roles.grant(person=cast.lan, role=Role.REVIEWER, unit=cast.here, by=cast.lan)

    def test_a_role_is_held_once(self, cast):
        with pytest.raises(roles.AlreadyHolds):
            roles.grant(person=cast.an, role=Role.AUTHOR, unit=cast.here, by=cast.lan)

    def test_a_neighbour_cannot_end_it_but_its_holder_can(self, cast):
        held = RoleGrant.objects.get(person=cast.an)
        with pytest.raises(NotAllowed):
            roles.end(grant=held, by=cast.xuan)
        assert roles.end(grant=held, by=cast.an).ends_at
