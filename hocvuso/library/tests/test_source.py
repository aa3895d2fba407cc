"""A broken source is refused with every fault named by file and place."""

import shutil
import unicodedata
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from hocvuso.library.publishing.archive import unpack
from hocvuso.library.rendering.article import markdown, render_article
from hocvuso.library.rendering.checks import render_check
from hocvuso.library.source.blocks import UnknownBlock, parse
from hocvuso.library.source.checks import check_programme
from hocvuso.library.source.files import beside
from hocvuso.library.source.reader import MAX_FAULTS, SourceError, read_programme

GOOD = Path(__file__).parents[3] / "tests" / "programmes" / "hai-bai"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(GOOD, tmp_path / "hai-bai"))


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def faults(folder):
    with pytest.raises(SourceError) as refused:
        read_programme(folder)
    return [str(fault) for fault in refused.value.faults]


class TestReading:
    def test_a_good_source_is_read_whole(self, folder):
        source = read_programme(folder)
        assert [lesson.head.key for lesson in source.lessons] == ["bai-mot", "bai-hai"]
        assert check_programme(source) == []

    def test_a_mark_of_byte_order_and_letters_taken_apart_change_nothing(self, folder):
        plain = read_programme(folder)
        for path in folder.rglob("*.*"):
            if path.suffix in (".md", ".yaml"):
                path.write_text("\ufeff" + unicodedata.normalize("NFD", path.read_text("utf-8")), "utf-8")
        read = read_programme(folder)
        assert (read.programme, [x.body for x in read.lessons]) == (plain.programme, [x.body for x in plain.lessons])

    def test_a_picture_is_found_however_its_name_is_composed(self, folder):
        name = unicodedata.normalize("NFD", "ảnh.png")
        (folder / "bai-mot" / name).write_bytes(b"x")
        assert beside(folder / "bai-mot", "ảnh.png").read_bytes() == b"x"
        assert not beside(folder / "bai-mot", "hình.png").exists()

    def test_an_archive_of_a_mac_is_unpacked_with_names_as_lessons_write_them(self, tmp_path):
        out = BytesIO()
        with ZipFile(out, "w") as archive:
            archive.writestr("x/programme.yaml", "x")
            archive.writestr(unicodedata.normalize("NFD", "x/bai/ảnh.png"), "x")
        assert (unpack(out.getvalue(), tmp_path) / "bai" / "ảnh.png").is_file()

    @pytest.mark.parametrize(
        ("file", "old", "new", "said"),
        [
            ("programme.yaml", "audience: citizens", "audience: [", "programme.yaml: dòng"),
            ("programme.yaml", "licence: CC-BY-4.0", "licence: tất cả", "licence"),
            ("programme.yaml", "bai-hai]", "bai-ba]", "không có thư mục bài bai-ba"),
            ("bai-mot/lesson.md", "key: bai-mot", "key: bai-muoi", "phải trùng tên thư mục"),
            ("bai-mot/lesson.md", "icon: shield", "icon: shield\nmau: xanh", "mau"),
            ("bai-mot/practice.yaml", "bin: lua", "bin: la", "không có ngăn"),
            ("bai-mot/items.yaml", "right: true, why: Vì đúng.", "why: Vì đúng.", "đúng một phương án"),
            ("bai-mot/items.yaml", "key: t2", "key: t1", "hai câu hỏi cùng key"),
        ],
    )
    def test_every_slip_is_named_by_file_and_place(self, folder, file, old, new, said):
        change(folder, file, old, new)
        assert any(said in fault and file.split("/")[0] in fault for fault in faults(folder))

    def test_faults_of_several_files_are_told_together(self, folder):
        (folder / "bai-mot" / "guide.md").unlink()
        (folder / "bai-hai" / "items.yaml").write_bytes(b"\xff\xfe")
        said = "\n".join(faults(folder))
        assert "guide.md" in said and "items.yaml" in said

    def test_an_oversized_file_is_not_read(self, folder):
        (folder / "bai-mot" / "guide.md").write_text("x" * 600_000)
        assert any("lớn hơn" in fault for fault in faults(folder))


class TestBlocks:
    def test_an_unknown_block_is_named_with_its_line(self):
        with pytest.raises(UnknownBlock, match="dòng 3"):
            parse("một\n\n::: canhbao\nhai\n:::\n")

    def test_a_block_left_open_is_named(self):
        with pytest.raises(UnknownBlock, match="chưa được đóng"):
            parse("::: steps\n1. một\n")

    def test_all_kinds_are_told_apart(self):
        text = "a\n\n![mô tả](h.svg)\n\n---\n\n::: question c1\n:::\n\n::: teacher\nx\n:::\n"
        assert [b.kind for b in parse(text)] == ["text", "picture", "slide", "question", "teacher"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("file", "old", "new", "said"),
        [
            ("bai-mot/lesson.md", "![Hình một chiếc khiên]", "![]", "thiếu lời mô tả"),
            (
                "bai-mot/lesson.md",
                "  hinh.svg: {source: Học vụ số vẽ, licence: CC-BY-4.0}",
                "  khac.svg: {source: x, licence: CC0-1.0}",
                "thiếu nguồn và giấy phép",
            ),
            ("bai-mot/lesson.md", "words:", "legal: true\nwords:", "chưa dẫn nguồn"),
            ("bai-mot/lesson.md", "question c1", "question c9", "không có câu hỏi"),
            (
                "programme.yaml",
                "modules:",
                "  - {code: TH-03, competency: TT02-2025/1.1, tier: 1, can_do: x, can_do_en: x}\nmodules:",
                "TH-03",
            ),
            ("bai-mot/items.yaml", "outcome: TH-01", "outcome: TH-09", "TH-09"),
        ],
    )
    def test_publishing_is_refused(self, folder, file, old, new, said):
        change(folder, file, old, new)
        refusals = [f.what for f in check_programme(read_programme(folder)) if f.level == "refusal"]
        assert any(said in what for what in refusals)

    def test_an_oversized_picture_is_refused(self, folder):
        (folder / "bai-mot" / "hinh.svg").write_bytes(b" " * (2 * 1024 * 1024 + 1))
        refusals = [f.what for f in check_programme(read_programme(folder)) if f.level == "refusal"]
        assert any("lớn hơn 2 MB" in what for what in refusals)

    def dated(self, folder, day):
        source = f"sources: [{{title: Luật mẫu, issuer: Quốc hội, checked: {day}}}]\nwords:"
        change(folder, "bai-mot/lesson.md", "words:", source)
        return read_programme(folder)

    def test_a_source_says_when_it_was_last_read(self, folder):
        html = render_article(self.dated(folder, "2026-11-30").lessons[0], media=lambda name: "/b/x")
        assert "<li>Luật mẫu — Quốc hội, đọc lại 30/11/2026</li>" in html

    def test_a_source_read_within_a_year_is_fine(self, folder):
        assert check_programme(self.dated(folder, "2026-11-30"), on=date(2027, 11, 30)) == []

    def test_a_source_that_nobody_has_read_for_a_year_is_warned_of(self, folder):
        (finding,) = check_programme(self.dated(folder, "2026-11-30"), on=date(2027, 12, 1))
        assert (finding.level, finding.lesson) == ("warning", "bai-mot")
        assert "Luật mẫu" in finding.what
        assert "30/11/2026" in finding.what

    def test_a_source_read_on_a_day_to_come_is_refused(self, folder):
        (finding,) = check_programme(self.dated(folder, "2026-11-30"), on=date(2026, 11, 29))
        assert finding.level == "refusal"

    @pytest.mark.parametrize("day", ["hôm qua", "2026-02-30", "30/11/2026"])
    def test_a_day_of_reading_that_is_no_date_is_a_fault(self, folder, day):
        with pytest.raises(SourceError, match=r"checked|không phải số hay ngày"):
            self.dated(folder, day)

    def test_a_long_lesson_is_only_warned_of(self, folder):
        change(folder, "bai-mot/lesson.md", "Đoạn mở đầu", "từ " * 1500)
        levels = {f.level for f in check_programme(read_programme(folder))}
        assert levels == {"warning"}


class TestRendering:
    @pytest.fixture
    def html(self, folder):
        return render_article(read_programme(folder).lessons[0], media=lambda name: "/b/x")

    def test_no_script_of_an_author_survives(self, html):
        assert "alert(1)" not in html.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
        assert "onload" not in html and "style=" not in html

    def test_drawings_are_pictures_with_a_description(self, html):
        assert 'role="img"' in html and "Hình một chiếc khiên" in html

    def test_keys_and_explanations_of_test_items_are_nowhere(self, html):
        assert "KHOA-DUNG" not in html and "BI-MAT" not in html

    def test_a_test_item_can_never_be_rendered(self, folder):
        item = next(i for i in read_programme(folder).lessons[0].items if i.use == "test")
        with pytest.raises(ValueError, match="test items"):
            render_check(item)

    def test_the_teachers_notes_are_not_for_learners(self, html):
        assert "Ghi chú riêng" not in html


BAD_FILES = {
    "references": ("items.yaml", "- &i {stem: s, options: &o [" + "{text: t}, " * 2000 + "]}\n" + "- *i\n" * 20_000),
    "depth": ("practice.yaml", "[" * 5000 + "]" * 5000),
    "depth of a header": ("lesson.md", "---\nkey: " + "[" * 5000 + "\n---\nx"),
    "a number without end": ("practice.yaml", "kind: " + "9" * 6000),
    "no day": ("practice.yaml", "kind: 2026-99-99"),
    "a hidden end of text": ("items.yaml", '- {key: "a\\0"}'),
    "half a letter": ("items.yaml", '- {key: "\\ud800"}'),
    "a control character": ("guide.md", "một\nhai\0"),
    "many faults": ("items.yaml", "- x\n" * 100_000),
}


class TestHostileFiles:
    """Whatever stands in a file, the answer is a SourceError that names the file."""

    @pytest.mark.parametrize("what", BAD_FILES)
    def test_it_is_a_fault_of_that_file_and_soon_told(self, folder, what):
        file, text = BAD_FILES[what]
        (folder / "bai-mot" / file).write_text(text, "utf-8", newline="\n")
        said = faults(folder)
        assert len(said) <= MAX_FAULTS and max(map(len, said)) < 2000
        assert any(f"bai-mot/{file}" in fault for fault in said)

    def test_a_photograph_that_the_header_does_not_list_is_a_finding_and_the_draft_shows_the_rest(self, folder):
        Image.new("RGB", (9, 9)).save(folder / "bai-mot" / "anh.png")
        path = folder / "bai-mot" / "lesson.md"
        path.write_text(path.read_text("utf-8") + "\n![Mô tả](anh.png)\n", "utf-8")
        source = read_programme(folder)
        assert any("anh.png thiếu nguồn" in f.what for f in check_programme(source))
        assert "Thiếu hình: Mô tả" in render_article(source.lessons[0], media={}.__getitem__)


class TestTheOrderOfALesson:
    def test_practice_comes_first_wherever_the_text_places_it(self, folder):
        page = render_article(read_programme(folder).lessons[0], media=str)
        practice, text = page.index('class="practice"'), page.index('id="doc-bai"')
        assert page.startswith("<section") and practice < text < page.index("Việc thứ nhất.")
        assert page.count('class="practice"') == 1 and 'href="#doc-bai"' in page

    def test_questions_are_headings(self, folder):
        page = render_article(read_programme(folder).lessons[0], media=str)
        assert "<legend><h3>Câu trong bài?</h3></legend>" in page


class TestTonight:
    def test_one_thing_to_try_is_optional_and_short(self, folder):
        assert read_programme(folder).lessons[0].head.tonight is None
        change(folder, "bai-mot/lesson.md", "icon:", "tonight: Gọi thử một người thân.\nicon:")
        assert read_programme(folder).lessons[0].head.tonight == "Gọi thử một người thân."

    def test_every_lesson_of_ours_has_one_in_both_languages(self):
        content = Path(__file__).parents[3] / "content"
        heads = [lesson.head for path in content.iterdir() for lesson in read_programme(path).lessons]
        assert len(heads) >= 36 and all(head.tonight and head.tonight_en for head in heads)


def test_a_list_begins_with_the_number_it_says():
    assert markdown("2. Bấm nút") == '<ol start="2">\n<li>Bấm nút</li>\n</ol>\n'
