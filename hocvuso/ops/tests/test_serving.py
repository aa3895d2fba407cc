"""`hocvuso serve` does not begin where another server listens already."""

from __future__ import annotations

import socket

import pytest
from django.conf import settings

from hocvuso.ops import serving


@pytest.mark.parametrize("shared", [False, True])
def test_a_port_in_use_is_told_and_not_shared(monkeypatch, capsys, shared):
    with socket.socket() as other:
        if shared:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setitem(settings.ENV, "HOCVUSO_HOST", "127.0.0.1")
        monkeypatch.setitem(settings.ENV, "HOCVUSO_PORT", port)
        assert serving.serve() == 1
    assert f"127.0.0.1:{port}: Address already in use" in capsys.readouterr().out


def test_a_port_that_was_free_a_moment_ago_is_free():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    assert serving._not_free("127.0.0.1", port) == "" == serving._not_free("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_told():
    assert serving._not_free("203.0.113.9", 8000)
