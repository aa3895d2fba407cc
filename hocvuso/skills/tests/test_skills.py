"""Frameworks are whole, carry their sources, and go out and come in unchanged."""

import pytest

from hocvuso.skills import exchange, services
from hocvuso.skills.models import Audience, Competency, Crosswalk, Framework, Tier
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db):
    world.frameworks()


def test_the_circulars_framework_has_6_domains_24_competencies_8_tiers():
    framework = Framework.objects.get(key="TT02-2025")
    assert framework.domains.count() == 6
    assert Competency.objects.filter(domain__framework=framework).count() == 24
    assert [level["number"] for level in framework.levels] == list(range(1, 9))


def test_four_audiences_four_strands_and_21_competences_of_digcomp():
    assert Framework.objects.get(key="QD757-2025").domains.count() == 4
    assert Competency.objects.filter(reference__startswith="QD3439-2025/").count() == 4
    assert Competency.objects.filter(reference__startswith="DIGCOMP-2-2/").count() == 21
    assert Crosswalk.objects.filter(origin__reference__startswith="TT02-2025/", relation="exact").count() == 21


def test_every_framework_names_its_source_and_nothing_unknown_is_invented():
    assert all(framework.sources for framework in Framework.objects.all())
    assert not Audience.objects.exclude(universal_tier=None).exists()


def test_loading_again_changes_nothing():
    before = Competency.objects.count(), Crosswalk.objects.count()
    world.frameworks()
    assert (Competency.objects.count(), Crosswalk.objects.count()) == before


def shape(framework):
    return [
        (
            d.code,
            d.title,
            [(c.code, c.title, [(t.number, t.descriptor) for t in c.tiers.all()]) for c in d.competencies.all()],
        )
        for d in framework.domains.all()
    ]


@pytest.fixture
def framework():
    found = Framework.objects.get(key="TT02-2025")
    Tier.objects.create(
        competency=Competency.objects.get(reference="TT02-2025/1.1"), number=2, descriptor="Mô tả, có dấu phẩy"
    )
    return found


def test_case_goes_out_and_comes_in(framework):
    package = exchange.to_case(framework)
    before = shape(framework)
    assert {a["associationType"] for a in package["CFAssociations"]} == {"isChildOf"}
    Audience.objects.update(framework=None)
    framework.delete()
    assert shape(services.load_framework(exchange.from_case(package))) == before


def test_csv_goes_out_and_comes_in(framework):
    text = exchange.to_csv(framework)
    before = shape(framework)
    head = {
        "key": framework.key,
        "version": framework.version,
        "title": framework.title,
        "title_en": framework.title_en,
    }
    Audience.objects.update(framework=None)
    framework.delete()
    assert shape(services.load_framework(exchange.from_csv(text.encode(), head=head))) == before


@pytest.mark.parametrize("package", [{}, {"CFDocument": {"identifier": "x"}, "CFItems": [], "CFAssociations": []}])
def test_a_bad_package_is_refused(package):
    with pytest.raises(exchange.BadFile):
        exchange.from_case(package)


HEAD = ",".join(exchange.CSV_FIELDS)


def from_csv(*rows, head=HEAD):
    text = "\n".join([head, *rows])
    return exchange.checked(exchange.from_csv(text.encode(), head={"key": "X", "title": "X"}))


def test_a_bad_csv_names_row_and_column():
    with pytest.raises(exchange.BadFile, match="thiếu cột"):
        from_csv("1,2", head="a,b")
    with pytest.raises(exchange.BadFile) as refused:
        from_csv("X,1,Miền,,1.1,,,9,")
    assert any("dòng 2, cột title" in f for f in refused.value.faults)
    assert any("dòng 2, cột tier" in f for f in refused.value.faults)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["X,1,Miền,,1.1,Dùng,,²,a"], "bậc từ 1 đến 8"),
        (["X,1,Miền,,1.1,Dùng,,01,a"], "bậc từ 1 đến 8"),
        (["X,1,Miền,,1.1,Dùng,,1,a", "X,1,Miền,,1.1,Dùng,,1,b"], "dòng 3, cột tier: bậc 1 của 1.1 đã có"),
        (["X,1,Miền,,1.1,Dùng,,1,a", "X,1,Miền khác,,1.2,Xem,,1,b"], "dòng 3: 1, 1.2 mang tên khác"),
        (["X,1,Miền,,1.1,Dùng,,1,a,thừa"], "nằm ngoài các cột"),
        ([f"X,1,{'M' * 301},,1.1,Dùng,,1,a"], "title dài hơn 300"),
    ],
)
def test_nothing_of_a_csv_is_passed_over(rows, said):
    with pytest.raises(exchange.BadFile, match=said):
        from_csv(*rows)


def test_columns_of_a_csv_are_known_and_there_once():
    for more, said in (("title", "hai cột cùng nghĩa"), ("màu", "không hiểu cột")):
        with pytest.raises(exchange.BadFile, match=said):
            from_csv("X,1,Miền,,1.1,Dùng,,1,a,b", head=f"{HEAD},{more}")


@pytest.mark.parametrize(
    "data", [None, [], {"key": "X"}, {"key": "X", "title": "X", "domains": [1]},
             {"key": "X", "title": "X", "domains": [{"code": "1", "title": "A", "competencies": ["b"]}]},
             {"key": "X", "title": "X", "domains": [{"code": "1", "title": "A", "competencies": [
                 {"code": "1.1", "title": "B", "descriptors": {9: "c"}}]}]}],
)  # fmt: skip
def test_what_is_no_framework_is_refused_in_words(data):
    with pytest.raises(exchange.BadFile):
        exchange.checked(data)


def test_an_unknown_competency_is_named():
    with pytest.raises(services.UnknownCompetency, match=r"X/9\.9"):
        services.keep_outcome(code="X-01", reference="X/9.9", tier=1, can_do="x", can_do_en="x", owner=world.owner())
