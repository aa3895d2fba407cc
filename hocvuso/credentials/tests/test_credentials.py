"""Certificates: issued once, signed, checkable, revocable, without more of the holder than the holder chose."""

import copy
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import IllegalMove, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.credentials import queries, rules, services
from hocvuso.credentials.models import Credential
from hocvuso.indicators.models import Cell
from hocvuso.indicators.services import roll_up
from hocvuso.library.models import Programme
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import cleanup, roles, two_people
from hocvuso.people.services.profile import erase
from hocvuso.reminders.models import Notice
from tests import world
from tests.world import take_final

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@given(st.sets(st.integers(0, 200_000), max_size=50), st.integers(0, 200_000))
def test_each_bit_of_the_status_list_is_its_own(bits, index):
    encoded = rules.bitstring(bits)
    assert all(rules.bit_is_set(encoded, bit) for bit in bits)
    if index not in bits and index < 131_072:
        assert not rules.bit_is_set(encoded, index)


class TestIssuing:
    def test_passing_alone_issues_nothing_before_the_name_was_confirmed(
        self, cast, programme, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            take_final(cast.hoa, programme)
        assert not Credential.objects.exists()

    def test_a_second_call_gives_the_first_one(self, credential):
        assert services.issue(attempt=credential.attempt) == credential

    def test_without_passing_there_is_none(self, cast, programme):
        with pytest.raises(services.NotPassed):
            services.issue(attempt=take_final(cast.hoa, programme, right=False))

    def test_without_a_name_it_waits_for_one(self, cast, programme):
        Person.objects.filter(pk=cast.hoa.pk).update(name="")
        attempt = take_final(cast.hoa, programme)
        with pytest.raises(services.NameFirst):
            services.issue(attempt=attempt)
        assert services.issue(attempt=attempt, holder_name="Nguyễn Thị Hoa").holder_name == "Nguyễn Thị Hoa"

    def test_the_signed_document_names_nobody(self, credential):
        assert not re.search(r"\bHoa\b", json.dumps(credential.signed, ensure_ascii=False))
        identity = credential.signed["credentialSubject"]["identifier"][0]
        assert identity["identityHash"] == rules.name_hash("Hoa", identity["salt"])


class TestChecking:
    def test_it_is_valid(self, credential):
        assert queries.verification(credential.pk).verdict == "valid"
        assert queries.check_document(credential.signed)[0] == "valid"

    @pytest.mark.parametrize(
        "forge",
        [
            lambda d: d["credentialSubject"]["achievement"].update(name="Khác"),
            lambda d: d.update(validFrom="2020-01-01T00:00:00Z"),
            lambda d: d["proof"].update(proofValue="z" + "1" * 80),
            lambda d: d["proof"].update(created="2020-01-01T00:00:00Z"),
            lambda d: d.pop("proof"),
            lambda d: d.update({"@context": ["https://example.org"]}),
        ],
    )
    def test_a_changed_one_is_forged(self, credential, forge):
        document = copy.deepcopy(credential.signed)
        forge(document)
        assert queries.check_document(document)[0] == "forged"

    @pytest.mark.parametrize("nonsense", [None, [], "x", {}, {"proof": 1}, {"proof": {"proofValue": 3}}])
    def test_nonsense_is_no_error(self, nonsense):
        assert queries.check_document(nonsense)[0] == "forged"

    def test_a_key_of_somebody_else_is_unknown(self, credential):
        document = copy.deepcopy(credential.signed)
        document["proof"]["verificationMethod"] = "https://example.org#key"
        assert queries.check_document(document)[0] == "unknown"

    def test_an_expired_one_is_expired(self, credential):
        Credential.objects.update(expires_at=credential.issued_at)
        assert queries.verification(credential.pk).verdict == "expired"

    def test_a_row_changed_behind_our_back_is_forged(self, credential):
        document = copy.deepcopy(credential.signed)
        document["name"] = "Khác"
        Credential.objects.update(signed=document)
        assert queries.verification(credential.pk).verdict == "forged"

    def test_the_name_is_shown_only_by_the_holders_choice(self, credential, cast):
        assert queries.verification(credential.pk).name == ""
        with pytest.raises(NotAllowed):
            services.choose_name(credential=credential, show=True, by=cast.binh)
        services.choose_name(credential=credential, show=True, by=cast.hoa)
        assert queries.verification(credential.pk).name == "Hoa"


class TestDates:
    """Who checks may have a clock that is behind ours, or the sun of another country."""

    def test_a_credential_and_a_list_are_valid_from_minutes_earlier(self, credential):
        for document in (credential.signed, services.status_list("revocation")):
            begins = datetime.strptime(document["validFrom"], "%Y-%m-%dT%H:%M:%S%z")
            assert timedelta(minutes=5) <= timezone.now() - begins <= timedelta(minutes=20)
            assert document["proof"]["created"] == document["validFrom"]

    def test_the_day_it_was_awarded_is_told_by_itself(self, credential):
        assert credential.signed["awardedDate"] == rules.moment(credential.issued_at)


class TestEnding:
    def test_suspended_restored_revoked(self, credential, cast):
        services.suspend(credential=credential, reason="xem lại", by=cast.lan)
        assert queries.verification(credential.pk).verdict == "suspended"
        services.restore(credential=credential, reason="ổn", by=cast.lan)
        services.revoke(credential=credential, reason="sai")
        assert queries.verification(credential.pk).verdict == "revoked"
        with pytest.raises(IllegalMove):
            services.restore(credential=credential, reason="", by=cast.lan)

    def test_the_public_lists_say_it(self, credential, cast):
        lists = {p: services.status_list(p)["credentialSubject"]["encodedList"] for p in rules.PURPOSES}
        assert not any(rules.bit_is_set(encoded, credential.status_index) for encoded in lists.values())
        services.revoke(credential=credential, reason="sai")
        encoded = services.status_list("revocation")["credentialSubject"]["encodedList"]
        assert rules.bit_is_set(encoded, credential.status_index)

    @pytest.mark.parametrize("who", ["hoa", "an", "minh"])
    def test_others_cannot(self, credential, cast, who):
        with pytest.raises(NotAllowed):
            services.ask_revocation(credential=credential, reason="x", by=getattr(cast, who))

    def test_a_rotated_key_leaves_old_certificates_valid(self, credential):
        services.rotate_key()
        assert queries.check_document(credential.signed)[0] == "valid"

    def test_a_compromised_key_does_not(self, credential):
        services.condemn_key(public=credential.key.public)
        assert queries.verification(credential.pk).verdict == "revoked"
        assert queries.check_document(credential.signed)[0] == "unknown"

    def test_the_key_that_is_named_is_condemned_and_no_later_one(self, credential):
        later = services.rotate_key()
        assert services.condemn_key(public=credential.key.public) == later
        later.refresh_from_db()
        assert (later.retired_at, later.compromised_at) == (None, None)
        assert queries.verification(credential.pk).verdict == "revoked"

    def test_the_key_that_signs_is_retired_when_it_is_condemned_and_twice_is_once(self, credential):
        after = services.condemn_key(public=credential.key.public)
        assert after != credential.key and services.condemn_key(public=credential.key.public) == after

    def test_a_key_that_is_not_ours_cannot_be_condemned(self, credential):
        with pytest.raises(services.UnknownKey, match="z6MkOther"):
            services.condemn_key(public="z6MkOther")
        assert queries.verification(credential.pk).verdict == "valid"

    def test_an_erased_holders_certificate_stays_checkable_without_a_name(
        self, credential, cast, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            erase(person=cast.hoa)
        credential.refresh_from_db()
        assert (credential.holder, credential.holder_name) == (None, "")
        assert queries.verification(credential.pk).verdict == "valid"


class TestTwoPeople:
    """Revoking, and lifting a revocation that was wrong, take two; the holder is told what, why, and whom to ask."""

    @pytest.fixture
    def asked(self, credential, cast):
        return services.ask_revocation(credential=credential, reason="cấp nhầm", by=cast.lan)

    def test_asking_alone_changes_nothing_and_nobody_confirms_their_own(self, asked, credential, cast):
        with pytest.raises(TwoEyes):
            services.confirm(request=asked, by=cast.lan)
        assert queries.verification(credential.pk).verdict == "valid" and not Notice.objects.exists()

    def test_another_confirms_and_the_holder_is_told(self, asked, credential, cast):
        assert services.confirm(request=asked, by=cast.oanh).state == "revoked"
        told = Notice.objects.get()
        assert told.person == cast.hoa and "Hai bài thử" in told.text
        assert "cấp nhầm" in told.text and "Sở Một" in told.text

    def test_a_revocation_found_wrong_is_lifted_by_two(self, asked, credential, cast):
        services.confirm(request=asked, by=cast.oanh)
        lifting = services.ask_lifting(credential=credential, reason="đúng người", by=cast.oanh)
        with pytest.raises(TwoEyes):
            services.confirm(request=lifting, by=cast.oanh)
        assert services.confirm(request=lifting, by=cast.lan).state == "issued"
        encoded = services.status_list("revocation")["credentialSubject"]["encodedList"]
        assert not rules.bit_is_set(encoded, credential.status_index)
        assert "có hiệu lực trở lại" in Notice.objects.order_by("created_at").last().text

    def test_what_was_lifted_is_not_counted_as_revoked(
        self, asked, credential, cast, django_capture_on_commit_callbacks
    ):
        services.confirm(request=asked, by=cast.oanh)
        roll_up(measure="credentials.revoked")
        assert Cell.objects.filter(measure="credentials.revoked").count() == 1
        lifting = services.ask_lifting(credential=credential, reason="đúng người", by=cast.oanh)
        with django_capture_on_commit_callbacks(execute=True):
            services.confirm(request=lifting, by=cast.lan)
        assert not Cell.objects.filter(measure="credentials.revoked").exists()

    def test_only_what_is_revoked_is_lifted(self, credential, cast):
        with pytest.raises(IllegalMove):
            services.ask_lifting(credential=credential, reason="x", by=cast.lan)

    def test_strangers_neither_confirm_nor_decline(self, asked, cast):
        for verb in (services.confirm, services.decline):
            for stranger in (cast.xuan, cast.hoa, cast.minh):
                with pytest.raises(NotAllowed):
                    verb(request=asked, by=stranger)

    def test_it_lapses_when_who_asked_loses_the_right(self, credential, cast):
        grant = roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.here, by=None)
        request = services.ask_revocation(credential=credential, reason="x", by=cast.binh)
        roles.end(grant=grant, by=None)
        erase(person=cast.binh)
        request.refresh_from_db()
        assert (request.state, request.decided_by) == ("lapsed", None)
        assert JournalEntry.objects.filter(act="revocation-request.lapsed").count() == 1
        with pytest.raises(IllegalMove):
            services.confirm(request=request, by=cast.lan)
        assert services.ask_revocation(credential=credential, reason="x", by=cast.lan).state == "open"

    @pytest.mark.parametrize("lost", ["role ended by its date", "barred"])
    def test_a_right_lost_in_silence_is_seen_at_confirmation_and_by_cleaning(self, asked, credential, cast, lost):
        if lost == "barred":
            Person.objects.filter(pk=cast.lan.pk).update(is_active=False)
        else:
            RoleGrant.objects.filter(person=cast.lan).update(starts_at=LONG_AGO, ends_at=LONG_AGO)
        with pytest.raises(two_people.AskerLeft):
            services.confirm(request=asked, by=cast.oanh)
        cleanup.end_lapsed(timezone.now())
        asked.refresh_from_db()
        assert asked.state == "lapsed" and queries.verification(credential.pk).verdict == "valid"

    def test_who_asked_does_not_appoint_the_second_person(self, asked, credential, cast):
        mine = roles.offer(address=world.PHONES["binh"], role=Role.LEADER, unit=cast.here, by=cast.lan)
        roles.accept(offer=mine, by=cast.binh)
        with pytest.raises(two_people.NotIndependent):
            services.confirm(request=asked, by=Person.objects.get(pk=cast.binh.pk))
        services.decline(request=asked, by=cast.lan)
        later = services.ask_revocation(credential=credential, reason="x", by=cast.lan)
        with pytest.raises(two_people.NotIndependent):  # nor when appointed before
            services.confirm(request=later, by=Person.objects.get(pk=cast.binh.pk))
        services.decline(request=later, by=cast.lan)
        turned = services.ask_revocation(credential=credential, reason="x", by=Person.objects.get(pk=cast.binh.pk))
        with pytest.raises(two_people.NotIndependent):  # nor the other way round
            services.confirm(request=turned, by=cast.lan)
        assert services.confirm(request=turned, by=cast.oanh).state == "revoked"

    def test_a_right_given_since_does_not_count(self, asked, credential, cast):
        roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.here, by=cast.oanh)
        with pytest.raises(two_people.NotIndependent):
            services.confirm(request=asked, by=Person.objects.get(pk=cast.binh.pk))
        assert queries.verification(credential.pk).verdict == "valid"
        services.decline(request=asked, by=cast.lan)
        again = services.ask_revocation(credential=credential, reason="x", by=cast.lan)
        assert services.confirm(request=again, by=Person.objects.get(pk=cast.binh.pk)).state == "revoked"

    def test_who_asked_takes_it_back(self, asked, credential, cast):
        services.decline(request=asked, by=cast.lan)
        with pytest.raises(IllegalMove):
            services.confirm(request=asked, by=cast.oanh)
        assert queries.verification(credential.pk).verdict == "valid"

    def test_an_erased_holder_is_told_nothing(self, asked, cast, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            erase(person=cast.hoa)
        services.confirm(request=asked, by=cast.oanh)
        assert not Notice.objects.exists()


class TestWhoAnswersForIt:
    """A certificate belongs to the unit that owned its programme on the day it was issued."""

    def test_it_belongs_to_the_programmes_owner_for_good(self, credential, cast, programme):
        assert credential.unit == programme.owner == cast.here
        Programme.objects.update(owner=cast.next_door)
        credential.refresh_from_db()
        assert credential.unit == cast.here

    @pytest.mark.parametrize(
        "verb", [services.suspend, services.restore, services.ask_revocation, services.ask_lifting]
    )
    def test_who_leads_a_school_or_next_door_can_do_nothing_to_it(self, credential, cast, verb):
        roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.school, by=None)
        for stranger in (cast.binh, cast.xuan):
            with pytest.raises(NotAllowed):
                verb(credential=credential, reason="x", by=stranger)
        assert queries.verification(credential.pk).verdict == "valid"

    def test_the_ministry_above_can(self, credential, cast):
        assert services.ask_revocation(credential=credential, reason="cấp nhầm", by=cast.oanh).state == "open"

    def test_a_role_that_ended_gives_nothing(self, credential, cast):
        roles.end(grant=RoleGrant.objects.get(person=cast.lan), by=None)
        with pytest.raises(NotAllowed):
            services.ask_revocation(credential=credential, reason="x", by=Person.objects.get(pk=cast.lan.pk))
