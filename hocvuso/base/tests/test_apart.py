"""Reading apart: what comes back, what refuses, and what neither memory nor time of ours pays for."""

import os
import time

import pytest

from hocvuso.base import apart


def upper(content: bytes) -> bytes:
    return content.upper()


def refuse(content: bytes) -> bytes:
    raise ValueError("không phải tệp Word")


def swell(content: bytes) -> bytes:
    return b"a" * (1 << 31)


def abort(content: bytes) -> bytes:
    os.abort()


def never(content: bytes) -> bytes:
    while True:
        time.sleep(1)


def environment(content: bytes) -> bytes:
    return " ".join(sorted(os.environ)).encode()


def test_what_the_reader_makes_comes_back():
    assert apart.read(upper, b"a" * 100_000) == b"A" * 100_000


def test_why_it_refuses_is_told():
    with pytest.raises(apart.Unread, match="không phải tệp Word"):
        apart.read(refuse, b"x")


@pytest.mark.parametrize("reader", [swell, abort])
def test_one_that_swells_or_aborts_takes_only_the_file_with_it(reader):
    with pytest.raises(apart.Unread):
        apart.read(reader, b"x")


def test_one_that_never_ends_is_ended():
    began = time.monotonic()
    with pytest.raises(apart.Unread):
        apart.read(never, b"x", seconds=2)
    assert time.monotonic() - began < 10


def test_it_has_no_secrets(monkeypatch):
    monkeypatch.setenv("HOCVUSO_SECRET", "x" * 50)
    assert "HOCVUSO" not in apart.read(environment, b"").decode()
