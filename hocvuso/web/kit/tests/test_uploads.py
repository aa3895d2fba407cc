"""A list waits between preview and applying, whatever others do with the same list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from hocvuso.web.kit.uploads import CarriedForm

CONTENT = b"code,name\n" * 20_000


def form():
    made = CarriedForm(person=SimpleNamespace(pk=1), purpose="x")
    made.came = ("ds.csv", CONTENT)
    return made


def test_two_people_with_one_list_never_find_it_half_written(settings, tmp_path):
    settings.DATA = tmp_path
    ticket = form().keep()

    def read(_n):
        form().keep()
        return form()._came({"file": None, "waiting": ticket})

    with ThreadPoolExecutor(8) as several:
        assert set(several.map(read, range(200))) == {("ds.csv", CONTENT)}
