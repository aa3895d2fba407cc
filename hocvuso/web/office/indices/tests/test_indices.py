"""The ladder of an index: computed from figures, ranked with ties, opened by unit; defined by few."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.indicators.models import Indicator, Value
from hocvuso.indices import rules, services
from hocvuso.indices.models import IndexDefinition, IndexRun, IndexScore
from hocvuso.units import services as units
from tests import world

CRITERIA = [
    {"code": "a", "title": "Lớp học", "weight": 60, "indicator": "lop", "full": 60},
    {"code": "b", "title": "Hài lòng", "weight": 40, "indicator": "hai-long", "full": 40, "missing": "zero"},
]
BANDS = [{"title": "Tốt", "least": 80}, {"title": "Yếu", "least": 0}]
DATA = {"key": "thu", "year": 2026, "title": "Chỉ số thử", "definition": {"criteria": CRITERIA, "bands": BANDS}}
URL = "/dieu-hanh/bo-chi-so/thu/2026/"


def compute(index, by=None):
    return services.compute(index=index, period="2026", kind="provincial-department", by=by)


def ranks():
    return dict(IndexScore.objects.current().values_list("unit__code", "rank"))


@pytest.fixture
def index(db):
    return services.define(data=DATA, by=None)


@pytest.fixture
def three(cast, index):
    """Three departments: 90 points, 90 points, and one without its first figure."""
    third = units.open_unit(code="SO-3", name="Sở Ba", kind="provincial-department", parent=cast.ministry)
    for unit, a, b in [(cast.here, 50, 40), (cast.next_door, 60, 30), (third, None, 40)]:
        for key, value in (("lop", a), ("hai-long", b)):
            if value is not None:
                indicator = Indicator.objects.get(key=key)
                Value.objects.create(indicator=indicator, unit=unit, period="2026", value=value, at=timezone.now())
    return [cast.here, cast.next_door, third]


@pytest.fixture
def computed(index, three):
    return compute(index)


class TestComputing:
    def test_scores_ranks_and_bands(self, computed):
        assert [(s.total, s.rank, s.band) for s in computed] == [(90, 1, "Tốt"), (90, 1, "Tốt"), (None, None, "")]

    def test_computing_again_keeps_what_was_computed_before(self, index, three, computed):
        Value.objects.filter(unit=three[0]).update(value=1)
        compute(index)
        assert ranks() == {"SO-1": 2, "SO-2": 1, "SO-3": None}
        first = IndexRun.objects.earliest("created_at")
        assert not first.current and IndexRun.objects.get(current=True).scores.count() == 3
        assert dict(first.scores.values_list("unit__code", "rank")) == {"SO-1": 1, "SO-2": 1, "SO-3": None}

    def test_a_rank_of_any_time_can_be_computed_again_from_what_is_kept(self, index, three, computed):
        Value.objects.filter(unit=three[0]).update(value=1)
        compute(index)
        definition = rules.Definition.model_validate(index.definition)
        for run in IndexRun.objects.all():
            kept = list(run.scores.order_by("unit__code"))
            values = {s.unit.code: {code: part["value"] for code, part in s.parts.items()} for s in kept}
            assert rules.fingerprint(definition, run.period, run.kind, values) == run.inputs
            totals = [rules.score(definition, values[s.unit.code]).total for s in kept]
            assert (totals, rules.ranks(totals)) == ([s.total for s in kept], [s.rank for s in kept])

    def test_one_computing_of_a_period_and_kind_is_current(self, index, three, computed):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndexRun.objects.create(index=index, period="2026", kind=three[0].kind, version=1, units=0, inputs="")

    def test_criteria_without_an_indicator_get_a_declared_one(self, index):
        assert Indicator.objects.get(key="lop").maximum == 60

    def test_a_version_with_scores_is_not_changed(self, computed):
        changed = {**DATA, "definition": {"criteria": [{**CRITERIA[0], "weight": 100}]}}
        with pytest.raises(services.BadIndex):
            services.define(data=changed, by=None)
        assert services.define(data={**changed, "year": 2027}, by=None).year == 2027

    def test_titles_are_put_right_even_with_scores(self, computed):
        services.define(data={**DATA, "title": "Tên đúng"}, by=None)
        assert IndexDefinition.objects.get(key="thu", year=2026).title == "Tên đúng"

    def test_the_same_again_is_no_news(self, index):
        services.define(data=DATA, by=None)
        assert JournalEntry.objects.filter(act="index.defined").count() == 1

    def test_the_indices_that_come_with_the_software_hold_together(self, db, settings):
        assert services.load_indices(settings.REFERENCE_DATA / "indices") == 2
        service = IndexDefinition.objects.get(key="qd766")
        assert sum(c["weight"] for c in service.definition["criteria"]) == 100


class TestRanksOfTheCountry:
    """A rank is one among all units of the kind, computed by whoever may define, journalled, found again."""

    @pytest.mark.parametrize("who", ["lan", "xuan", "hoa", "an"])
    def test_a_province_cannot_compute(self, computed, cast, who):
        with pytest.raises(NotAllowed):
            compute(IndexDefinition.objects.get(), by=getattr(cast, who))
        assert IndexRun.objects.count() == 1

    def test_a_leader_of_a_province_sees_the_rank_and_no_button(self, client, cast, computed):
        world.sign_in(client, cast.xuan)
        page = client.get(f"{URL}?ky=2026").text
        assert "Sở Hai" in page and "Xếp hạng trong tất cả 3 đơn vị loại này của cả nước" in world.flat(page)
        assert f"{URL}tinh/" not in page and f"{URL}dinh-nghia/" not in page
        assert client.post(f"{URL}tinh/", {"ky": "2026"}).status_code == 403
        assert client.get(f"{URL}dinh-nghia/").status_code == 404
        assert ranks() == {"SO-1": 1, "SO-2": 1, "SO-3": None}

    def test_it_is_journalled_with_what_it_was_computed_from(self, index, three, cast):
        compute(index, by=cast.oanh)
        entry, run = JournalEntry.objects.get(act="index.computed"), IndexRun.objects.get()
        assert (entry.actor, entry.subject) == (str(cast.oanh.pk), f"index-run:{run.pk}")
        assert (entry.data["version"], entry.data["units"], entry.data["inputs"]) == (index.version, 3, run.inputs)
        assert len(run.inputs) == 64 and run.by == cast.oanh

    def test_the_same_inputs_give_the_same_ranks_and_the_same_hash(self, index, computed):
        before = ranks()
        compute(index)
        assert ranks() == before and len(set(IndexRun.objects.values_list("inputs", flat=True))) == 1

    def test_another_value_or_unit_shows_in_the_hash(self, index, computed, cast):
        Value.objects.filter(unit=cast.here).update(value=1)
        compute(index)
        units.open_unit(code="SO-4", name="Sở Bốn", kind="provincial-department", parent=cast.ministry)
        compute(index)
        assert len(set(IndexRun.objects.values_list("inputs", flat=True))) == 3

    def test_who_is_ranked_no_more_has_no_rank(self, index, computed, three):
        units.close_unit(unit=three[1], on=date(2025, 12, 31), by=None)
        compute(index)
        assert set(ranks()) == {"SO-1", "SO-3"}

    def test_other_kinds_keep_theirs(self, index, computed, cast):
        services.compute(index=index, period="2026", kind="school", by=None)
        assert ranks() == {"SO-1": 1, "SO-2": 1, "SO-3": None, "T-1": None}


class TestPages:
    @pytest.fixture
    def oanh(self, client, cast):
        world.sign_in(client, cast.oanh)
        return client

    def test_the_ladder_shows_ties_and_says_what_is_missing(self, oanh, computed):
        text = oanh.get(f"{URL}?ky=2026").text
        assert text.index("Sở Một") < text.index("Sở Ba") and "thiếu số liệu" in text

    def test_a_unit_sees_what_would_raise_it_most(self, oanh, computed, cast):
        text = oanh.get(f"{URL}{cast.here.pk}/?ky=2026").text
        assert "còn 10" in text and "nơi tốt nhất đạt 60" in text

    def test_computing_by_the_button(self, oanh, index, three):
        oanh.post(f"{URL}tinh/", {"ky": "2026"})
        assert IndexScore.objects.filter(rank=1).count() == 2

    def test_a_bad_definition_keeps_what_was_typed(self, oanh, index):
        text = yaml.safe_dump({**DATA, "year": 2028, "definition": {"criteria": CRITERIA[:1]}}, allow_unicode=True)
        answer = oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": text})
        assert answer.status_code == 400 and "tổng trọng số" in answer.text and "Lớp học" in answer.text

    @pytest.mark.parametrize("text", ["key: [", "một", "key: a\nyear: hai\ntitle: b\ndefinition: {}"])
    def test_what_is_no_definition_is_refused_in_words(self, oanh, text):
        assert oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": text}).status_code == 400

    def test_each_id_on_the_page_is_there_once(self, oanh, computed):
        ids = re.findall(r' id="([^"]+)"', oanh.get(f"{URL}?ky=2026").text)
        assert "compute-ky" in ids and len(ids) == len(set(ids))

    def test_the_file_has_a_column_for_each_criterion(self, oanh, computed):
        text = b"".join(oanh.get(f"{URL}?ky=2026&tai=csv").streaming_content).decode()
        assert "Lớp học" in text and "Hài lòng" in text

    def test_a_new_one_begins_with_an_example_that_can_be_saved(self, oanh, db):
        """In both languages: words of a translation must not break the text."""
        for language, title in (("vi", "Tên bộ chỉ số"), ("en", "Name of the index")):
            oanh.cookies["hv_lang"] = language
            text = oanh.get("/dieu-hanh/bo-chi-so/moi/").context["form"]["definition"].value()
            IndexDefinition.objects.filter(key="chi-so-moi").delete()
            assert oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": text}).status_code == 302
            assert IndexDefinition.objects.get(key="chi-so-moi").title == title

    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": "chỉ-số"},
            {"key": "a" * 41},
            {"key": 5},
            {"year": 10**12},
            {"year": True},
            {"title": "x" * 301},
            {"title": ["a"]},
            {"unknown": 1},
        ],
        ids=str,
    )
    def test_a_head_that_cannot_be_is_told_and_not_kept(self, oanh, db, wrong):
        answer = oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": yaml.safe_dump({**DATA, **wrong}, allow_unicode=True)})
        assert answer.status_code == 400 and next(iter(wrong)) in str(answer.context["form"].errors)
        assert not IndexDefinition.objects.exists()

    @pytest.mark.parametrize(
        "text",
        [
            "", "- a", "a: [", "year: 2026-13-45", "[" * 5000, "\0", "x" * 200_001, "!!bool x", "!!timestamp x",
            '!!int ""', "&a [*a]", "? [a]\n: b", "2026", 'key: a\nyear: 2026\ntitle: "\\uD800"', "key: " + "9" * 5000,
        ],
    )  # fmt: skip
    def test_what_is_no_definition_is_told(self, oanh, db, text):
        answer = oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": text})
        assert answer.status_code == 400 and 'id="error-text"' in answer.text

    def test_a_title_that_no_column_holds_is_told(self, oanh, db):
        text = yaml.safe_dump({**DATA, "title": "a\0"}, allow_unicode=True)
        answer = oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": text})
        assert answer.status_code == 400 and not IndexDefinition.objects.exists()

    def test_two_who_change_it_at_once_see_both_texts(self, oanh, index):
        def write(**changes):
            return yaml.safe_dump({**DATA, **changes}, allow_unicode=True)

        address = f"{URL}dinh-nghia/"
        version = oanh.get(address).context["form"]["version"].value()
        oanh.post(address, {"text": write(title="Bản của Lan"), "version": version})
        page = oanh.post(address, {"text": write(title="Bản của Minh"), "version": version})
        assert page.status_code == 409 and "Bản của Lan" in page.text and "Bản của Minh" in page.text
        assert IndexDefinition.objects.get(key="thu").title == "Bản của Lan"
        again = {"text": write(title="Bản của Minh"), "version": page.context["form"]["version"].value()}
        assert oanh.post(address, again).status_code == 302
        assert IndexDefinition.objects.get(key="thu").title == "Bản của Minh"

    def test_a_year_that_one_did_not_open_is_not_written_over(self, oanh, index):
        later = yaml.safe_dump({**DATA, "year": 2027}, allow_unicode=True)
        assert oanh.post(f"{URL}dinh-nghia/", {"text": later, "version": "1"}).status_code == 302
        page = oanh.post(f"{URL}dinh-nghia/", {"text": later.replace("Chỉ số thử", "Khác"), "version": "1"})
        assert page.status_code == 400 and "đã có bản của năm này" in page.text
        page = oanh.post("/dieu-hanh/bo-chi-so/moi/", {"text": later.replace("Chỉ số thử", "Khác")})
        assert page.status_code == 400 and IndexDefinition.objects.get(year=2027).title == "Chỉ số thử"

    @pytest.mark.parametrize("wrong", [{"ky": "31/02"}, {"ky": "\0"}, {}, {"ky": "2026", "loai": "x"}, {"ky": "-2026"}])
    def test_what_cannot_be_computed_is_said_and_nothing_is(self, oanh, index, three, wrong):
        page = oanh.post(f"{URL}tinh/", wrong)
        assert page.status_code == 400 and 'role="alert"' in page.text and not IndexScore.objects.exists()

    def test_what_the_filter_cannot_read_is_named_at_each_field(self, oanh, computed):
        page = oanh.get(URL, {"ky": "31/02", "loai": "x"})
        assert page.status_code == 400 and 'id="error-ky"' in page.text and 'id="error-loai"' in page.text

    def test_at_first_it_shows_this_year(self, oanh, computed):
        assert oanh.get(URL).context["form"]["period"].value() == str(timezone.localdate().year)

    def test_an_earlier_computing_can_still_be_opened(self, oanh, cast, index, computed):
        Value.objects.filter(unit=cast.here).update(value=1)
        compute(index)
        first = IndexRun.objects.earliest("created_at")
        page = oanh.get(f"{URL}?ky=2026")
        assert "Các lần tính" in page.text and "lần tính cũ" not in page.text
        page = oanh.get(f"{URL}?ky=2026&lan={first.pk}")
        assert "lần tính cũ" in page.text and [s.rank for s in page.context["page"]] == [1, 1, None]
        link = next(part for part in page.text.split('"') if f"{cast.here.pk}/?" in part).replace("&amp;", "&")
        assert oanh.get(link).context["score"].total == 90
        assert oanh.get(f"{URL}{cast.here.pk}/?ky=2026").context["score"].total == 2
        for strange in ("x", cast.here.pk):
            assert oanh.get(f"{URL}?ky=2026&lan={strange}").status_code == 404

    def test_the_neighbours_parts_stay_theirs(self, client, cast, computed):
        world.sign_in(client, cast.xuan)
        assert client.get(f"{URL}{cast.here.pk}/?ky=2026").status_code == 404

    def test_whoever_only_sees_cannot_define(self, client, cast, index):
        from hocvuso.people.rules import Role
        from hocvuso.people.services import roles

        roles.grant(person=cast.binh, role=Role.OFFICER, unit=cast.here, by=None)
        world.sign_in(client, cast.binh)
        assert client.get(f"{URL}dinh-nghia/").status_code == 404
        assert client.post(f"{URL}tinh/").status_code == 404
