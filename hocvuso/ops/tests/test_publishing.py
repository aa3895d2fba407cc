"""`hocvuso publish`: what is wrong with a source is a finding with its place, never a traceback."""

import shutil

import pytest

from hocvuso.library import services as library
from hocvuso.library.models import Edition
from hocvuso.ops.publishing import hand_over, publish
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    world.frameworks()
    world.owner()
    return shutil.copytree(world.ROOT / "tests" / "programmes" / "hai-bai", tmp_path / "hai-bai")


def write(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def spoil(folder, what):
    lesson = folder / "bai-mot" / "lesson.md"
    if what == "block":
        lesson.write_text(lesson.read_text("utf-8") + "\n::: lời-khuyên\nx\n:::\n", "utf-8")
    if what == "drawing":
        (folder / "bai-mot" / "ve.svg").write_text("<html/>")
    if what == "picture":
        (folder / "bai-mot" / "anh.png").write_bytes(b"no picture")
    if what in ("drawing", "picture"):
        name = "ve.svg" if what == "drawing" else "anh.png"
        write(lesson, "\n---\n", f"\npictures: {{{name}: {{source: x, licence: CC0-1.0}}}}\n---\n")
        lesson.write_text(lesson.read_text("utf-8") + f"\n![Hình]({name})\n", "utf-8")


FAULTS = [("block", "không có khối"), ("drawing", "không phải SVG"), ("picture", "không phải hình PNG")]


@pytest.mark.parametrize(("what", "said"), FAULTS)
def test_a_fault_of_a_lesson_is_said_with_its_place(folder, capsys, what, said):
    spoil(folder, what)
    assert publish([folder], check=False, unit="SO-1") == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if said in line)
    assert line.startswith(("hai-bai/bai-mot: ", "hai-bai/bai-mot/lesson.md: ")) and not Edition.objects.exists()


@pytest.mark.parametrize(("what", "said"), FAULTS)
def test_checking_alone_finds_it_too(folder, capsys, what, said):
    spoil(folder, what)
    assert publish([folder], check=True, unit="SO-1") == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if said in line]
    assert len(lines) == 1 and lines[0].startswith("refusal: bai-mot: ") and not Edition.objects.exists()


def test_an_unknown_icon_is_a_finding(folder, capsys):
    step = "{screen: mot, say: Chạm, tap: nut, hint: Nút ở giữa, ok: Đúng}"
    (folder / "bai-mot" / "practice.yaml").write_text(
        "{kind: simulation, device: phone, title: Thử, intro: Thử, done: Xong, screens: [{id: mot, title: Một, "
        f"elements: [{{id: nut, kind: app, label: Nút, icon: khong-co-that}}]}}], steps: [{step}, {step}, {step}]}}"
    )
    for check in (True, False):
        assert publish([folder], check=check, unit="SO-1") == 1
        assert "biểu tượng" in capsys.readouterr().out


def test_an_unknown_competency_is_said(folder, capsys):
    write(folder / "programme.yaml", "TT02-2025/4.2", "TT02-2025/9.9")
    assert publish([folder], check=False, unit="SO-1") == 1 and "TT02-2025/9.9" in capsys.readouterr().out


def test_one_bad_folder_does_not_hold_up_the_others(folder, tmp_path, capsys):
    bad = shutil.copytree(folder, tmp_path / "hong")
    spoil(bad, "block")
    assert publish([bad, folder], check=False, unit="SO-1") == 1
    assert "hai-bai: edition 1, bundle " in capsys.readouterr().out


def test_what_was_withdrawn_is_not_said_to_be_published(folder, capsys):
    library.withdraw(edition=library.publish_folder(folder=folder, unit=world.owner()))
    assert publish([folder], check=False, unit="SO-1") == 1 and "was withdrawn" in capsys.readouterr().out


def test_what_is_new_belongs_to_the_unit_named(folder):
    assert publish([folder], check=False, unit="SO-1") == 0
    assert Edition.objects.get().programme.owner == world.owner()


def test_what_belongs_to_another_unit_is_refused_by_name(folder, cast, capsys):
    assert publish([folder], check=False, unit="SO-2") == 0
    assert publish([folder], check=False, unit="SO-1") == 1 and "SO-2" in capsys.readouterr().out


def test_it_is_handed_over(folder, cast, capsys):
    publish([folder], check=False, unit="SO-2")
    assert hand_over("hai-bai", "SO-1") == 0 and Edition.objects.get().programme.owner == cast.here
    assert hand_over("khong-co", "SO-1") == hand_over("hai-bai", "KHONG-CO") == 1
    assert "no unit KHONG-CO" in capsys.readouterr().out


def test_an_unknown_unit_is_said_and_nothing_is_published(folder, capsys):
    assert publish([folder], check=False, unit="KHONG-CO") == 1
    assert "no unit KHONG-CO" in capsys.readouterr().out and not Edition.objects.exists()
