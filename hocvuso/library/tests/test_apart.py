"""Programmes that are sent in are read by a process of their own: what ends it is a refusal, never the worker's end."""

import shutil
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from hocvuso.library import services
from hocvuso.library.models import Edition
from hocvuso.library.publishing import apart
from hocvuso.library.publishing.archive import BadArchive
from hocvuso.library.publishing.compile import compile_programme
from hocvuso.library.source.reader import SourceError, read_programme
from tests import world

GOOD = Path(__file__).parents[3] / "tests" / "programmes" / "hai-bai"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(GOOD, tmp_path / "hai-bai"))


def packed(folder, how=zipfile.ZIP_DEFLATED):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for path in sorted(folder.rglob("*.*")):
            made.write(path, str(path.relative_to(folder.parent)))
    return out.getvalue()


def with_picture(folder, content):
    """The folder with a photograph in its first lesson."""
    (folder / "bai-mot" / "anh.png").write_bytes(content)
    path = folder / "bai-mot" / "lesson.md"
    text = path.read_text("utf-8").replace(
        "pictures:\n", "pictures:\n  anh.png: {source: Tự chụp, licence: CC0-1.0}\n", 1
    )
    path.write_text(text + "\n![Mô tả](anh.png)\n", "utf-8")
    return folder


def png(width, height):
    """A picture of one colour that is small in the file and large in memory."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((1 + 3 * width) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def left_over():
    return [path for path in settings.BUNDLES.iterdir() if path.name.startswith(".")]


def test_it_makes_what_the_worker_itself_would_make(folder):
    apart_made = apart.compile_archive(packed(folder))
    assert (settings.BUNDLES / apart_made.bundle / "manifest.json").is_file() and left_over() == []
    made = compile_programme(read_programme(folder))
    assert apart_made == made


def test_a_large_photograph_is_within_its_memory(folder):
    made = apart.compile_archive(packed(with_picture(folder, png(7000, 5700))))
    assert made.findings == [] and left_over() == []


def test_every_fault_of_a_source_is_told(folder):
    (folder / "bai-mot" / "guide.md").unlink()
    (folder / "bai-hai" / "items.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError) as refused:
        apart.compile_archive(packed(folder))
    assert [f.file for f in refused.value.faults] == ["hai-bai/bai-mot/guide.md", "hai-bai/bai-hai/items.yaml"]


def test_the_memory_of_a_bomb_of_pictures_is_the_processs_own(folder, monkeypatch):
    monkeypatch.setattr(apart, "MOST_MEMORY", 300 * 1024**2)
    with pytest.raises((BadArchive, SourceError)):
        apart.compile_archive(packed(with_picture(folder, png(7000, 5700))))
    assert left_over() == []


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_ways_of_packing_whose_memory_the_file_itself_names_are_refused(folder, how):
    with pytest.raises(BadArchive, match="cách nén"):
        apart.compile_archive(packed(folder, how))


@pytest.mark.parametrize(("name", "value"), [("MOST_MEMORY", 40 * 1024**2), ("LONGEST", 0), ("MOST_ANSWER", 1000)])
def test_what_needs_more_than_its_limits_is_refused_and_leaves_nothing(folder, monkeypatch, name, value):
    monkeypatch.setattr(apart, name, value)
    with pytest.raises(BadArchive):
        apart.compile_archive(packed(folder))
    assert left_over() == []


@pytest.mark.django_db
def test_the_author_reads_why_and_there_is_no_draft(cast, folder, monkeypatch):
    world.frameworks()
    monkeypatch.setattr(apart, "LONGEST", 0)
    with pytest.raises(services.BadSource) as refused:
        services.draft_from_archive(content=packed(folder), by=cast.an)
    assert "quá lâu" in refused.value.faults[0] and not Edition.objects.exists()
