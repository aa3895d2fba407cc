"""Lists ask the database the same number of questions however long they are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hocvuso.library.indexing import WORDS
from hocvuso.library.models import Edition, Lesson, Programme, SearchTerm
from hocvuso.records import services as records
from hocvuso.units.services import open_unit
from tests import world
from tests.world import batch, statement

pytestmark = pytest.mark.django_db


def more_programmes(programme, count):
    """Published programmes like the first one."""
    first = programme.current
    for number in range(count):
        key = f"them-{number}"
        made = Programme.objects.create(key=key, audience=programme.audience, owner=programme.owner)
        made.current = Edition.objects.create(
            programme=made, unit=made.owner, number=1, state="published", bundle=first.bundle,
            source_hash=first.source_hash, content=first.content | {"key": key, "title": f"Chương trình {number}"},
            published_at=first.published_at,
        )  # fmt: skip
        made.save()
        more_lessons(made, 2)


def more_lessons(programme, count):
    """Lessons on the lists and in the index."""
    for number in range(count):
        lesson = Lesson.objects.create(
            programme=programme, key=f"l-{number}", address=f"{programme.key}/l-{number}", position=number + 2,
            listed=True, title=f"Bài {programme.key} {number}", goal=f"Việc {number}", promise="x", icon="shield",
        )  # fmt: skip
        SearchTerm.objects.create(lesson=lesson, term="lua", weight=WORDS)


def lengthen_edition(programme, count):
    """Lessons in the published edition, as its path shows them."""
    content = programme.current.content
    template = content["lessons"]["bai-mot"]
    for number in range(count):
        content["lessons"][f"l-{number}"] = template | {"key": f"l-{number}", "title": f"Bài {number}"}
        content["modules"][0]["lessons"].append(f"l-{number}")
    programme.current.save()


def learn(person, lessons):
    for lesson in lessons:
        done = statement(verb="completed", kind="lesson", address=lesson.address)
        records.append(person=person, batch=batch(done))


@pytest.fixture
def shown(django_assert_max_num_queries):
    """The page, asked for with at most `most` queries, and how many there were."""

    def get(client, path, *, most):
        with django_assert_max_num_queries(most), CaptureQueriesContext(connection) as asked:
            page = client.get(path)
        assert page.status_code == 200
        return page.text, len(asked)

    return get


@pytest.fixture
def signed_in(cast):
    def client_of(person):
        client = Client()
        world.sign_in(client, person)
        return client

    return client_of


def test_home(programme, client, shown):
    before, count = shown(client, "/", most=2)
    more_programmes(programme, 10)
    after, again = shown(client, "/", most=2)
    assert (before.count('class="goal"'), after.count('class="goal"')) == (2, 22)
    assert again == count


def test_programmes(programme, client, shown):
    _page, count = shown(client, "/chuong-trinh/", most=1)
    more_programmes(programme, 10)
    page, again = shown(client, "/chuong-trinh/", most=1)
    assert page.count("<article") == 11 and again == count


def test_programme(programme, client, shown):
    _page, count = shown(client, "/chuong-trinh/hai-bai/", most=2)
    lengthen_edition(programme, 10)
    page, again = shown(client, "/chuong-trinh/hai-bai/", most=2)
    assert page.count("data-address=") == 12 and again == count


def test_search(programme, client, shown):
    client.get("/tim/?q=lua")  # the vocabulary is read once for each state of the index
    _page, count = shown(client, "/tim/?q=lua", most=3)
    more_lessons(programme, 10)
    client.get("/tim/?q=lua")
    page, again = shown(client, "/tim/?q=lua", most=3)
    assert page.count('class="goal"') == 11 and again == count


def test_my_learning(programme, cast, signed_in, shown):
    hoa = signed_in(cast.hoa)
    learn(cast.hoa, Lesson.objects.filter(key="bai-mot"))
    _page, count = shown(hoa, "/viec-hoc/", most=12)
    more_programmes(programme, 10)
    learn(cast.hoa, Lesson.objects.filter(key="l-0"))
    page, again = shown(hoa, "/viec-hoc/", most=12)
    assert page.count("<article") == 11 and again == count


def test_a_competency(programme, client, shown):
    _page, count = shown(client, "/khung-nang-luc/TT02-2025/4.2/", most=8)
    more_lessons(programme, 10)
    outcome = Lesson.objects.get(key="bai-mot").outcomes.get()
    for lesson in Lesson.objects.filter(key__startswith="l-"):
        lesson.outcomes.add(outcome)
    page, again = shown(client, "/khung-nang-luc/TT02-2025/4.2/", most=8)
    assert page.count('href="/hoc/hai-bai/') == 11 and again == count


def test_units(cast, signed_in, shown):
    oanh = signed_in(cast.oanh)
    _page, count = shown(oanh, "/dieu-hanh/don-vi/", most=6)
    for number in range(10):
        parent = open_unit(code=f"P-{number}", name=f"Phòng {number}", kind="school", parent=cast.here)
        open_unit(code=f"L-{number}", name=f"Lớp {number}", kind="faculty", parent=parent)
    page, again = shown(oanh, "/dieu-hanh/don-vi/", most=6)
    assert page.count("<tr>") == 25 and again == count


def test_editions(programme, cast, signed_in, shown):
    lan = signed_in(cast.lan)
    _page, count = shown(lan, "/bien-soan/", most=4)
    more_programmes(programme, 10)
    Edition.objects.update(written_by=cast.an)
    page, again = shown(lan, "/bien-soan/", most=4)
    assert page.count("<article") == 11 and again == count


def test_the_catalogue_of_the_api(programme, client, shown):
    _page, count = shown(client, "/api/v1/catalogue", most=2)
    more_programmes(programme, 10)
    page, again = shown(client, "/api/v1/catalogue", most=2)
    assert page.count('"edition"') == 11 and again == count
