"""A draft: begun new or from an edition, written by several people, with history, and sent on as an edition."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from hocvuso.authoring import queries, services, services_programme
from hocvuso.authoring.editing import body_of
from hocvuso.authoring.folders import contents
from hocvuso.authoring.models import DraftRevision
from hocvuso.authoring.pictures import NotPicture
from hocvuso.base.attachments import path_of
from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.base.versions import Stale
from hocvuso.library import services as library
from hocvuso.library.models import Edition
from tests import world

pytestmark = pytest.mark.django_db
SOURCE = world.ROOT / "tests" / "programmes" / "hai-bai"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\t"
    b"\xfb\x03\xfdE\xba\xe4\x0c\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture
def edition(cast):
    world.frameworks()
    return library.draft_from(folder=SOURCE, by=cast.an)


@pytest.fixture
def draft(edition, cast):
    return services.go_on_from(edition=edition, unit=cast.here, by=cast.an)


def text_of(draft, path="bai-mot/lesson.md"):
    return draft.files.get(path=path).text


def save(draft, text, by, **kwargs):
    return services.save(draft=draft, path="bai-mot/lesson.md", text=text, by=by, **kwargs)


class TestFromAnEdition:
    def test_a_draft_holds_every_file_of_the_source_to_the_byte(self, draft):
        there = {str(p.relative_to(SOURCE)): p.read_bytes() for p in SOURCE.rglob("*") if p.is_file()}
        assert contents(draft) == there

    def test_of_one_programme_a_unit_has_one_draft(self, draft, edition, cast):
        assert services.go_on_from(edition=edition, unit=cast.here, by=cast.an) == draft

    def test_a_source_that_is_not_kept_is_said(self, edition, cast, settings, tmp_path):
        settings.DATA = tmp_path
        with pytest.raises(services.SourceNotKept):
            services.go_on_from(edition=edition, unit=cast.here, by=cast.an)

    def test_unchanged_it_is_the_edition_it_came_from(self, draft, edition, cast):
        job = services.send_on(draft=draft, by=cast.an)
        assert job.state == "done" and Edition.objects.get() == edition

    def test_changed_it_is_the_next_edition(self, draft, edition, cast):
        save(draft, text_of(draft).replace("bạn", "bác", 1), cast.an)
        services.send_on(draft=draft, by=cast.an)
        assert Edition.objects.count() == 2 and Edition.objects.latest("number").number == 2


class TestAnewProgramme:
    def test_what_is_not_written_is_named_place_by_place(self, cast):
        world.frameworks()
        draft = services_programme.begin_new(title="Gọi hình cho cháu", audience="elderly", unit=cast.here, by=cast.an)
        outcome = {"code": "GO-01", "competency": "TT02-2025/2.1", "tier": 1, "can_do": "Gọi hình", "can_do_en": "Call"}
        services_programme.set_outcomes(draft=draft, outcomes=[outcome], by=cast.an)
        key = services_programme.add_module(draft=draft, title="Gọi", lesson="Gọi đi", outcome="GO-01", by=cast.an)
        facts = queries.outline(draft).lessons[key]
        said = [one["what"] for one in facts["findings"]]
        assert facts["title"] == "Gọi đi" and draft.key == "goi-hinh-cho-chau"
        assert {"chưa viết: title_en", "chưa viết: thực hành, intro", "chưa viết: câu hỏi c1, stem"} <= set(said)

    def test_keys_are_plain_and_free(self):
        assert services_programme.key_of("Điện thoại của Bà") == "dien-thoai-cua-ba"
        assert services_programme.key_of("Điện thoại", ["dien-thoai", "dien-thoai-2"]) == "dien-thoai-3"
        assert services_programme.key_of("電話") == "bai"

    def test_without_an_outcome_there_is_no_lesson(self, cast):
        draft = services_programme.begin_new(title="Gọi", audience="elderly", unit=cast.here, by=cast.an)
        with pytest.raises(services_programme.NeedsOutcome):
            services_programme.add_module(draft=draft, title="Gọi", lesson="Gọi đi", outcome="GO-01", by=cast.an)
        assert queries.outline(draft).modules == []  # nothing half-saved


class TestOrder:
    def lessons(self, draft):
        return [module["lessons"] for module in queries.outline(draft).modules]

    def test_a_lesson_moves_within_its_module_and_past_its_end(self, draft, cast):
        before = self.lessons(draft)
        first = before[0][0]
        services_programme.move_lesson(draft=draft, lesson=first, down=True, by=cast.an)
        assert self.lessons(draft) != before
        services_programme.move_lesson(draft=draft, lesson=first, down=False, by=cast.an)
        assert [key for module in self.lessons(draft) for key in module] == [key for m in before for key in m]

    def test_a_lesson_taken_out_can_be_brought_back_from_the_history(self, draft, cast):
        text = text_of(draft)
        services_programme.remove_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        assert not draft.files.filter(path__startswith="bai-mot/").exists()
        services.restore(revision=queries.history(draft, "bai-mot/lesson.md").first(), by=cast.an)
        assert text_of(draft) == text


class TestTwoAuthors:
    def test_changes_in_different_places_are_both_kept(self, draft, cast):
        base = text_of(draft)
        mine, theirs = base.replace("\n---\n", "\n---\nTôi thêm.\n\n", 1), base + "\nBạn thêm.\n"
        save(draft, theirs, cast.an, version=1, base=base)
        saved = save(draft, mine, cast.an, version=1, base=base)
        assert saved.merged and "Tôi thêm." in saved.file.text and "Bạn thêm." in saved.file.text

    def test_in_one_place_the_second_is_told_and_nothing_is_lost(self, draft, cast):
        base = text_of(draft)
        save(draft, base + "\nMột.\n", cast.an, version=1, base=base)
        with pytest.raises(Stale) as told:
            save(draft, base + "\nHai.\n", cast.an, version=1, base=base)
        assert told.value.row.text.endswith("\nMột.\n") and text_of(draft).endswith("\nMột.\n")

    def test_a_head_changed_by_one_stays_when_the_other_saves_the_text(self, draft, cast):
        body = body_of(text_of(draft))
        services_programme.set_head(draft=draft, lesson="bai-mot", title="Tên khác", by=cast.an)
        saved = services.save_body(
            draft=draft, lesson="bai-mot", text=body + "\nThêm.\n", by=cast.an, version=1, base=body
        )
        assert "title: Tên khác" in saved.file.text and saved.file.text.endswith("Thêm.\n")


class TestHistory:
    def test_what_one_writes_in_a_few_minutes_is_one_revision(self, draft, cast):
        for n in range(5):
            save(draft, text_of(draft) + f"\n{n}\n", cast.an)
        assert [one.version for one in queries.history(draft, "bai-mot/lesson.md")] == [6, 1]

    def test_later_it_is_another(self, draft, cast):
        save(draft, text_of(draft) + "\n1\n", cast.an)
        DraftRevision.objects.filter(version=2).update(created_at=timezone.now() - timedelta(minutes=6))
        save(draft, text_of(draft) + "\n2\n", cast.an)
        assert [one.version for one in queries.history(draft, "bai-mot/lesson.md")] == [3, 2, 1]

    def test_an_old_text_comes_back_as_the_next_version(self, draft, cast):
        first = text_of(draft)
        save(draft, first + "\nkhác\n", cast.an)
        services.restore(revision=DraftRevision.objects.get(path="bai-mot/lesson.md", version=1), by=cast.an)
        assert text_of(draft) == first and draft.files.get(path="bai-mot/lesson.md").version == 3

    def test_saving_what_is_there_is_no_change(self, draft, cast):
        assert save(draft, text_of(draft).replace("\n", "\r\n"), cast.an).file.version == 1


class TestWhatIsRefused:
    def test_a_text_that_no_file_holds(self, draft, cast):
        with pytest.raises(services.OddCharacters):
            save(draft, "a\0b", cast.an)
        with pytest.raises(services.TooLong):
            save(draft, "a" * (512 * 1024 + 1), cast.an)

    def test_a_file_that_a_form_cannot_read_is_not_written_over(self, draft, cast):
        services.save(draft=draft, path="bai-mot/items.yaml", text="- [", by=cast.an)
        with pytest.raises(services_programme.NotReadable):
            services_programme.set_items(draft=draft, lesson="bai-mot", items=[], by=cast.an)

    def test_an_outcome_that_a_lesson_aims_at_stays(self, draft, cast):
        with pytest.raises(services_programme.StillUsed):
            services_programme.set_outcomes(draft=draft, outcomes=[], by=cast.an)

    @pytest.mark.parametrize("name", ["a.gif", "../a.png", "a.svg", "a.png"])
    def test_what_is_no_picture(self, draft, cast, name):
        with pytest.raises(NotPicture):
            services.add_picture(draft=draft, lesson="bai-mot", name=name, content=b"khong phai", by=cast.an)

    @pytest.mark.parametrize("who", ["minh", "binh"])
    def test_who_does_not_write_for_the_unit_changes_nothing(self, draft, cast, who):
        by = getattr(cast, who)
        for act in (
            lambda: save(draft, "x", by),
            lambda: services.put_away(draft=draft, by=by),
            lambda: services.send_on(draft=draft, by=by),
            lambda: services.add_picture(draft=draft, lesson="bai-mot", name="a.png", content=PNG, by=by),
            lambda: services_programme.remove_lesson(draft=draft, lesson="bai-mot", by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestPictures:
    def test_a_drawing_is_taken(self, draft, cast):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
        assert services.add_picture(draft=draft, lesson="bai-mot", name="a.svg", content=svg, by=cast.an) == "a.svg"

    def test_a_picture_is_kept_by_its_hash_under_a_free_name(self, draft, cast):
        names = [
            services.add_picture(draft=draft, lesson="bai-mot", name="anh.png", content=PNG, by=cast.an)
            for _turn in range(2)
        ]
        assert names == ["anh.png", "anh-2.png"]
        assert path_of(draft.files.get(path="bai-mot/anh.png").sha256).read_bytes() == PNG


def test_a_draft_is_put_away_and_taken_back(draft, cast):
    services.put_away(draft=draft, by=cast.an)
    with pytest.raises(NotAllowed):
        save(draft, "x", cast.an)
    services.take_back(draft=draft, by=cast.an)
    acts = JournalEntry.objects.filter(act__startswith="draft.").order_by("number").values_list("act", flat=True)
    assert list(acts) == ["draft.begun", "draft.put-away", "draft.taken-back"]


class TestNothingIsLost:
    def test_taking_an_older_text_back_keeps_what_was_saved_a_moment_ago(self, draft, cast):
        was = text_of(draft)
        save(draft, was + "Câu một.\n", cast.an)
        first = DraftRevision.objects.filter(path="bai-mot/lesson.md").earliest("saved_at")
        services.restore(revision=first, by=cast.an)
        kept = [one.text for one in queries.history(draft, "bai-mot/lesson.md")]
        assert text_of(draft) == was and was + "Câu một.\n" in kept

    def test_a_lesson_that_was_taken_out_comes_back_whole_as_it_was_last(self, draft, cast):
        save(draft, text_of(draft) + "Câu một.\n", cast.an)
        before = contents(draft)
        services_programme.remove_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        assert queries.removed_lessons(draft) == ["bai-mot"]
        services_programme.bring_back_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        assert queries.removed_lessons(draft) == [] and "bai-mot" in queries.outline(draft).keys
        left = {path for path in before if before[path] != contents(draft)[path]}
        assert left == {"programme.yaml"}

    def test_a_file_that_comes_back_is_no_version_that_a_page_may_hold_still(self, draft, cast):
        was = text_of(draft)
        services_programme.remove_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        services_programme.bring_back_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        with pytest.raises(Stale):
            save(draft, was + "x", cast.an, version=1)

    def test_of_a_draft_with_no_module_left_one_is_made(self, draft, cast):
        for lesson in queries.outline(draft).keys:
            services_programme.remove_lesson(draft=draft, lesson=lesson, by=cast.an)
        services_programme.bring_back_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        assert queries.outline(draft).keys == ["bai-mot"]

    @pytest.mark.parametrize("lesson", ["khong-co", "bai-mot/lesson.md", "../x", "", "bai-mot"])
    def test_only_a_lesson_that_was_taken_out_comes_back(self, lesson, draft, cast):
        with pytest.raises(services_programme.NoSuchLesson):
            services_programme.bring_back_lesson(draft=draft, lesson=lesson, by=cast.an)

    def test_a_lesson_is_taken_out_whole_not_a_file_of_it(self, draft, cast):
        with pytest.raises(services_programme.NoSuchLesson):
            services_programme.remove_lesson(draft=draft, lesson="bai-mot/lesson.md", by=cast.an)

    def test_modules_that_cannot_be_read_are_not_written_over(self, draft, cast):
        services.save(draft=draft, path="programme.yaml", text="modules: [{key: a, lessons: 5}]\n", by=cast.an)
        with pytest.raises(services_programme.NotReadable):
            services_programme.remove_lesson(draft=draft, lesson="bai-mot", by=cast.an)
        assert text_of(draft, "programme.yaml") == "modules: [{key: a, lessons: 5}]\n"


def test_whom_it_is_for_is_looked_at_again_when_that_changes(draft, cast):
    before = queries.outline(draft).lessons["bai-mot"]["minutes"]
    services_programme.set_programme(draft=draft, by=cast.an, audience="elderly")
    assert queries.outline(draft).lessons["bai-mot"]["minutes"] != before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("so-do.png", "so-do.png"),
        ("Ảnh chụp màn hình (2).PNG", "anh-chup-man-hinh-2.png"),
        ("Screenshot 2026-01-01 at 10.00.00\u202fAM.png", "screenshot-2026-01-01-at-10-00-00-am.png"),
        ("Ảnh.png", "anh.png"),
        ("图.png", "hinh.png"),
        ("a" * 200 + ".png", "a" * 60 + ".png"),
    ],
)  # fmt: skip
def test_a_picture_gets_a_name_that_can_stand_in_a_text(given, kept, draft, cast):
    assert services.add_picture(draft=draft, lesson="bai-mot", name=given, content=PNG, by=cast.an) == kept


class TestOthersDoNotWait:
    def test_a_save_is_written_before_the_lesson_is_looked_at(self, draft, cast, monkeypatch):
        seen = []
        monkeypatch.setattr(services, "look", lambda *_: seen.append(len(connection.savepoint_ids)) or {})
        outside = len(connection.savepoint_ids)
        save(draft, text_of(draft) + "x", cast.an)
        services_programme.set_head(draft=draft, lesson="bai-mot", by=cast.an, title="Khác")
        assert seen == [outside, outside]

    def test_what_was_looked_at_before_somebody_else_saved_does_not_stand(self, draft, cast, monkeypatch):
        looked = services.look

        def meanwhile(*args):
            facts = looked(*args)
            monkeypatch.setattr(services, "look", looked)
            save(draft, text_of(draft).replace("title: ", "title: Sau ", 1), cast.an)
            return facts

        monkeypatch.setattr(services, "look", meanwhile)
        save(draft, text_of(draft) + "x", cast.an)
        assert queries.outline(draft).lessons["bai-mot"]["title"].startswith("Sau ")

    def test_a_text_that_would_be_read_for_seconds_is_not_taken(self, draft, cast):
        with pytest.raises(services.TooLong):
            save(draft, "[" * 130 * 1024, cast.an)
