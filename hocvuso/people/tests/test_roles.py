"""A role reaches its unit's subtree; nobody grants more than they hold, nor to themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import is_staff, may, units_in_reach
from hocvuso.people.rules import GIVES, May, Role, may_grant
from hocvuso.people.services import roles

roles_of = st.sampled_from(list(Role))


@given(roles_of, roles_of)
def test_a_granted_role_never_gives_more_than_the_granter_has(holds, grants):
    if may_grant(holds, grants):
        assert GIVES[grants] <= GIVES[holds]
        assert May.GRANT_ROLES in GIVES[holds]


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
        assert not any(may(cast.hoa, permission) for permission in May)
        assert not is_staff(cast.hoa)

    def test_a_role_begins_and_ends(self, cast):
        later = timezone.now() + timedelta(days=1)
        roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.school, by=cast.lan, starts_at=later)
        assert not may(fresh(cast.hoa), May.SEE_UNITS)
        held = RoleGrant.objects.get(person=cast.an)
        roles.end(grant=held, by=cast.lan)
        assert not may(fresh(cast.an), May.AUTHOR)
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
