"""Files written from many rows come out of a process of their own: no page of a reader waits for them."""

import inspect

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from hocvuso.web.kit.downloads import is_export

WRITING = ("tables.download(", "as_file(", "_file(", "Content-Disposition", "pdf.render(")
# Names of addresses that write a file of one person's, who should not wait behind an officer's export.
OF_ONE = {"verify", "certificate-pdf", "certificate-picture", "my-data-download"}


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_views_that_write_files_are_exports():
    found = {}
    for pattern in _patterns(get_resolver()):
        view = inspect.unwrap(pattern.callback)
        if view.__module__.startswith("hocvuso.web"):
            source = inspect.getsource(view)
            if any(mark in source for mark in WRITING) and '"tai"' not in source and pattern.name not in OF_ONE:
                found[pattern.name] = hasattr(pattern.callback, "is_export")
    assert len(found) > 10
    assert [name for name, marked in found.items() if not marked] == []


@pytest.mark.parametrize(
    ("path", "query", "is_one"),
    [
        ("/dieu-hanh/ke-hoach/nhiem-vu/tai.xlsx", "", True),
        ("/dieu-hanh/bao-cao/tai/", "trang-thai=late", True),
        ("/dieu-hanh/chi-so/learners/", "tai=csv", True),
        ("/dieu-hanh/ke-hoach/nhiem-vu/", "q=tai", False),
        ("/khong-co-dia-chi-nay/", "", False),
    ],
)
def test_an_address_tells_whether_it_is_an_export(path, query, is_one):
    assert is_export(path, query) is is_one
