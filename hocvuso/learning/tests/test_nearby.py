"""How many people of a commune have learned a programme: counted once a day, told only when they are enough."""

from datetime import UTC, datetime, timedelta

import pytest

from hocvuso.indicators.rules import LEAST_PEOPLE
from hocvuso.learning import queries, services
from hocvuso.learning.models import LearnersNearby
from hocvuso.people.models import Person
from hocvuso.records import services as records
from hocvuso.units.models import Place
from tests.world import agreeing, batch, statement

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture
def commune(cast, programme):
    """A commune; Hoa lives there and has learned nothing."""
    vn = Place.objects.create(code="VN", name="Việt Nam", kind="country", type="quoc-gia")
    province = Place.objects.create(code="01", name="Tỉnh Một", kind="province", type="tinh", parent=vn)
    made = Place.objects.create(code="00004", name="Xã Đây", kind="commune", type="xa", parent=province)
    Person.objects.filter(pk=cast.hoa.pk).update(home_place=made)
    cast.hoa.refresh_from_db()
    return made


def learners(place, n, lesson="hai-bai/bai-mot"):
    for _one in range(n):
        person = agreeing(Person.objects.create(name="Ai đó", home_place=place, birth_year=1990))
        records.append(person=person, batch=batch(statement("completed", "lesson", lesson)))


def test_enough_people_are_told(cast, commune):
    learners(commune, LEAST_PEOPLE)
    assert services.count_nearby(MONDAY) == 1
    assert queries.nearby(cast.hoa).words("hai-bai") == "Ở Xã Đây, 5 người đã học chương trình này."


def test_one_person_fewer_is_not_even_stored(cast, commune):
    learners(commune, LEAST_PEOPLE - 1)
    assert services.count_nearby(MONDAY) == 0 and not LearnersNearby.objects.exists()
    words = "Ở Xã Đây chưa đủ người học chương trình này để nói con số."
    assert queries.nearby(cast.hoa).words("hai-bai") == words


def test_nobody_and_too_few_read_alike(cast, commune):
    nobody = queries.nearby(cast.hoa).words("hai-bai")
    learners(commune, 1)
    services.count_nearby(MONDAY)
    assert queries.nearby(cast.hoa).words("hai-bai") == nobody


def test_a_person_counts_once_whatever_they_learn(cast, commune):
    learners(commune, LEAST_PEOPLE - 1)
    for lesson in ("hai-bai/bai-mot", "hai-bai/bai-hai"):
        records.append(person=agreeing(cast.hoa), batch=batch(statement("completed", "lesson", lesson)))
    services.count_nearby(MONDAY)
    assert queries.nearby(cast.hoa).people == {"hai-bai": LEAST_PEOPLE}


def test_people_who_only_said_their_province_count_in_no_commune(cast, commune):
    learners(commune.parent, LEAST_PEOPLE)
    assert services.count_nearby(MONDAY) == 0
    cast.hoa.home_place = commune.parent
    assert queries.nearby(cast.hoa) is None


def test_it_is_counted_once_a_day(commune, django_assert_num_queries):
    services.count_nearby(MONDAY)
    with django_assert_num_queries(1):
        services.count_nearby(MONDAY + timedelta(hours=1))


def test_when_people_leave_the_count_goes(commune):
    learners(commune, LEAST_PEOPLE)
    services.count_nearby(MONDAY)
    Person.objects.filter(home_place=commune).first().delete()
    Person.objects.filter(home_place=commune, name="Ai đó").first().delete()
    services.count_nearby(MONDAY + timedelta(days=1))
    assert not LearnersNearby.objects.exists()


def test_a_reader_scans_nothing(cast, commune, django_assert_num_queries):
    learners(commune, LEAST_PEOPLE)
    services.count_nearby(MONDAY)
    with django_assert_num_queries(2) as asked:
        queries.nearby(cast.hoa)
    assert not any("COUNT" in query["sql"] or "lessonprogress" in query["sql"] for query in asked)
