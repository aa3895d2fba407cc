"""Editions: two eyes, immutable signed bundles, one published at a time; search that forgives."""

import json
import shutil
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from PIL import Image

from hocvuso.base import signing
from hocvuso.base.errors import IllegalMove, NotAllowed, TwoEyes
from hocvuso.library import searching, services
from hocvuso.library.models import Edition, Lesson, Programme, SearchTerm
from hocvuso.library.publishing.store import digest
from hocvuso.media.pictures import BadPicture, renditions
from hocvuso.skills.services import UnknownCompetency
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


class TestLife:
    def test_from_draft_to_published_by_different_people(self, cast, folder):
        edition = services.draft_from(folder=folder, by=cast.an)
        services.submit(edition=edition, by=cast.an)
        services.approve(edition=edition, by=cast.lan)
        services.publish(edition=edition, by=cast.lan)
        assert Programme.objects.get().current == edition
        assert Lesson.objects.filter(listed=True).count() == 2

    def test_nobody_approves_what_they_wrote(self, cast, folder):
        edition = services.draft_from(folder=folder, by=cast.lan)
        services.submit(edition=edition, by=cast.lan)
        with pytest.raises(TwoEyes):
            services.approve(edition=edition, by=cast.lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(approved_by=cast.lan)

    @pytest.mark.parametrize("who", ["hoa", "minh"])
    def test_others_may_not_write(self, cast, folder, who):
        with pytest.raises(NotAllowed):
            services.draft_from(folder=folder, by=getattr(cast, who))

    def test_steps_cannot_be_skipped(self, cast, folder):
        edition = services.draft_from(folder=folder, by=cast.an)
        for verb in (services.approve, services.publish, partial(services.ask_withdrawal, reason="x")):
            with pytest.raises(IllegalMove):
                verb(edition=Edition.objects.get(pk=edition.pk), by=cast.lan)

    def test_a_refusal_of_the_checks_stops_it(self, cast, folder):
        reword(folder, "question c1", "question c9")
        edition = services.draft_from(folder=folder, by=cast.an)
        with pytest.raises(services.CannotPublish, match="c9"):
            services.submit(edition=edition, by=cast.an)

    def test_an_unknown_competency_stops_publishing_and_leaves_nothing_half_done(self, folder):
        path = folder / "programme.yaml"
        path.write_text(path.read_text("utf-8").replace("TT02-2025/4.2", "TT02-2025/9.9"), "utf-8")
        with pytest.raises(UnknownCompetency):
            services.publish_folder(folder=folder, unit=world.owner())
        assert Programme.objects.get().current is None and not Lesson.objects.exists()

    def test_the_next_edition_replaces_it_and_progress_keys_stay(self, folder):
        first = services.publish_folder(folder=folder, unit=world.owner())
        lesson = Lesson.objects.get(key="bai-mot")
        reword(folder)
        second = services.publish_folder(folder=folder, unit=world.owner())
        first.refresh_from_db()
        assert (first.state, second.state, second.number) == ("withdrawn", "published", 2)
        assert Lesson.objects.get(key="bai-mot").pk == lesson.pk

    def test_an_unchanged_source_makes_no_new_edition(self, folder):
        assert services.publish_folder(folder=folder, unit=world.owner()) == services.publish_folder(
            folder=folder, unit=world.owner()
        )
        assert Edition.objects.count() == 1


class TestBundles:
    def test_a_bundle_is_named_by_its_content_and_signed(self, folder):
        edition = services.publish_folder(folder=folder, unit=world.owner())
        home = settings.BUNDLES / edition.bundle
        manifest = (home / "manifest.json").read_bytes()
        assert digest(manifest) == edition.bundle
        for name, facts in json.loads(manifest)["files"].items():
            assert digest((home / name).read_bytes()) == facts["sha256"]
        public, signature = (home / "manifest.sig").read_text().split()
        assert signing.verify(public, bytes.fromhex(signature), manifest)

    def test_another_word_is_another_bundle_and_the_old_one_stays(self, folder):
        first = services.publish_folder(folder=folder, unit=world.owner())
        reword(folder)
        second = services.publish_folder(folder=folder, unit=world.owner())
        assert first.bundle != second.bundle
        assert (settings.BUNDLES / first.bundle / "manifest.json").is_file()

    def test_no_key_of_a_test_item_is_in_it(self, folder):
        edition = services.publish_folder(folder=folder, unit=world.owner())
        for path in (settings.BUNDLES / edition.bundle).rglob("*"):
            if path.is_file() and path.suffix != ".br":
                assert b"KHOA-DUNG" not in path.read_bytes() and b"BI-MAT" not in path.read_bytes()

    def test_text_is_pre_compressed(self, folder):
        edition = services.publish_folder(folder=folder, unit=world.owner())
        assert (settings.BUNDLES / edition.bundle / "lessons/bai-mot/index.html.br").is_file()


class TestPictures:
    def test_a_photograph_gets_modern_forms_without_its_metadata(self, tmp_path):
        image = Image.new("RGB", (1600, 900), "navy")
        exif = image.getexif()
        exif[0x010E] = "nhà của Hoa"
        image.save(tmp_path / "a.jpg", exif=exif)
        made, size = renditions(tmp_path / "a.jpg")
        assert set(made) == {"360.avif", "720.avif", "360.webp", "720.webp"} and size == (1600, 900)
        assert "nhà của Hoa".encode() not in b"".join(made.values())

    @pytest.mark.parametrize("content", [b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"<svg/>"])
    def test_what_is_no_picture_is_refused_by_content(self, tmp_path, content):
        (tmp_path / "a.png").write_bytes(content)
        with pytest.raises(BadPicture):
            renditions(tmp_path / "a.png")

    def test_a_picture_bomb_is_refused(self, tmp_path):
        Image.new("1", (20_000, 20_000)).save(tmp_path / "a.png")
        with pytest.raises(BadPicture):
            renditions(tmp_path / "a.png")


def archive(files):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


class TestArchives:
    def test_a_zip_of_the_folder_becomes_a_draft(self, cast, folder):
        files = {str(p.relative_to(folder.parent)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        edition = services.draft_from_archive(content=archive(files), by=cast.an)
        assert edition.state == "draft" and edition.written_by == cast.an

    @pytest.mark.parametrize(
        "content",
        [
            b"not a zip",
            archive({"x.md": "x"}),
            archive({"../programme.yaml": "x"}),
            archive({"/programme.yaml": "x"}),
            archive({"programme.yaml": "x", "run.sh": "x"}),
            archive({"programme.yaml": "0" * 30_000_000}),
            archive({f"a/{n}.md": "" for n in range(1001)}),
            archive({"programme.yaml": "key: ["}),
        ],
        ids=["no zip", "no programme", "path out", "absolute path", "script", "bomb", "too many", "broken yaml"],
    )
    def test_bad_archives_are_refused_and_leave_nothing(self, cast, content):
        with pytest.raises(services.BadSource):
            services.draft_from_archive(content=content, by=cast.an)
        assert not Edition.objects.exists()


class TestSearch:
    @pytest.mark.parametrize(
        "typed", ["lừa đảo", "lua dao", "lùa dảo", "luwaf ddaor", "LỪA ĐẢO", "lưa đao", "luaw daor"]
    )
    def test_one_thing_is_found_however_it_is_typed(self, programme, typed):
        assert searching.search(typed).lessons[0].key == "bai-mot"

    @pytest.mark.parametrize("typed", ["chuyen khaon", "chuyển khoẳn", "recognise scams"])
    def test_slips_are_mended(self, programme, typed):
        assert searching.search(typed).lessons

    @pytest.mark.parametrize("typed", ["", "   ", "zzzzqqq", "%", "_", "'; DROP zzz --"])
    def test_nothing_found_is_no_error(self, programme, typed):
        assert searching.search(typed).lessons == []

    def test_withdrawn_lessons_are_not_found(self, programme):
        services.withdraw(edition=programme.editions.get())
        assert searching.search("lừa đảo").lessons == []

    def test_it_takes_the_same_number_of_queries_however_much_is_found(self, programme, django_assert_num_queries):
        searching.search("lua dao")
        with django_assert_num_queries(3):
            searching.search("lua dao")
        for lesson in Lesson.objects.all():
            SearchTerm.objects.filter(lesson=lesson).update(weight=2)
        with django_assert_num_queries(3):
            searching.search("bai lam tra tien")
