"""What units declare, how definitions and targets change, what reference data brings."""

from __future__ import annotations

import pytest
from django.conf import settings

from hocvuso.base.attachments import BadFile, attached_to
from hocvuso.base.errors import NeedsReason, NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Indicator, Population, ReplacedValue, Target, Value
from hocvuso.indicators.rules import cyclic
from hocvuso.indicators.services import defining
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units import services as units
from hocvuso.units.models import Place

from . import world

pytestmark = pytest.mark.django_db
PDF = services.Evidence("bang-ke.pdf", b"%PDF-1.7 x")


@pytest.fixture
def said(land):
    return world.indicator("said", kind="declared", definition={"aggregate": "sum"}, minimum=0, maximum=1000)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.DATA = tmp_path


def declare(land, indicator, **changes):
    given = {"unit": land.here, "period": "2026-01", "value": 10.0, "by": land.leader, "at": world.moment(40)}
    return services.declare(indicator=indicator, **(given | changes))


def figure(key, unit, period="2026-01"):
    return queries.figures(indicators=[key], units=[unit], periods=[period])[key, unit.pk, period]


class TestDeclaring:
    def test_a_value_is_kept_with_its_evidence_and_journalled(self, land, said):
        made = declare(land, said, evidence=[PDF], note="theo sổ")
        assert (made.value, made.by, made.note) == (10, land.leader, "theo sổ")
        assert [f.name for f in attached_to(made)] == ["bang-ke.pdf"]
        assert JournalEntry.objects.get(act="value.declared").data["after"] == 10
        found = figure("said", land.here)
        assert (found.value, found.kind) == (10, "d")

    def test_where_the_definition_asks_for_evidence_there_is_none_without(self, land):
        strict = world.indicator("strict", kind="declared", definition={"aggregate": "sum", "evidence": True})
        with pytest.raises(services.NeedsEvidence) as refused:
            declare(land, strict)
        assert refused.value.field == "file" and not Value.objects.exists()
        declare(land, strict, evidence=[PDF])
        assert declare(land, strict, value=11.0, note="sửa").value == 11

    def test_a_correction_says_why_and_both_are_kept(self, land, said):
        first = declare(land, said, note="theo sổ")
        with pytest.raises(NeedsReason) as refused:
            declare(land, said, value=12.0)
        assert refused.value.field == "note"
        declare(land, said, value=12.0, note="thiếu hai lớp", at=world.moment(41))
        entry = JournalEntry.objects.get(act="value.corrected")
        assert (entry.data["before"], entry.data["after"]) == (10, 12)
        [now], [before] = Value.objects.all(), ReplacedValue.objects.all()
        assert (before.value, before.note, before.by, before.at) == (10, "theo sổ", land.leader, first.at)
        assert (now.value, now.note) == (12, "thiếu hai lớp") and now.at == before.replaced_at > before.at

    def test_saying_the_same_again_corrects_nothing(self, land, said):
        first = declare(land, said)
        assert declare(land, said, evidence=[PDF], at=world.moment(41)).at == first.at
        assert not ReplacedValue.objects.exists()

    @pytest.mark.parametrize("who", ["neighbour"])
    def test_a_neighbour_cannot(self, land, said, who):
        with pytest.raises(NotAllowed):
            declare(land, said, by=getattr(land, who))

    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"period": "2026-13"}, services.NotAPeriod, "period"),
            ({"period": "2026-Q1"}, services.NotAPeriod, "period"),
            ({"period": "2026-03"}, services.NotYet, "period"),
            ({"value": 1001.0}, services.OutOfRange, "value"),
            ({"value": -1.0}, services.OutOfRange, "value"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, land, said, changes, refusal, field):
        with pytest.raises(refusal) as refused:
            declare(land, said, **changes)
        assert refused.value.field == field and not Value.objects.exists()

    def test_with_a_bad_file_nothing_is_kept(self, land, said):
        with pytest.raises(BadFile):
            declare(land, said, evidence=[services.Evidence("x.exe", b"MZ")])
        assert not Value.objects.exists()

    def test_it_stands_beside_a_measured_figure_not_in_its_place(self, land):
        measured = world.indicator("roles", definition={"measure": "people.roles"})
        declare(land, measured, value=99.0)
        found = figure("roles", land.here)
        assert (found.value, found.declared, found.kind) == (0, 99, "m")


class TestSumsOfWhatIsDeclared:
    def test_missing_is_none_not_zero(self, land, said):
        assert figure("said", land.here).value is None

    def test_a_unit_without_a_word_of_its_own_is_the_sum_of_what_is_beneath(self, land, said):
        for unit, value in ((land.communes[0], 3.0), (land.communes[1], 4.0), (land.there, 5.0)):
            declare(land, said, unit=unit, value=value, by=land.minister)
        assert [figure("said", u).value for u in (land.ministry, land.here, land.there)] == [12, 7, 5]

    def test_nothing_is_counted_twice(self, land, said):
        declare(land, said, unit=land.communes[0], value=3.0)
        declare(land, said, value=10.0)
        assert figure("said", land.ministry).value == 10

    def test_what_does_not_sum_is_not_summed(self, land):
        percent = world.indicator("percent", kind="declared", definition={"aggregate": "none"})
        declare(land, percent, value=80.0)
        assert figure("percent", land.ministry).value is None


class TestRatiosAndComposites:
    def test_a_ratio_over_population_takes_the_latest_count_before_the_end(self, land, said):
        world.indicator("share", kind="ratio", definition={"numerator": "said", "population": "all", "factor": 100})
        for on, count in (("2025-01-01", 200), ("2026-01-31", 400), ("2026-02-01", 800)):
            Population.objects.create(place_id="01", group="all", on=on, count=count, source="x")
        declare(land, said, value=20.0)
        found = figure("share", land.here)
        assert (found.value, found.numerator, found.denominator) == (5, 20, 400)

    def test_the_country_is_the_sum_of_its_provinces_once_all_are_known(self, land, said):
        world.indicator("share", kind="ratio", definition={"numerator": "said", "population": "all"})
        declare(land, said, value=30.0)
        Population.objects.create(place_id="01", group="all", on="2025-01-01", count=100, source="x")
        assert figure("share", land.ministry).value is None
        Population.objects.create(place_id="02", group="all", on="2025-01-01", count=200, source="x")
        assert figure("share", land.ministry).value == 0.1

    def test_nothing_is_divided_by_zero_or_by_nothing(self, land, said):
        world.indicator("roles", definition={"measure": "people.roles"})
        world.indicator("share", kind="ratio", definition={"numerator": "said", "denominator": "roles"})
        declare(land, said)
        assert figure("share", land.here).value is None

    def test_a_composite_with_a_missing_part_is_missing(self, land, said):
        other = world.indicator("other", kind="declared")
        world.indicator("both", kind="composite", definition={"terms": [[1, "said"], [-2, "other"]]})
        declare(land, said)
        assert figure("both", land.here).value is None
        declare(land, other, value=3.0)
        assert figure("both", land.here).value == 4


class TestFreezing:
    def test_a_quoted_figure_is_kept_and_never_overwritten(self, land):
        world.indicator("roles", definition={"measure": "people.roles"})
        sheet = queries.figures(indicators=["roles"], units=[land.here], periods=["2026-01"])
        assert services.freeze(figures=sheet.values(), by=land.leader) == 1
        world.given(land.here, day=3)
        services.roll_up(full=True)
        sheet = queries.figures(indicators=["roles"], units=[land.here], periods=["2026-01"])
        assert services.freeze(figures=sheet.values(), by=land.leader) == 0
        assert Value.objects.get(kind="m").value == 0 and sheet["roles", land.here.pk, "2026-01"].value == 1


class TestDefining:
    def test_a_change_is_a_new_version_and_values_keep_theirs(self, land, said):
        value = declare(land, said)
        made = services.define(key="said", title="Tên mới", by=land.minister)
        assert (made.version, made.definition, made.maximum) == (2, said.definition, 1000)
        assert [i.version for i in queries.versions_of("said")] == [2, 1]
        value.refresh_from_db()
        assert value.indicator.version == 1 and figure("said", land.here).value == 10

    @pytest.mark.parametrize("who", ["leader", "neighbour"])
    def test_a_province_does_not_define_for_the_country(self, land, said, who):
        with pytest.raises(NotAllowed):
            services.define(key="said", title="x", by=getattr(land, who))

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"kind": "measure", "definition": {"measure": "no.such"}}, "definition"),
            ({"kind": "ratio", "definition": {"numerator": "said"}}, "definition"),
            ({"kind": "ratio", "definition": {"numerator": "said", "denominator": "no-such"}}, "definition"),
            ({"kind": "composite", "definition": {"terms": ["said"]}}, "definition"),
            ({"kind": "composite", "definition": {"terms": [[1, "new"]]}}, "definition"),
            ({"kind": "declared", "definition": []}, "definition"),
            ({"kind": "declared", "title": " "}, "title"),
            ({"kind": "declared", "period_type": "day"}, "period_type"),
        ],
    )
    def test_what_cannot_be_computed_is_refused(self, land, said, fields, field):
        with pytest.raises(services.BadDefinition) as refused:
            services.define(key="new", by=land.minister, **({"title": "Mới"} | fields))
        assert refused.value.field == field and not Indicator.objects.filter(key="new").exists()

    @pytest.mark.parametrize("key", ["Có dấu", "canh-bao", "a--b", "", "x" * 61])
    def test_a_key_must_fit_an_address(self, land, key):
        with pytest.raises(services.BadDefinition):
            services.define(key=key, title="x", kind="declared", by=land.minister)

    def test_a_circle_is_found(self):
        circle = {"a": {"numerator": "b"}, "b": {"terms": [[1, "a"]]}, "c": {}}
        assert cyclic(circle) in ("a", "b") and cyclic({"c": {}, "d": {"numerator": "c", "denominator": "c"}}) is None


class TestTargets:
    def test_a_target_has_a_source_and_a_history(self, land, said):
        made = services.set_target(
            indicator=said, unit=land.here, period="2026", value=80, source="KH 1", by=land.leader
        )
        services.set_target(indicator=said, unit=land.here, period="2026", value=90, source="KH 2", by=land.leader)
        made.refresh_from_db()
        assert (made.value, made.source) == (90, "KH 2")
        assert JournalEntry.objects.filter(act="target.set").order_by("-number")[0].data["before"] == 80
        services.remove_target(target=made, by=land.leader)
        assert not Target.objects.exists() and JournalEntry.objects.filter(act="target.removed").exists()

    def test_not_without_a_source_nor_for_a_neighbour_nor_for_no_period(self, land, said):
        given = {"indicator": said, "unit": land.here, "period": "2026", "value": 80, "source": "KH", "by": land.leader}
        for changes, refusal in (
            ({"source": " "}, services.NeedsSource),
            ({"by": land.neighbour}, NotAllowed),
            ({"period": "20x6"}, services.NotAPeriod),
        ):
            with pytest.raises(refusal):
                services.set_target(**(given | changes))
        made = services.set_target(**given)
        with pytest.raises(NotAllowed):
            services.remove_target(target=made, by=land.neighbour)

    def test_what_a_unit_above_set_is_changed_there(self, land, said):
        given = {"indicator": said, "unit": land.here, "period": "2026", "source": "KH"}
        services.set_target(value=70, by=land.leader, **given)
        made = services.set_target(value=80, by=land.minister, **given)
        with pytest.raises(defining.SetAbove) as refused:
            services.set_target(value=60, by=land.leader, **given)
        assert str(land.ministry) in str(refused.value)
        with pytest.raises(defining.SetAbove):
            services.remove_target(target=made, by=land.leader)
        assert services.set_target(value=85, by=land.minister, **given).value == 85


class TestReferenceData:
    @pytest.fixture(autouse=True)
    def _load(self, db):
        data = settings.REFERENCE_DATA
        units.load_places(data / "places.csv")
        units.load_units(data / "units.csv")
        services.load_reference(data)

    def test_it_brings_indicators_targets_and_populations_with_sources(self):
        assert Indicator.objects.current().count() >= 20
        assert Target.objects.filter(source="").count() == 0 < Target.objects.count()
        assert Population.objects.filter(source="").count() == 0
        assert Population.objects.filter(place__kind="province").values("place").distinct().count() == 34
        known = set(Indicator.objects.values_list("key", flat=True))
        assert set(Target.objects.values_list("indicator", flat=True)) <= known

    def test_communes_add_up_to_their_province(self):
        """Within 0.01 % where every commune is known, and never to more."""
        held = Population.objects.filter(on="2025-06-12")
        for province in Place.objects.provinces():
            parts = held.filter(place__parent=province)
            gap = held.get(place=province).count - sum(parts.values_list("count", flat=True))
            least = held.get(place=province).count / 10_000
            assert gap > -least and (not parts or parts.count() < province.children.count() or gap < least), province

    def test_all_of_them_can_be_computed(self):
        nation = queries.national_unit()
        sheet = queries.figures(indicators=queries.current_indicators(), units=[nation], periods=["2026-10", "2026"])
        assert len(sheet) == 2 * Indicator.objects.current().count()
        share = sheet["learners-share", nation.pk, "2026-10"]
        assert share.value == 0 and share.denominator > 100_000_000

    def test_loading_again_changes_nothing_that_people_changed(self, db):
        Target.objects.update(value=1)
        Population.objects.update(count=2)
        Indicator.objects.filter(key="learners").update(title="Sửa")
        services.load_reference(settings.REFERENCE_DATA)
        assert set(Target.objects.values_list("value", flat=True)) == {1}
        assert set(Population.objects.values_list("count", flat=True)) == {2}
        assert Indicator.objects.get(key="learners").title == "Sửa"

    def test_units_of_measure_come_in_english_too_also_where_they_were_loaded_before(self):
        words = Indicator.objects.exclude(measured_in__in=["", "%"])
        assert not words.filter(measured_in_en="").exists()
        Indicator.objects.filter(key="learners").update(measured_in_en="")
        Indicator.objects.filter(key="lessons-done").update(measured_in="bài", measured_in_en="")
        services.load_reference(settings.REFERENCE_DATA)
        assert Indicator.objects.get(key="learners").measured_in_en == "people"
        assert Indicator.objects.get(key="lessons-done").measured_in_en == ""  # typed by people: as typed

    def test_nor_does_it_bring_back_what_they_removed(self, db):
        operator = Person.objects.create(name="Người vận hành")
        roles.grant(person=operator, role=Role.OPERATOR, unit=queries.national_unit(), by=None)
        target, population = Target.objects.first(), Population.objects.first()
        services.remove_target(target=target, by=operator)
        services.remove_population(population=population, by=operator)
        before = Target.objects.count(), Population.objects.count()
        services.load_reference(settings.REFERENCE_DATA)
        assert (Target.objects.count(), Population.objects.count()) == before
