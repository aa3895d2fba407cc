"""A role is offered to a number; it is held when that person accepts, and the person can end it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.people.models import Person, RoleGrant, RoleOffer
from hocvuso.people.queries import leaving, may, offers_at, offers_to, who_could_fill
from hocvuso.people.rules import May, Role
from hocvuso.people.services import profile, roles, signin
from tests import world

pytestmark = pytest.mark.django_db
NEW = "0912 345 678"  # nobody has this number yet


def offer(cast, **changes):
    given = {"address": world.PHONES["hoa"], "role": Role.TEACHER, "unit": cast.school, "by": cast.lan}
    return roles.offer(**given | changes)


def fresh(person):
    return Person.objects.get(pk=person.pk)


def acts(subject):
    return list(JournalEntry.objects.filter(subject=f"role-offer:{subject.pk}").values_list("act", flat=True))


class TestOffering:
    def test_an_offer_gives_nothing(self, cast):
        made = offer(cast)
        assert not RoleGrant.objects.filter(person=cast.hoa).exists()
        assert not may(fresh(cast.hoa), May.SEE_UNITS, cast.school)
        assert list(offers_to(cast.hoa)) == [made] and not offers_to(cast.binh)

    def test_the_number_is_kept_encrypted_and_seen_masked(self, cast):
        made = offer(cast)
        assert "900000001" not in str(RoleOffer.objects.values().get())
        assert offers_at(cast.school) == [(made, "…001")]

    def test_a_number_without_an_account_is_offered_to_just_the_same(self, cast):
        made = offer(cast, address=NEW)
        assert made.state == RoleOffer.State.WAITING
        kind, value = signin.read_address(NEW)
        newcomer, _made = signin._find_or_make(kind, value)
        assert list(offers_to(newcomer)) == [made]

    @pytest.mark.parametrize("who", ["xuan", "hoa", "an"])
    def test_others_cannot(self, cast, who):
        with pytest.raises(NotAllowed):
            offer(cast, address=world.PHONES["binh"], by=getattr(cast, who))

    def test_nobody_offers_more_than_they_hold_nor_to_themselves(self, cast):
        with pytest.raises(NotAllowed):
            offer(cast, role=Role.OPERATOR)
        with pytest.raises(roles.NotYourself):
            offer(cast, address=world.PHONES["lan"])

    def test_it_waits_once(self, cast):
        offer(cast)
        with pytest.raises(roles.AlreadyOffered):
            offer(cast)
        roles.grant(person=cast.binh, role=Role.TEACHER, unit=cast.school, by=None)
        with pytest.raises(roles.AlreadyHolds) as refused:
            offer(cast, address=world.PHONES["binh"])
        assert "Binh" not in str(refused.value)

    @pytest.mark.parametrize("kept", ["sealed", "lookup", "name"])
    def test_the_database_refuses_an_offer_that_is_closed_and_keeps_the_number_or_the_name(self, cast, kept):
        made = offer(cast, name="Trần Thị Hoa")
        closed = {"state": "declined", "closed_at": timezone.now(), "sealed": "", "lookup": "", "name": ""}
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleOffer.objects.filter(pk=made.pk).update(**closed | {kept: getattr(made, kept)})
        RoleOffer.objects.filter(pk=made.pk).update(**closed)


class TestAnswering:
    def test_who_accepts_holds_the_role_from_who_offered(self, cast):
        made = offer(cast)
        held = roles.accept(offer=made, by=cast.hoa)
        assert (held.role, held.unit, held.granted_by) == (Role.TEACHER, cast.school, cast.lan)
        assert may(fresh(cast.hoa), May.SEE_UNITS, cast.school)
        made.refresh_from_db()
        assert (made.state, made.sealed, made.lookup) == ("accepted", "", "")
        assert acts(made) == ["role.offered", "role-offer.accepted"]

    def test_who_declines_holds_nothing(self, cast):
        made = offer(cast)
        roles.decline(offer=made, by=cast.hoa)
        assert not RoleGrant.objects.filter(person=cast.hoa).exists() and not offers_to(cast.hoa)
        assert acts(made)[-1] == "role-offer.declined"

    @pytest.mark.parametrize("verb", [roles.accept, roles.decline])
    def test_nobody_answers_for_another_nor_twice(self, cast, verb):
        made = offer(cast)
        with pytest.raises(roles.OfferGone):
            verb(offer=made, by=cast.binh)
        verb(offer=made, by=cast.hoa)
        with pytest.raises(roles.OfferGone):
            verb(offer=made, by=cast.hoa)

    def test_what_was_withdrawn_cannot_be_accepted(self, cast):
        made = offer(cast)
        with pytest.raises(NotAllowed):
            roles.withdraw(offer=made, by=cast.xuan)
        roles.withdraw(offer=made, by=cast.lan)
        with pytest.raises(roles.OfferGone):
            roles.accept(offer=made, by=cast.hoa)
        assert acts(made)[-1] == "role-offer.withdrawn"

    def test_an_offer_expires_after_the_days_that_are_set(self, cast, monkeypatch):
        monkeypatch.setitem(settings.ENV, "HOCVUSO_OFFER_DAYS", 3)
        made = offer(cast)
        assert timedelta(days=2.9) < made.expires_at - timezone.now() < timedelta(days=3.1)
        RoleOffer.objects.update(expires_at=timezone.now())
        with pytest.raises(roles.OfferGone):
            roles.accept(offer=made, by=cast.hoa)
        assert roles.expire(timezone.now()) >= 1 and acts(made)[-1] == "role-offer.expired"
        assert offer(cast).state == "waiting"

    def test_one_that_expired_unnoticed_makes_room_for_the_next(self, cast):
        offer(cast)
        RoleOffer.objects.update(expires_at=timezone.now())
        assert offer(cast).state == "waiting" and RoleOffer.objects.filter(state="expired").count() == 1

    def test_who_may_not_give_the_role_any_more_has_not_offered_it(self, cast):
        made = offer(cast)
        roles.end(grant=cast.lan.grants.get(), by=None)
        with pytest.raises(roles.OfferGone):
            roles.accept(offer=made, by=cast.hoa)

    def test_the_name_that_was_written_is_taken_with_the_role_by_who_has_none(self, cast):
        Person.objects.filter(pk=cast.hoa.pk).update(name="")
        roles.accept(offer=offer(cast, name=" Trần Thị Hoa "), by=fresh(cast.hoa))
        assert fresh(cast.hoa).name == "Trần Thị Hoa"
        roles.accept(offer=offer(cast, role=Role.VOLUNTEER, name="Khác"), by=fresh(cast.hoa))
        assert fresh(cast.hoa).name == "Trần Thị Hoa"


class TestForgetting:
    @pytest.mark.parametrize("verb", [roles.accept, roles.decline])
    def test_what_was_answered_keeps_no_name(self, cast, verb):
        made = offer(cast, name="Trần Thị Hoa")
        verb(offer=made, by=cast.hoa)
        made.refresh_from_db()
        assert made.closed_at and (made.name, made.sealed, made.lookup) == ("", "", "")

    def test_nor_what_was_withdrawn_or_waited_too_long(self, cast):
        roles.withdraw(offer=offer(cast, name="Trần Thị Hoa"), by=cast.lan)
        offer(cast, name="Trần Thị Hoa")
        roles.expire(timezone.now() + timedelta(days=365))
        assert set(RoleOffer.objects.values_list("state", "name")) == {("withdrawn", ""), ("expired", "")}


class TestLeaving:
    def test_a_volunteer_can_leave(self, cast):
        held = roles.accept(offer=offer(cast, role=Role.VOLUNTEER), by=cast.hoa)
        assert roles.end(grant=held, by=cast.hoa).ends_at

    def test_those_at_the_unit_can_fill_it_or_the_nearest_above(self, cast):
        assert who_could_fill(cast.an.grants.get()) == [cast.lan]
        assert who_could_fill(cast.lan.grants.get()) == [cast.oanh]

    def test_it_is_known_what_would_be_missing(self, cast):
        first, second = leaving(cast.lan.grants.get()).consequences
        assert "không còn ai mời được" in first and "người duy nhất giữ vai trò lãnh đạo đơn vị ở Sở Một" in second
        assert "không còn người vận hành" in leaving(cast.oanh.grants.get()).consequences[0]
        roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.here, by=None)
        assert leaving(cast.lan.grants.get()).consequences == []

    def test_erasing_ends_roles_and_closes_offers(self, cast):
        to_an = offer(cast, address=world.PHONES["an"])
        profile.erase(person=cast.an)
        assert cast.an.grants.get().ends_at and not fresh(cast.an).is_active
        to_an.refresh_from_db()
        assert (to_an.state, to_an.sealed) == ("declined", "")

    def test_the_last_operator_can_go_too(self, cast):
        profile.erase(person=cast.oanh)
        assert not RoleGrant.objects.active(timezone.now()).filter(person=cast.oanh).exists()

    def test_what_an_erased_person_offered_is_withdrawn(self, cast):
        made = offer(cast)
        profile.erase(person=cast.lan)
        made.refresh_from_db()
        assert made.state == "withdrawn" and not offers_to(cast.hoa)
