"""Tests: resumable, final once answered, keys kept until the end, retake after study."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.assess import queries, services
from hocvuso.assess.models import Answer, Attempt, Item
from hocvuso.library.services import publish_folder
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents
from hocvuso.records import services as records
from tests import world
from tests.world import batch, right_response, statement, take_final, wrong_response

pytestmark = pytest.mark.django_db
FINAL, PLACEMENT = Attempt.Kind.FINAL, Attempt.Kind.PLACEMENT


@pytest.fixture
def attempt(cast, programme):
    return services.start(person=cast.hoa, programme=programme, kind=FINAL)


def answer(attempt, position, *, right=True):
    item = Item.objects.get(pk=Attempt.objects.get(pk=attempt.pk).form["items"][position]["id"])
    response = right_response(item) if right else wrong_response(item)
    return services.answer(attempt=attempt, position=position, response=response)


class TestBank:
    def test_publishing_stocks_it_from_test_items_alone(self, programme):
        assert Item.objects.filter(state="live").count() == 24
        assert not Item.objects.filter(key__endswith="/c1").exists()

    def test_what_is_shown_holds_nothing_of_what_is_right(self, programme):
        for item in Item.objects.all():
            assert set(item.content) == {"type", "stem", "options"}

    def test_a_changed_question_is_a_new_version_and_attempts_keep_the_old(self, attempt, tmp_path):
        import shutil

        folder = shutil.copytree(world.ROOT / "tests" / "programmes" / "hai-bai", tmp_path / "hai-bai")
        path = folder / "bai-mot" / "items.yaml"
        path.write_text(
            path.read_text("utf-8").replace("Câu số 1 của", "Câu mới của").replace("Câu số 3 của", "Câu mới hơn của"),
            "utf-8",
        )
        services.sync_items(edition=publish_folder(folder=folder, unit=world.owner()))
        old = Item.objects.get(key="hai-bai/bai-mot/t1", version=1)
        assert (old.state, old.content["stem"]) == ("retired", "Câu số 1 của bai-mot")
        assert Item.objects.get(key="hai-bai/bai-mot/t1", state="live").version == 2
        for position in range(len(attempt.form["items"])):
            answer(attempt, position)
        assert services.submit(attempt=attempt).result["passed"]


class TestTaking:
    def test_starting_again_continues_the_same_test(self, attempt, cast, programme):
        assert services.start(person=cast.hoa, programme=programme, kind=FINAL) == attempt

    def test_two_open_tests_cannot_exist(self, attempt):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt.pk = None
            attempt.save(force_insert=True)

    def test_an_answer_is_final_and_the_same_again_is_harmless(self, attempt):
        first = answer(attempt, 0)
        assert answer(attempt, 0) == first
        with pytest.raises(services.NotThisQuestion):
            answer(attempt, 0, right=False)

    def test_questions_cannot_be_skipped_or_invented(self, attempt):
        for position in (1, 20, -1):
            with pytest.raises((services.NotThisQuestion, IndexError)):
                services.answer(attempt=attempt, position=position, response=[0])
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("response", [[], [99], [-1], [0, 0], [0, 1, 2, 3]])
    def test_a_response_that_does_not_fit_is_refused_and_nothing_is_kept(self, attempt, response):
        with pytest.raises(queries.BadResponse):
            services.answer(attempt=attempt, position=0, response=response)
        assert not Answer.objects.exists()

    def test_the_review_is_empty_until_the_end(self, attempt):
        answer(attempt, 0)
        assert queries.review(attempt) == []
        assert len(queries.review(services.submit(attempt=attempt))) == 1

    def test_after_the_end_nothing_more_is_taken(self, attempt):
        services.submit(attempt=attempt)
        with pytest.raises(services.Finished):
            services.answer(attempt=attempt, position=0, response=[0])

    def test_submitting_twice_is_submitting_once(self, attempt):
        first = services.submit(attempt=attempt)
        assert services.submit(attempt=attempt).submitted_at == first.submitted_at


class TestResults:
    def test_all_right_passes_with_a_margin_and_says_how_sure_it_is(self, cast, programme):
        result = take_final(cast.hoa, programme).result
        assert result["passed"] and result["se"] > 0 and result["right"] == result["asked"] == 20
        assert sum(asked for _right, asked in result["outcomes"].values()) == 20

    def test_all_wrong_is_not_yet_shown_and_says_what_to_study(self, cast, programme):
        attempt = take_final(cast.hoa, programme, right=False)
        assert attempt.result["passed"] is False
        assert {lesson.key for lesson in queries.to_study(attempt.programme, attempt.result)} == {"bai-mot", "bai-hai"}

    def test_unanswered_questions_count_as_wrong(self, attempt):
        answer(attempt, 0)
        result = services.submit(attempt=attempt).result
        assert (result["right"], result["asked"]) == (1, 20)

    def test_a_retake_comes_after_study(self, cast, programme):
        take_final(cast.hoa, programme, right=False)
        with pytest.raises(services.StudyFirst):
            services.start(person=cast.hoa, programme=programme, kind=FINAL)
        records.append(person=cast.hoa, batch=batch(statement(timestamp="2026-01-01T00:00:00Z")))  # its clock is off
        assert services.start(person=cast.hoa, programme=programme, kind=FINAL)

    def test_a_clock_set_ahead_gives_no_further_retakes(self, cast, programme):
        ahead = (timezone.now() + timedelta(days=1500)).isoformat()
        records.append(person=cast.hoa, batch=batch(statement(timestamp=ahead)))
        take_final(cast.hoa, programme, right=False)
        with pytest.raises(services.StudyFirst):
            services.start(person=cast.hoa, programme=programme, kind=FINAL)

    def test_a_child_takes_tests_after_a_guardians_consent(self, cast, programme):
        cast.hoa.birth_year = timezone.localdate().year - 12
        cast.hoa.save()
        with pytest.raises(services.GuardianFirst):
            services.start(person=cast.hoa, programme=programme, kind=FINAL)

    def test_a_retake_comes_after_a_rest(self, cast, programme):
        attempt = take_final(cast.hoa, programme, right=False)
        Attempt.objects.filter(pk=attempt.pk).update(submitted_at=timezone.now() - timedelta(hours=13))
        assert services.start(person=cast.hoa, programme=programme, kind=FINAL)

    def test_placement_adapts_and_ends_with_a_tier(self, cast, programme):
        attempt = services.start(person=cast.hoa, programme=programme, kind=PLACEMENT)
        for _ in range(12):
            attempt.refresh_from_db()
            question = queries.open_question(attempt)
            if question is None:
                break
            answer(attempt, question.position)
        assert services.submit(attempt=attempt).result["tier"] == 1
        assert 4 <= attempt.answers.count() <= 12

    def test_an_attempt_is_its_owners_alone(self, attempt, cast):
        assert not Attempt.objects.visible_to(cast.binh).exists()

    def test_a_programme_with_too_few_questions_has_no_test(self, cast, programme):
        Item.objects.update(state="retired")
        with pytest.raises(queries.NoTest):
            services.start(person=cast.hoa, programme=programme, kind=FINAL)


def test_nothing_more_is_kept_since_the_consent_was_taken_back(attempt, cast):
    answer(attempt, 0)
    consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
    for act in (lambda: answer(attempt, 1), lambda: services.submit(attempt=attempt)):
        with pytest.raises(services.ConsentFirst):
            act()
    attempt.refresh_from_db()
    assert attempt.state == "started" and Answer.objects.count() == 1
