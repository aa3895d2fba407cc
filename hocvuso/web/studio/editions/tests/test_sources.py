"""The calendar of facts: what wants reading again is listed, and an author says that it was read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.library.citations import GONE, OLD, REPLACED, UNREAD, cited
from hocvuso.library.models import Edition, SourceCheck
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

pytestmark = pytest.mark.django_db
PAGE = "/bien-soan/nguon/"
FRESH, STALE, OURS = "Mới đọc", "Đọc đã lâu", "Chưa ai đọc"
LAW = "Luật Bảo vệ bí mật nhà nước, số 29/2018/QH14"


def source(title, *, checked=None, url="https://moet.gov.vn/a"):
    return {"title": title, "issuer": "Bộ", "date": "", "url": url, "checked": checked and checked.isoformat()}


@pytest.fixture
def sources(programme):
    """The published edition cites four sources, one of them in both lessons."""
    today = timezone.localdate()
    edition = programme.published_edition
    first, second = edition.content["lessons"].values()
    first["sources"] = [source(FRESH, checked=today), source(STALE, checked=today - timedelta(days=366))]
    second["sources"] = [
        source(STALE, checked=today),
        source(LAW, checked=today, url="https://skhcn.mic.gov.vn/x"),
        source(OURS),
    ]
    Edition.objects.filter(pk=edition.pk).update(content=edition.content)
    programme.refresh_from_db()
    return programme


def doubts(programme, on=None):
    return {
        one.title: [kind for kind, _words in one.doubts] for one in cited([programme], on=on or timezone.localdate())
    }


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def an(cast):
    """An author of the unit that owns the programme."""
    return signed_in(cast.an)


class TestWhatIsDoubted:
    def test_age_address_and_what_replaced_it(self, sources):
        assert doubts(sources) == {FRESH: [], STALE: [OLD], LAW: [GONE, REPLACED], OURS: [UNREAD]}

    def test_a_law_stands_until_the_day_on_which_another_replaces_it(self, sources):
        assert REPLACED not in doubts(sources, date(2026, 2, 28))[LAW]

    def test_what_was_read_again_is_fresh_for_a_year(self, sources, cast):
        today = timezone.localdate()
        SourceCheck.objects.create(programme=sources, source=STALE, on=today, by=cast.an, note="x")
        assert doubts(sources)[STALE] == [] and doubts(sources, today + timedelta(days=366))[STALE] == [OLD]


class TestThePage:
    def test_lists_what_wants_reading_with_the_lessons_that_cite_it(self, an, sources):
        page = an.get(PAGE).text
        assert STALE in page and LAW in page and OURS in page and FRESH not in page
        assert "/hoc/hai-bai/bai-mot/" in page and "/hoc/hai-bai/bai-hai/" in page
        assert FRESH in an.get(PAGE, {"con": "moi"}).text

    def test_an_author_renews_with_one_press_and_a_note(self, an, sources, cast):
        sent = {"programme": "hai-bai", "source": STALE, "note": "moet.gov.vn, vẫn còn hiệu lực"}
        assert an.post(PAGE, sent).status_code == 302
        made = SourceCheck.objects.get()
        assert (made.source, made.by, made.on) == (STALE, cast.an, timezone.localdate())
        assert STALE not in an.get(PAGE).text and JournalEntry.objects.filter(act="source.checked").exists()

    def test_without_a_note_it_is_said_at_that_source_and_nothing_is_kept(self, an, sources):
        answer = an.post(PAGE, {"programme": "hai-bai", "source": STALE, "note": " "})
        assert answer.status_code == 400 and answer.text.count("<details open>") == 1
        assert not SourceCheck.objects.exists()

    def test_a_source_that_no_lesson_cites_is_refused(self, an, sources):
        answer = an.post(PAGE, {"programme": "hai-bai", "source": "Khác", "note": "x"})
        assert answer.status_code == 400 and "Không bài nào đang phát hành dẫn nguồn này nữa." in answer.text
        assert not SourceCheck.objects.exists()

    def test_an_address_that_is_none_of_the_web_is_no_link(self, an, sources):
        edition = sources.published_edition
        edition.content["lessons"]["bai-mot"]["sources"] = [
            source("A", url="javascript:alert(1)"),
            source("B", url="https://[x"),
        ]
        Edition.objects.filter(pk=edition.pk).update(content=edition.content)
        page = an.get(PAGE)
        assert page.status_code == 200 and 'href="javascript:' not in page.text

    def test_it_asks_no_more_where_there_is_more(self, an, sources, django_assert_max_num_queries):
        an.get(PAGE)
        with django_assert_max_num_queries(14):
            an.get(PAGE)

    def test_a_programme_of_others_is_not_there(self, sources, cast):
        roles.grant(person=cast.binh, role=Role.AUTHOR, unit=cast.next_door, by=None)
        binh = signed_in(cast.binh)
        assert STALE not in binh.get(PAGE).text
        assert binh.post(PAGE, {"programme": "hai-bai", "source": STALE, "note": "x"}).status_code == 404

    def test_who_only_reviews_reads_and_cannot_renew(self, sources, cast):
        minh = signed_in(cast.minh)
        assert STALE in minh.get(PAGE).text and "tôi vừa đọc lại" not in minh.get(PAGE).text
        refused = minh.post(PAGE, {"programme": "hai-bai", "source": STALE, "note": "x"})
        assert refused.status_code == 400 and str(NotAllowed.says) in refused.text
        assert not SourceCheck.objects.exists()
