"""Whose a programme and an outcome is; what only two people take out, and bring back."""

import shutil
from pathlib import Path

import pytest
import yaml
from django.db import IntegrityError, transaction

from hocvuso.base.errors import IllegalMove, NeedsReason, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.library import queries, services
from hocvuso.library.models import Edition, Lesson, Programme, WithdrawalRequest
from hocvuso.library.services_owners import hand_over
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles, two_people
from hocvuso.skills.models import Outcome
from hocvuso.skills.services import OutcomeElsewhere
from tests import world

pytestmark = pytest.mark.django_db
GOOD = Path(__file__).parents[3] / "tests" / "programmes" / "hai-bai"


@pytest.fixture
def folder(tmp_path):
    world.frameworks()
    return Path(shutil.copytree(GOOD, tmp_path / "hai-bai"))


def reword(folder, old="Đoạn mở đầu", new="Đoạn đầu mới"):
    path = folder / "bai-mot" / "lesson.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def bring_out(edition, author, leader):
    """From draft to published by its own people."""
    services.submit(edition=edition, by=author)
    services.approve(edition=edition, by=leader)
    services.publish(edition=edition, by=leader)


def another_leader(unit):
    """Somebody besides the cast who leads a unit."""
    made = Person.objects.create(name="Khanh")
    roles.grant(person=made, role=Role.LEADER, unit=unit, by=None)
    return Person.objects.get(pk=made.pk)


def spoil_outcome(folder, what):
    """Another value for one field of the first outcome."""
    path = folder / "programme.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    data["outcomes"][0][what] = {"tier": 5, "competency": "TT02-2025/1.2"}.get(what, "Đổi")
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


class TestOwners:
    """A programme belongs to the unit that published it first: what is public of it is decided there."""

    def test_a_new_programme_belongs_to_the_unit_that_publishes_it_first(self, cast, folder):
        edition = services.draft_from(folder=folder, by=cast.an)
        assert edition.unit == cast.here and edition.programme.owner is None
        bring_out(edition, cast.an, cast.lan)
        assert Programme.objects.get().owner == cast.here
        assert JournalEntry.objects.get(act="programme.given").data == {"before": "", "after": "SO-1"}

    def test_a_draft_of_a_small_unit_does_not_take_the_key_of_a_programme(self, cast, folder):
        draft = services.draft_from(folder=folder, by=cast.xuan)
        edition = services.publish_folder(folder=folder, unit=cast.ministry)
        assert edition.unit == edition.programme.owner == cast.ministry
        draft.refresh_from_db()
        services.submit(edition=draft, by=cast.xuan)
        with pytest.raises(NotAllowed):
            services.approve(edition=draft, by=another_leader(cast.next_door))

    def test_who_comes_second_does_not_publish_what_was_approved_before(self, cast, folder):
        second = services.draft_from(folder=folder, by=cast.xuan)
        services.submit(edition=second, by=cast.xuan)
        leader = another_leader(cast.next_door)
        services.approve(edition=second, by=leader)
        bring_out(services.draft_from(folder=folder, by=cast.an), cast.an, cast.lan)
        with pytest.raises(NotAllowed):
            services.publish(edition=second, by=leader)
        assert Programme.objects.get().owner == cast.here

    def test_what_is_published_has_an_owner_says_the_database(self, programme):
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.update(owner=None)

    def test_it_is_handed_over_by_who_decides_at_both_units_and_in_the_journal(self, cast, folder):
        programme = services.publish_folder(folder=folder, unit=cast.here).programme
        for stranger in (cast.lan, cast.xuan, cast.an):
            with pytest.raises(NotAllowed):
                hand_over(programme=programme, to=cast.next_door, by=stranger)
        hand_over(programme=programme, to=cast.next_door, by=cast.oanh)
        assert Programme.objects.get().owner == cast.next_door
        assert set(Outcome.objects.values_list("owner__code", flat=True)) == {"SO-2"}
        entry = JournalEntry.objects.filter(act="programme.given").latest("number")
        assert (entry.actor, entry.data) == (str(cast.oanh.pk), {"before": "SO-1", "after": "SO-2"})

    def test_nobody_takes_what_nobody_owns_yet_but_the_operator_gives_it(self, cast, folder):
        programme = services.draft_from(folder=folder, by=cast.xuan).programme
        with pytest.raises(NotAllowed):
            hand_over(programme=programme, to=cast.ministry, by=cast.oanh)
        hand_over(programme=programme, to=cast.ministry, by=None)
        assert Programme.objects.get().owner == cast.ministry

    def test_who_writes_for_several_units_says_for_which(self, cast, folder):
        roles.grant(person=cast.an, role=Role.AUTHOR, unit=cast.next_door, by=None)
        an = Person.objects.get(pk=cast.an.pk)
        with pytest.raises(services.WhichUnit):
            services.draft_from(folder=folder, by=an)
        with pytest.raises(NotAllowed):
            services.draft_from(folder=folder, by=an, unit=cast.ministry)
        assert not Programme.objects.exists()
        assert services.draft_from(folder=folder, by=an, unit=cast.next_door).unit == cast.next_door

    def test_the_operator_names_the_owner_and_changes_none(self, cast, folder):
        with pytest.raises(services.WhichUnit):
            services.publish_folder(folder=folder)
        services.publish_folder(folder=folder, unit=cast.here)
        reword(folder)
        with pytest.raises(services.OwnedElsewhere, match="SO-1"):
            services.publish_folder(folder=folder, unit=cast.next_door)
        assert Edition.objects.count() == 1
        edition = services.publish_folder(folder=folder)
        assert edition.unit == edition.programme.owner == cast.here

    def test_who_leads_a_school_or_next_door_does_not_withdraw_it(self, cast, folder):
        edition = services.publish_folder(folder=folder, unit=cast.here)
        roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.school, by=None)
        for stranger in (cast.binh, cast.xuan):
            with pytest.raises(NotAllowed):
                services.ask_withdrawal(edition=edition, reason="x", by=stranger)
        assert Programme.objects.get().current == edition
        assert services.ask_withdrawal(edition=edition, reason="sai", by=cast.oanh).state == "open"


class TestOutcomes:
    """Codes of outcomes are the whole country's: only the unit that an outcome belongs to rewords it."""

    @pytest.fixture
    def next_doors(self, cast, folder):
        """A programme of next door that teaches to the outcomes of the published one."""
        services.publish_folder(folder=folder, unit=cast.here)
        path = folder / "programme.yaml"
        path.write_text(path.read_text("utf-8").replace("key: hai-bai", "key: xa-nho"), "utf-8")
        return folder

    def test_another_unit_teaches_to_them_as_they_are(self, cast, next_doors):
        edition = services.draft_from(folder=next_doors, by=cast.xuan)
        bring_out(edition, cast.xuan, another_leader(cast.next_door))
        assert edition.state == "published"
        assert set(Outcome.objects.values_list("owner__code", flat=True)) == {"SO-1"}

    @pytest.mark.parametrize("what", ["can_do", "can_do_en", "tier", "competency"])
    def test_another_unit_does_not_reword_them(self, cast, next_doors, what):
        before = list(Outcome.objects.values())
        spoil_outcome(next_doors, what)
        with pytest.raises(OutcomeElsewhere, match="SO-1"):
            services.submit(edition=services.draft_from(folder=next_doors, by=cast.xuan), by=cast.xuan)
        with pytest.raises(OutcomeElsewhere):
            services.publish_folder(folder=next_doors, unit=cast.next_door)
        assert list(Outcome.objects.values()) == before

    @pytest.mark.parametrize("what", ["can_do", "can_do_en", "tier", "competency"])
    def test_their_unit_does(self, cast, next_doors, what):
        spoil_outcome(next_doors, what)
        services.publish_folder(folder=next_doors, unit=cast.here)
        shown = Outcome.objects.order_by("code").values_list("can_do", "can_do_en", "tier", "competency__reference")
        assert {"can_do": "Đổi", "can_do_en": "Đổi", "tier": 5, "competency": "TT02-2025/1.2"}[what] in shown[0]

    def test_what_another_programme_of_the_owner_teaches_stays_when_one_is_handed_over(self, cast, next_doors):
        edition = services.publish_folder(folder=next_doors, unit=cast.here)
        hand_over(programme=edition.programme, to=cast.next_door, by=None)
        assert set(Outcome.objects.values_list("owner__code", flat=True)) == {"SO-1"}


class TestWithdrawing:
    """Two people at the programme's owner withdraw it, for a reason; and there is a way back."""

    @pytest.fixture
    def edition(self, cast, folder):
        return services.publish_folder(folder=folder, unit=cast.here)

    @pytest.fixture
    def asked(self, cast, edition):
        return services.ask_withdrawal(edition=edition, reason="số liệu cũ", by=cast.lan)

    def test_asking_alone_withdraws_nothing(self, edition, asked):
        edition.refresh_from_db()
        assert edition.state == "published" and Programme.objects.get().current == edition

    def test_nobody_confirms_their_own(self, cast, asked):
        with pytest.raises(TwoEyes):
            services.confirm_withdrawal(request=asked, by=cast.lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            WithdrawalRequest.objects.update(state="confirmed", decided_by=cast.lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            WithdrawalRequest.objects.update(state="confirmed")

    def test_another_confirms_and_the_journal_tells_of_both(self, cast, asked):
        services.confirm_withdrawal(request=asked, by=cast.oanh)
        assert Programme.objects.get().current is None
        acts = JournalEntry.objects.filter(act__startswith="withdrawal-request").order_by("number")
        assert [(a.act.split(".")[1], a.actor) for a in acts] == [
            ("asked", str(cast.lan.pk)),
            ("confirmed", str(cast.oanh.pk)),
        ]
        assert acts[0].data["reason"] == "số liệu cũ"

    def test_not_by_who_leads_next_door_or_beneath(self, cast, asked):
        roles.grant(person=cast.binh, role=Role.LEADER, unit=cast.school, by=None)
        for stranger in (cast.binh, cast.xuan, cast.minh):
            for verb in (services.confirm_withdrawal, services.decline_withdrawal):
                with pytest.raises(NotAllowed):
                    verb(request=asked, by=stranger)

    @pytest.mark.parametrize("who", ["lan", "oanh"])
    def test_taken_back_or_declined_it_stays_and_can_be_asked_again(self, cast, edition, asked, who):
        services.decline_withdrawal(request=asked, by=getattr(cast, who))
        with pytest.raises(IllegalMove):
            services.confirm_withdrawal(request=asked, by=cast.oanh)
        assert services.ask_withdrawal(edition=edition, reason="lại", by=cast.lan).state == "open"

    def test_it_is_asked_once_and_not_without_a_reason(self, cast, edition, asked):
        with pytest.raises(two_people.AlreadyAsked):
            services.ask_withdrawal(edition=edition, reason="nữa", by=cast.oanh)
        services.decline_withdrawal(request=asked, by=cast.lan)
        with pytest.raises(NeedsReason):
            services.ask_withdrawal(edition=edition, reason="  ", by=cast.lan)

    @pytest.fixture
    def withdrawn(self, cast, edition, asked):
        services.confirm_withdrawal(request=asked, by=cast.oanh)
        edition.refresh_from_db()
        return edition

    def test_what_two_people_withdrew_no_one_person_publishes_again(self, cast, withdrawn):
        for somebody, refusal in ((cast.xuan, NotAllowed), (cast.lan, IllegalMove), (cast.oanh, IllegalMove)):
            with pytest.raises(refusal):
                services.publish(edition=withdrawn, by=somebody)
        asked = services.ask_republishing(edition=withdrawn, reason="đã sửa số liệu", by=cast.lan)
        with pytest.raises(TwoEyes):
            services.confirm_withdrawal(request=asked, by=cast.lan)
        with pytest.raises(NotAllowed):
            services.confirm_withdrawal(request=asked, by=cast.xuan)
        assert Programme.objects.get().current is None

    def test_two_people_publish_it_again_for_a_reason(self, cast, withdrawn):
        with pytest.raises(NeedsReason):
            services.ask_republishing(edition=withdrawn, reason=" ", by=cast.oanh)
        asked = services.ask_republishing(edition=withdrawn, reason="đã sửa số liệu", by=cast.oanh)
        services.confirm_withdrawal(request=asked, by=cast.lan)
        assert Programme.objects.get().current == withdrawn and Lesson.objects.filter(listed=True).count() == 2
        entry = JournalEntry.objects.filter(act="withdrawal-request.confirmed").latest("number")
        assert (entry.actor, entry.data["to"]) == (str(cast.lan.pk), "published")

    def test_nor_does_one_person_bring_back_an_older_edition_instead(self, cast, folder):
        first = services.publish_folder(folder=folder, unit=cast.here)
        reword(folder)
        second = services.publish_folder(folder=folder)
        asked = services.ask_withdrawal(edition=second, reason="sai", by=cast.lan)
        services.confirm_withdrawal(request=asked, by=cast.oanh)
        first.refresh_from_db()
        with pytest.raises(IllegalMove):
            services.publish(edition=first, by=cast.lan)
        asked = services.ask_republishing(edition=first, reason="bản cũ đúng", by=cast.lan)
        services.confirm_withdrawal(request=asked, by=cast.oanh)
        assert Programme.objects.get().current == first

    def test_what_was_only_replaced_comes_back_as_a_new_edition_of_two_people(self, cast, folder, tmp_path):
        old = Path(shutil.copytree(folder, tmp_path / "cu" / "hai-bai"))
        first = services.publish_folder(folder=folder, unit=cast.here)
        reword(folder)
        services.publish_folder(folder=folder)
        third = services.draft_from(folder=old, by=cast.an)
        bring_out(third, cast.an, cast.lan)
        assert third.bundle == first.bundle and Programme.objects.get().current == third

    def test_what_is_on_its_way_or_stands_is_not_asked_back(self, cast, edition, folder):
        reword(folder)
        draft = services.draft_from(folder=folder, by=cast.an)
        for other in (draft, edition):
            with pytest.raises(IllegalMove):
                services.ask_republishing(edition=other, reason="x", by=cast.lan)
        services.publish_folder(folder=folder)
        with pytest.raises(services.StandsAlready):
            services.ask_republishing(edition=edition, reason="x", by=cast.lan)

    def test_the_operator_at_the_command_line_stands_outside(self, withdrawn):
        services.publish(edition=withdrawn, by=None)
        assert Programme.objects.get().current == withdrawn

    def test_an_old_edition_does_not_put_the_published_one_aside(self, cast, edition, folder):
        reword(folder)
        services.publish_folder(folder=folder)
        edition.refresh_from_db()
        with pytest.raises(services.StandsAlready):
            services.publish(edition=edition, by=cast.lan)

    def test_an_edition_from_next_door_is_let_in_by_the_owner_alone(self, cast, folder):
        live = services.publish_folder(folder=folder, unit=cast.here)
        roles.grant(person=cast.binh, role=Role.AUTHOR, unit=cast.next_door, by=None)
        reword(folder)
        draft = services.draft_from(folder=folder, by=cast.binh)
        assert (draft.unit, draft.programme.owner, draft.number) == (cast.next_door, cast.here, 2)
        services.submit(edition=draft, by=cast.binh)
        for verb in (services.approve, services.publish):
            with pytest.raises(NotAllowed):
                verb(edition=draft, by=cast.xuan)
        services.approve(edition=draft, by=cast.lan)
        services.publish(edition=draft, by=cast.lan)
        live.refresh_from_db()
        assert live.state == "withdrawn" and Programme.objects.get().owner == cast.here

    def test_the_same_folder_from_next_door_is_a_draft_of_its_own(self, cast, folder):
        services.publish_folder(folder=folder, unit=cast.here)
        roles.grant(person=cast.binh, role=Role.AUTHOR, unit=cast.next_door, by=None)
        assert services.draft_from(folder=folder, by=cast.binh).unit == cast.next_door

    def test_one_sees_what_ones_units_own_or_write(self, cast, folder):
        edition = services.publish_folder(folder=folder, unit=cast.here)
        assert queries.latest_editions(cast.lan) == queries.latest_editions(cast.oanh) == [edition]
        assert queries.latest_editions(cast.xuan) == queries.latest_editions(cast.hoa) == []
