"""A slip in the name is put right by a new certificate, which supersedes the old one."""

import pytest

from hocvuso.base.errors import IllegalMove, NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.credentials import queries, rules, services
from hocvuso.indicators.models import Cell
from hocvuso.indicators.services import roll_up

pytestmark = pytest.mark.django_db


class TestCorrecting:
    """A slip in the name: a new certificate supersedes the one that has it."""

    @pytest.fixture
    def corrected(self, credential, cast):
        return services.correct(credential=credential, holder_name="Nguyễn Thị Hoa", by=cast.hoa)

    def test_the_new_one_is_valid_and_the_old_one_points_to_it(self, corrected, credential):
        old, new = queries.verification(credential.pk), queries.verification(corrected.pk)
        assert (old.verdict, old.superseded_by) == ("superseded", corrected.pk) and new.verdict == "valid"
        assert new.fits("Nguyễn Thị Hoa") and not new.fits("Hoa")
        assert corrected.signed["evidence"] == credential.signed["evidence"]
        assert queries.check_document(credential.signed)[0] == "superseded"

    def test_software_of_others_reads_that_the_old_one_ended(self, corrected, credential):
        encoded = services.status_list("revocation")["credentialSubject"]["encodedList"]
        assert rules.bit_is_set(encoded, credential.status_index)
        assert not rules.bit_is_set(encoded, corrected.status_index)

    def test_the_journal_says_which_superseded_which_without_a_name(self, corrected, credential):
        entry = JournalEntry.objects.get(act="credential.superseded")
        assert str(corrected.pk) in str(entry.data) and "Hoa" not in str(entry.data)

    def test_it_counts_as_one_issued_and_none_revoked(self, corrected):
        for measure in ("credentials.issued", "credentials.revoked"):
            roll_up(measure=measure)
        assert list(Cell.objects.values_list("measure", "value")) == [("credentials.issued", 1)]

    def test_pressed_twice_is_corrected_once(self, corrected, credential, cast):
        assert services.correct(credential=credential, holder_name="Nguyễn Thị Hoa", by=cast.hoa) == corrected
        with pytest.raises(IllegalMove):
            services.correct(credential=credential, holder_name="Trần Thị Hoa", by=cast.hoa)

    def test_passing_again_to_the_desk_gives_the_one_that_stands(self, corrected):
        assert services.issue(attempt=corrected.attempt) == corrected

    def test_only_its_holder_corrects_it(self, credential, cast):
        for other in (cast.binh, cast.lan):
            with pytest.raises(NotAllowed):
                services.correct(credential=credential, holder_name="Bình", by=other)

    def test_the_same_name_or_none_or_letters_that_cannot_be_printed_are_refused(self, credential, cast):
        for name, refusal in (
            ("Hoa ", services.SameName),
            ("\u200b", services.NameFirst),
            ("陈", services.LettersMissing),
        ):
            with pytest.raises(refusal):
                services.correct(credential=credential, holder_name=name, by=cast.hoa)

    def test_it_is_for_slips_not_for_other_people(self, credential, cast):
        for n in range(services.MOST_CORRECTIONS):
            credential = services.correct(credential=credential, holder_name=f"Hoa {'ABC'[n]}", by=cast.hoa)
        with pytest.raises(services.CorrectedEnough, match="Sở Một"):
            services.correct(credential=credential, holder_name="Hoa D", by=cast.hoa)

    def test_nobody_escapes_what_is_being_looked_into(self, credential, cast):
        services.ask_revocation(credential=credential, reason="x", by=cast.lan)
        with pytest.raises(services.UnderReview):
            services.correct(credential=credential, holder_name="Lan", by=cast.hoa)

    @pytest.mark.parametrize("end", ["suspend", "revoke"])
    def test_what_has_ended_is_not_corrected(self, credential, cast, end):
        by = {"by": cast.lan} if end == "suspend" else {}
        getattr(services, end)(credential=credential, reason="x", **by)
        with pytest.raises(IllegalMove):
            services.correct(credential=credential, holder_name="Lan", by=cast.hoa)

    def test_whether_the_name_is_shown_goes_over_to_the_new_one(self, credential, cast):
        services.choose_name(credential=credential, show=True, by=cast.hoa)
        new = services.correct(credential=credential, holder_name="Nguyễn Thị Hoa", by=cast.hoa)
        assert queries.verification(new.pk).name == "Nguyễn Thị Hoa"
        assert queries.verification(credential.pk).name == ""
