"""What a source names is a real file in its own folder, whatever the name; a refusal names file and place."""

import contextlib
import os
import shutil
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.library.publishing.archive import BadArchive, unpack
from hocvuso.library.publishing.compile import compile_programme, page_findings
from hocvuso.library.source.files import BadName, beside, plain
from hocvuso.library.source.reader import SourceError, read_programme

GOOD = Path(__file__).parents[3] / "tests" / "programmes" / "hai-bai"
SECRET = '<svg xmlns="http://www.w3.org/2000/svg"><text>bí mật</text></svg>'
PARTS = [
    "..", ".", "/", "\\", "\0", "C:", "file://", "http://a.vn/", "%2e%2e", "%2f", "~", "$HOME", "\n", "\r", "‥", "．．",
    "／", "∕", "⁄", "＼", "：", "\u202e", "\u200b", "\ufeff", "\u2028", "etc", "secret.svg", "a" * 300, "ả", " ", "*",
    "?", "|", "\ud800", "nul", "bai-mot", "hinh.svg",
]  # fmt: skip
HOSTILE = [
    "/etc/secret.svg", "../secret.svg", "../../secret.svg", "..\\secret.svg", "sub/../../secret.svg", "./hinh.svg",
    "bai-mot/hinh.svg", "\\\\host\\secret.svg", "C:\\secret.svg", "C:secret.svg", "file:///etc/secret.svg",
    "https://vi-du.vn/secret.svg", "//vi-du.vn/secret.svg", "hinh.svg\0.png", "%2e%2e%2fsecret.svg", "‥/secret.svg",
    "．．／secret.svg", "..∕secret.svg", "..⁄secret.svg", "\u202egvs.terces", "hi\u200bnh.svg", "..", ".", "...", "",
    " ", "hinh.svg.", "hinh.svg ", "a" * 101, "ａ.svg", "~/secret.svg", "$HOME.svg", "*.svg", "hinh.svg?x", "a\nb.svg",
]  # fmt: skip
names = st.lists(st.sampled_from(PARTS) | st.text(max_size=8), max_size=6).map("".join)


@pytest.fixture
def folder(tmp_path):
    """A good programme, with a secret above it, beside it and at the root of another folder."""
    for place in (tmp_path, tmp_path / "etc"):
        place.mkdir(exist_ok=True)
        (place / "secret.svg").write_text(SECRET)
    return Path(shutil.copytree(GOOD, tmp_path / "hai-bai"))


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A lesson folder with one picture; files with the same names lie everywhere around it."""
    above = tmp_path_factory.mktemp("above")
    made = above / "bai-mot"
    made.mkdir()
    for place in (above, made):
        for name in ("secret.svg", "hinh.svg", "etc", "nul"):
            (place / name).write_text(str(place))
    return made


class TestNames:
    @given(names)
    def test_whatever_the_name_it_is_refused_or_a_file_of_the_folder(self, lesson, name):
        try:
            found = beside(lesson, name)
        except BadName as error:
            assert len(str(error)) < 1500 and str(error).isprintable()
            return
        assert found.parent == lesson and found.name == name and found.resolve().parent == lesson.resolve()
        assert not found.is_file() or found.read_text() == str(lesson)

    @given(st.text(max_size=120))
    def test_a_name_that_is_taken_holds_nothing_that_leads_or_misleads(self, name):
        try:
            plain(name)
        except BadName:
            return
        assert name.isprintable() and not set('/\\:%*?"<>|~$\0') & set(name) and set(name) != {"."}
        assert unicodedata.normalize("NFKC", name) == name and len(os.fsencode(name)) <= 400

    @pytest.mark.parametrize("name", ["hinh.svg", "ảnh đẹp (1).jpg", "Hình_2,b+c.PNG", ".an.svg", "đường phố.webp"])
    def test_honest_names_are_taken(self, name):
        assert plain(name) == name

    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_ones_are_not(self, name):
        with pytest.raises(BadName):
            plain(name)


def faults(folder):
    """What is wrong with it, found at reading or at making the pages."""
    try:
        source = read_programme(folder)
        compile_programme(source)
    except SourceError as refused:
        return [str(fault) for fault in refused.faults]
    return []


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


class TestEveryReference:
    @pytest.mark.parametrize(
        "name", ["/etc/secret.svg", "../secret.svg", "%2e%2e/secret.svg", "<..\\secret.svg>", "‥/x.svg"]
    )
    def test_a_picture_in_the_text_with_its_line(self, folder, settings, tmp_path, name):
        settings.BUNDLES = tmp_path / "bundles"
        change(folder / "bai-mot" / "lesson.md", "](hinh.svg", f"]({name}")
        [fault] = faults(folder)
        assert fault.startswith("hai-bai/bai-mot/lesson.md: dòng ") and "không dùng được" in fault
        assert not settings.BUNDLES.exists()
        assert any("không dùng được" in finding.what for finding in page_findings(read_programme(folder)))

    def test_a_picture_by_a_reference_elsewhere_in_the_text(self, folder):
        path = folder / "bai-mot" / "lesson.md"
        text = path.read_text("utf-8")
        path.write_text(f"{text}\n![khiên][r]\n\n[r]: /etc/secret.svg\n", "utf-8")
        assert "không dùng được" in faults(folder)[0]

    @pytest.mark.parametrize("name", ["/etc/passwd", "../secret.png", "..\\\\secret.svg"])
    def test_a_picture_in_the_list_of_pictures(self, folder, name):
        change(
            folder / "bai-mot" / "lesson.md",
            "  hinh.svg: {",
            f'  "{name}": {{source: x, licence: CC0-1.0}}\n  hinh.svg: {{',
        )
        [fault] = faults(folder)
        assert fault.startswith("hai-bai/bai-mot/lesson.md: pictures") and "không dùng được" in fault

    @pytest.mark.parametrize("key", ["../hai-bai/bai-mot", "/etc", "bai-mot/", ".", "bai-mot\\n", "C:"])
    def test_a_lesson_in_the_programme(self, folder, key):
        change(folder / "programme.yaml", "[bai-mot, bai-hai]", f'["{key}", bai-hai]')
        assert any("programme.yaml: modules.0.lessons.0" in fault for fault in faults(folder))

    @pytest.mark.parametrize("icon", ["../../../etc/secret", "/etc/secret", "shield.svg", "a/b"])
    def test_an_icon_of_a_lesson_and_of_a_practice(self, folder, icon):
        change(folder / "bai-mot" / "lesson.md", "icon: shield", f"icon: {icon}")
        assert any("lesson.md: icon" in fault for fault in faults(folder))

    @pytest.mark.parametrize("file", ["programme.yaml", "bai-mot/items.yaml", "bai-mot/practice.yaml"])
    def test_what_yaml_could_include_is_not_included(self, folder, file, tmp_path):
        (folder / file).write_text(f'!include "{tmp_path}/secret.svg"\n')
        said = "\n".join(faults(folder))
        assert file in said and "bí mật" not in said

    def test_a_name_beyond_ascii_is_found(self, folder, settings, tmp_path):
        settings.BUNDLES = tmp_path / "bundles"
        for lesson in ("bai-mot", "bai-hai"):
            (folder / lesson / "hinh.svg").rename(folder / lesson / "hình khiên.svg")
            text = (folder / lesson / "lesson.md").read_text("utf-8")
            text = text.replace("](hinh.svg", "](<hình khiên.svg>").replace("hinh.svg:", "hình khiên.svg:")
            (folder / lesson / "lesson.md").write_text(text, "utf-8")
        assert faults(folder) == []
        assert page_findings(read_programme(folder)) == []


class TestLinks:
    """A link is another file under an honest name."""

    FILES = ("programme.yaml", "bai-mot/lesson.md", "bai-mot/guide.md", "bai-mot/items.yaml", "bai-mot/practice.yaml",
             "bai-mot/hinh.svg")  # fmt: skip

    @pytest.mark.parametrize("file", FILES)
    def test_no_file_is_one(self, folder, tmp_path, file):
        os.replace(folder / file, tmp_path / "taken")
        (folder / file).symlink_to(tmp_path / "taken")
        assert faults(folder) == [f"hai-bai/{file}: là liên kết hoặc không phải tệp; hãy chép tệp thật vào thư mục"]

    def test_no_folder_is_one(self, folder, tmp_path):
        os.replace(folder / "bai-mot", tmp_path / "taken")
        (folder / "bai-mot").symlink_to(tmp_path / "taken", target_is_directory=True)
        assert [fault.split(":")[0] for fault in faults(folder)] == ["hai-bai/bai-mot"]

    def test_one_that_nothing_names_is_refused_too(self, folder):
        (folder / "bai-mot" / "la.svg").symlink_to("/dev/zero")
        assert [fault.split(":")[0] for fault in faults(folder)] == ["hai-bai/bai-mot/la.svg"]

    def test_a_pipe_is_not_waited_for(self, folder):
        (folder / "bai-mot" / "guide.md").unlink()
        os.mkfifo(folder / "bai-mot" / "guide.md")
        assert [fault.split(":")[0] for fault in faults(folder)] == ["hai-bai/bai-mot/guide.md"]

    def test_the_folder_that_the_operator_names_may_be_one(self, folder, tmp_path, settings):
        settings.BUNDLES = tmp_path / "bundles"
        (tmp_path / "hien-tai").symlink_to(folder)
        assert faults(tmp_path / "hien-tai") == []


class TestArchives:
    def zipped(self, *members):
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("x/programme.yaml", "x")
            for name in members:
                archive.writestr(zipfile.ZipInfo(name), "x")
        return out.getvalue()

    @given(names)
    def test_whatever_its_members_are_called_nothing_lands_outside(self, tmp_path_factory, name):
        above = tmp_path_factory.mktemp("above")
        into = above / "into"
        into.mkdir()
        with contextlib.suppress(BadArchive):
            unpack(self.zipped(f"x/{name}.svg".encode("utf-8", "replace").decode()), into)
        assert os.listdir(above) == ["into"]
        assert all(path.resolve().is_relative_to(into.resolve()) for path in into.rglob("*"))

    @pytest.mark.parametrize(
        "name", ["../a.svg", "/etc/a.svg", "x/..\\a.svg", "C:\\a.svg", "x/‥/a.svg", "x/a\u202e.svg"]
    )
    def test_the_refusal_names_the_member(self, tmp_path, name):
        with pytest.raises(BadArchive, match="đường dẫn không được phép"):
            unpack(self.zipped(name), tmp_path)

    def test_a_link_is_refused(self, tmp_path):
        link = zipfile.ZipInfo("x/hinh.svg")
        link.external_attr = 0o120777 << 16
        out = BytesIO(self.zipped())
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(link, "/etc/passwd")
        with pytest.raises(BadArchive, match="liên kết"):
            unpack(out.getvalue(), tmp_path)
