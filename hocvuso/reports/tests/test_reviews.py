"""Mid-term and final reviews: composed from accepted reports, edited, approved by a second person."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.base.errors import IllegalMove, NeedsReason, NotAllowed, TwoEyes
from hocvuso.base.versions import Stale
from hocvuso.indicators.models import Target
from hocvuso.plans.services.writing import TaskText
from hocvuso.plans.tests.cabinet import plan_in_force
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Review
from hocvuso.reports.services import reporting, reviews

from .world import country, hand_in, on

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def there():
    return country()


@pytest.fixture
def plan(there):
    made = plan_in_force(
        there.cabinet,
        TaskText(title="Trang bị máy", lead_unit=there.cabinet.one, due_on=date(2026, 3, 1)),
        TaskText(title="Mở lớp", lead_unit=there.cabinet.two, due_on=date(2099, 12, 31)),
    )
    made.tasks.update(indicators=["may"])
    return made


@pytest.fixture
def review(there, plan):
    report = hand_in(there.commune, by=there.cabinet.tu, devices=12)
    reporting.accept(report=report, by=there.cabinet.nam, at=on(4))
    Target.objects.create(indicator="may", unit=there.cabinet.ministry, period="2026", value=10, source="Kế hoạch")
    return reviews.begin(plan=plan, kind="mid-term", title="Sơ kết", first=FIRST, last=LAST, by=there.cabinet.ha)


class TestComposing:
    def test_figures_stand_against_targets(self, review):
        (figure,) = review.facts["figures"]
        assert (figure["key"], figure["target"], figure["period"]) == ("may", 10, "2026")

    def test_tasks_are_counted_by_state_and_late_ones_named(self, review):
        assert review.facts["tasks"]["counts"]["late"] == 1
        assert [row["title"] for row in review.facts["tasks"]["named"]] == ["Trang bị máy"]

    def test_accepted_reports_are_quoted_with_their_links(self, there, review):
        (extract,) = review.facts["extracts"]
        assert (extract["report"], extract["text"]) == (str(there.commune.pk), "Kết quả của Xã 1.")
        assert review.facts["reports"] == {"expected": 8, "accepted": 1, "late": 0}

    def test_again_takes_in_what_came_since_and_keeps_the_words(self, there, review):
        reviews.edit(review=review, title="", text={"general": "Tốt."}, by=there.cabinet.ha)
        report = hand_in(there.report(there.cabinet.communes[1]), by=there.cabinet.nam)
        reporting.accept(report=report, by=there.cabinet.lan, at=on(4))
        again = reviews.compose(review=review, by=there.cabinet.ha)
        assert len(again.facts["extracts"]) == 2
        assert again.text["general"] == "Tốt."

    def test_whether_a_target_is_reached(self):
        assert reviews.reached(5, 5, True) and reviews.reached(5, 5, False)
        assert reviews.reached(4, 5, False) and not reviews.reached(4, 5, True)
        assert reviews.reached(None, 5, True) is None

    def test_the_period_is_the_one_that_fits(self):
        assert reviews.period_of(date(2026, 1, 1), date(2026, 6, 30)).code == "2026-H1"
        assert reviews.period_of(date(2026, 1, 1), date(2026, 5, 3)).code == "2026"

    def test_time_runs_forward(self, there, plan):
        with pytest.raises(reviews.BadReview):
            reviews.begin(plan=plan, kind="final", title="", first=LAST, last=FIRST, by=there.cabinet.ha)


WORDS = {"general": "Đạt phần lớn mục tiêu."}


class TestDeciding:
    @pytest.fixture
    def review(self, there, review):
        return reviews.edit(review=review, title="", text=WORDS, by=there.cabinet.ha)

    def test_facts_alone_are_no_review(self, there, review):
        reviews.edit(review=review, title="", text={}, by=there.cabinet.ha)
        with pytest.raises(reviews.NothingWritten):
            reviews.submit(review=review, by=there.cabinet.ha)

    def test_it_waits_for_whoever_did_not_write_it(self, there, review):
        reviews.submit(review=review, by=there.cabinet.ha)
        assert questions.reviews_awaiting(there.cabinet.thuy) == [review]
        for person in (there.cabinet.ha, there.cabinet.xuan):
            assert questions.reviews_awaiting(person) == []

    def test_two_eyes(self, there, review):
        reviews.submit(review=review, by=there.cabinet.ha)
        approved = reviews.decide(review=review, approve=True, by=there.cabinet.thuy)
        assert (approved.state, approved.approved_by) == ("approved", there.cabinet.thuy)

    def test_not_who_wrote_in_it(self, there, review):
        reviews.edit(review=review, title="", text=WORDS, by=there.cabinet.thuy)
        reviews.submit(review=review, by=there.cabinet.ha)
        with pytest.raises(TwoEyes):
            reviews.decide(review=review, approve=True, by=there.cabinet.thuy)

    def test_a_return_needs_a_reason_and_puts_it_on_the_desk_again(self, there, review):
        reviews.submit(review=review, by=there.cabinet.ha)
        with pytest.raises(reviews.UnderDecision):
            reviews.edit(review=review, title="", text={}, by=there.cabinet.ha)
        with pytest.raises(NeedsReason):
            reviews.decide(review=review, approve=False, by=there.cabinet.thuy)
        reviews.decide(review=review, approve=False, note="Ngắn quá", by=there.cabinet.thuy)
        reviews.edit(review=review, title="", text=WORDS, by=there.cabinet.ha)
        reviews.submit(review=review, by=there.cabinet.ha)

    def test_only_what_was_submitted_is_decided(self, there, review):
        with pytest.raises(IllegalMove):
            reviews.decide(review=review, approve=True, by=there.cabinet.thuy)

    def test_neighbours_and_units_beneath_neither_write_nor_decide_nor_see(self, there, plan, review):
        for person in (there.cabinet.xuan, there.cabinet.lan):
            with pytest.raises(NotAllowed):
                reviews.begin(plan=plan, kind="final", title="", first=FIRST, last=LAST, by=person)
            with pytest.raises(NotAllowed):
                reviews.decide(review=review, approve=True, by=person)
            assert not Review.objects.visible_to(person).exists()


class TestVersions:
    """Who changes a review says which one they saw."""

    def test_each_verb_begins_the_next_version_of_what_was_seen(self, there, review):
        ha, thuy, seen = there.cabinet.ha, there.cabinet.thuy, review.version
        reviews.edit(review=review, title="Sơ kết", text={"general": "Khá."}, by=ha, version=seen)
        reviews.compose(review=review, by=ha, version=seen + 1)
        reviews.submit(review=review, by=ha, version=seen + 2)
        assert reviews.decide(review=review, approve=True, by=thuy, version=seen + 3).version == seen + 4

    def test_what_was_changed_meanwhile_is_not_overwritten(self, there, review):
        reviews.edit(review=review, title="Của Hà", text={"general": "Khá."}, by=there.cabinet.ha)
        for act in (
            lambda: reviews.edit(review=review, title="A", text={}, by=there.cabinet.ha, version=review.version),
            lambda: reviews.compose(review=review, by=there.cabinet.ha, version=review.version),
            lambda: reviews.submit(review=review, by=there.cabinet.ha, version=review.version),
        ):
            with pytest.raises(Stale):
                act()
        reviews.submit(review=review, by=there.cabinet.ha)
        with pytest.raises(Stale):
            reviews.decide(review=review, approve=True, by=there.cabinet.thuy, version=review.version)
