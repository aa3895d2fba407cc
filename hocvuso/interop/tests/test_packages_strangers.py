"""Whatever a stranger sends is read or refused in words, in little time and memory."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hocvuso.interop.packages import FORMATS, BadPackage, read_items, write_items
from hocvuso.interop.packages.reading import read

from .questions import ITEMS, told
from .test_packages_moodle import question, quiz
from .test_packages_qti import item, package

GOOD = {format: write_items(ITEMS, format=format, title="Bài") for format in FORMATS}
MEGABYTE = 1024 * 1024
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return content.getvalue()


def answered(content: bytes) -> str:
    """What a file is answered with: its format, or why it is refused."""
    try:
        return read("tệp", content).format
    except BadPackage as error:
        assert str(error)
        return str(error)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(b"")
@example(b"\xff\xfe<\0")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"{>1 ALL\n####}")
@example(b"a{~=~%%~%-%~%99999999%#####}")
@settings(max_examples=150, deadline=None)
def test_any_bytes(content):
    answered(content)


@given(st.text("{}~=#:\\\n>%[]/-T13a &<", max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_of_the_signs_of_gift(text):
    answered(text.encode())


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_files(format, data):
    spoiled = bytearray(GOOD[format])
    for _time in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answered(bytes(spoiled[: data.draw(st.integers(0, len(spoiled)))] if data.draw(st.booleans()) else spoiled))


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_items_in_a_good_package(data):
    spoiled = bytearray(item().encode())
    for _time in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=3))
    answered(package({"a.xml": bytes(spoiled)}))


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "tệp trống"),
        (b"  \n", "tệp trống"),
        (b"Just a letter.", "không nhận ra dạng tệp"),
        ("Màu?{=à ~b ~c}".encode("windows-1258"), "không theo mã UTF-8"),
        (b"%PDF-1.7\n\xff\xfe", "không theo mã UTF-8"),
        (b"<html><body>1</body></html>", "không nhận ra dạng tệp"),
        (b"<quiz><question>", "tệp XML không đọc được"),
        (b"<questestinterop/>", "đây là QTI 1.2; hãy xuất ra QTI 2.1 trở lên"),
        (b"<manifest/>", "hãy gửi cả gói ZIP"),
        (f'<!DOCTYPE q [<!ENTITY a "aa">{ENTITIES}]><q a="&i;">&i;</q>'.encode(), "DOCTYPE|không đọc được"),
        (b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', "có khai báo DOCTYPE, không nhận"),
        (b"PK\x03\x04nothing", "không phải tệp ZIP đọc được"),
        (zipped({}), "trong gói ZIP không có câu hỏi nào đọc được"),
        (zipped({"a.txt": b"x"}), "trong gói ZIP không có câu hỏi nào đọc được"),
        (zipped({"imsmanifest.xml": b"<manifest"}), "tệp XML không đọc được"),
        (zipped({"../a.xml": item().encode()}), "đường dẫn không được phép"),
        (zipped({"/etc/a.xml": item().encode()}), "đường dẫn không được phép"),
        (zipped({"C:\\a.xml": item().encode()}), "đường dẫn không được phép"),
        (zipped({"a.xml": b" " * MEGABYTE}), "nén bất thường"),
        (zipped({"a.xml": item().encode()}, zipfile.ZIP_LZMA), "cách nén không được phép"),
        (zipped({f"{n}.xml": b"<a/>" for n in range(1001)}), "quá 1000 tệp"),
        (quiz(question() * 2001).encode(), "hơn 2000 câu hỏi"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_refused_in_words(content, why):
    with pytest.raises(BadPackage, match=why):
        read("tệp", content)


def test_links_in_a_zip_are_refused():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("imsmanifest.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "liên kết không được phép" in answered(content.getvalue())


def test_xml_is_read_in_the_encoding_it_names():
    for encoding in ("utf-16", "windows-1258"):
        source = quiz(question(stem="Màu?")).replace("UTF-8", encoding).replace("đỏ", "tía")
        assert told(source.encode(encoding))[0][0]["stem"] == "Màu?"


def test_what_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr("hocvuso.interop.packages._SECONDS", 0.01)
    with pytest.raises(BadPackage, match="đọc tệp này quá lâu"):
        read_items("tệp", GOOD["gift"])
