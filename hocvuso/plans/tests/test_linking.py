"""Schemes: shares never exceed the whole, sums count nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NotAllowed
from hocvuso.indicators.models import Indicator, Value
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Scheme, SchemeLink, Task
from hocvuso.plans.queries import linking as queries
from hocvuso.plans.rules_linking import Link, by_share, once, over_whole, topmost
from hocvuso.plans.services import linking

TENTH = Decimal("0.1")
values = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6).map(float), min_size=1)
shares = st.integers(1, 10).map(lambda n: n * TENTH)
links = st.lists(
    st.builds(Link, st.sampled_from(["s1", "s2", "s3"]), st.sampled_from("abcdef"), shares),
    unique_by=lambda link: (link.scheme, link.figure),
)


@st.composite
def complete(draw):
    """Figures, each divided completely over three schemes."""
    made = []
    figures = draw(values)
    for figure in figures:
        first = draw(st.integers(0, 10))
        second = draw(st.integers(0, 10 - first))
        parts = zip(("s1", "s2", "s3"), (first, second, 10 - first - second), strict=True)
        made += [Link(scheme, figure, n * TENTH) for scheme, n in parts if n]
    return figures, made


class TestSums:
    @given(complete())
    def test_complete_shares_add_up_to_the_figures(self, world):
        figures, made = world
        assert sum(by_share(figures, made).values()) == pytest.approx(sum(figures.values()))
        assert once(figures, made, {"s1", "s2", "s3"}) == pytest.approx(sum(figures.values()))

    @given(values, links)
    def test_over_several_schemes_a_figure_enters_once(self, figures, made):
        together = once(figures, made, {"s1", "s2", "s3"})
        assert together == pytest.approx(sum(v for f, v in figures.items() if any(x.figure == f for x in made)))
        assert together <= sum(once(figures, made, {s}) for s in ("s1", "s2", "s3")) + 1e-6

    @given(values, links)
    def test_within_a_family_the_parts_never_exceed_the_sum(self, figures, made):
        family = dict.fromkeys(("s1", "s2", "s3"), "f")
        over = {figure for _family, figure in over_whole(made, family)}
        kept = [link for link in made if link.figure not in over]
        assert sum(by_share(figures, kept).values()) <= once(figures, kept, set(family)) + 1e-6

    @given(values, links)
    def test_more_schemes_never_make_the_sum_smaller(self, figures, made):
        assert once(figures, made, {"s1"}) <= once(figures, made, {"s1", "s2"}) + 1e-6

    @given(links)
    def test_schemes_without_a_family_divide_nothing(self, made):
        assert over_whole(made, {}) == {}

    @given(st.sets(st.lists(st.sampled_from("12a"), min_size=1, max_size=4).map(lambda p: ".".join(p) + ".")))
    def test_of_units_in_one_another_only_the_topmost_count(self, paths):
        kept = topmost(paths)
        assert all(sum(path.startswith(top) for top in kept) == 1 for path in paths)
        assert not any(a != b and a.startswith(b) for a in kept for b in kept)


@pytest.fixture
def keeper(cast):
    """Hoa is the ministry's data steward."""
    roles.grant(person=cast.hoa, role=Role.STEWARD, unit=cast.ministry, by=None)
    return cast.hoa


@pytest.fixture
def family(keeper):
    return [
        linking.keep_scheme(key=key, title=key, source="Quyết định", family="chuyen-doi-so", by=keeper)
        for key in ("de-an-a", "de-an-b")
    ]


@pytest.fixture
def task(cast):
    plan = Plan.objects.create(unit=cast.here, title="Kế hoạch", state="in-force")
    return Task.objects.create(plan=plan, title="Mở lớp", lead_unit=cast.school)


def declared(key):
    return Indicator.objects.create(key=key, title=key, kind="declared", period_type="year")


class TestKeeping:
    def test_national_schemes_are_kept_at_the_root(self, cast, keeper):
        with pytest.raises(NotAllowed):
            linking.keep_scheme(key="x", title="X", source="Y", by=cast.lan)
        made = linking.keep_scheme(key="x", title="X", source="Y", by=cast.lan, unit=cast.here)
        with pytest.raises(NotAllowed):
            linking.keep_scheme(key="x", title="X", source="Y", by=cast.xuan, unit=cast.here, scheme=made)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"key": "Có dấu"}, "key"), ({"key": ""}, "key"), ({"title": " "}, "title"), ({"source": ""}, "source")],
    )
    def test_what_is_missing_is_named(self, keeper, changes, field):
        with pytest.raises(linking.Refusal) as refusal:
            linking.keep_scheme(**{"key": "x", "title": "X", "source": "Y", "by": keeper} | changes)
        assert refusal.value.field == field

    def test_a_unit_s_scheme_is_seen_above_and_beneath_but_not_next_door(self, cast, keeper):
        linking.keep_scheme(key="cua-so", title="X", source="Y", by=cast.lan, unit=cast.here)
        roles.grant(person=cast.binh, role=Role.MANAGER, unit=cast.school, by=None)
        seen = [Scheme.objects.visible_to(p).exists() for p in (cast.lan, keeper, cast.binh, cast.xuan, cast.minh)]
        assert seen == [True, True, True, False, False]

    def test_the_starter_schemes_say_where_they_come_from(self, keeper):
        rows = yaml.safe_load((settings.REFERENCE_DATA / "schemes.yaml").read_text("utf-8"))
        assert linking.load_schemes(rows) == linking.load_schemes(rows) == Scheme.objects.count() == 3
        assert not Scheme.objects.filter(source="").exists()


class TestLinking:
    @pytest.mark.parametrize(
        ("typed", "share"), [("0,4", "0.4"), ("0.4", "0.4"), ("40 %", "0.4"), ("40%", "0.4"), ("", "0"), ("1", "1")]
    )
    def test_shares_as_people_write_them(self, typed, share):
        assert linking.read_share(typed) == Decimal(share)

    @pytest.mark.parametrize("typed", ["1,1", "-0,1", "nửa", "120 %", "nan", "inf"])
    def test_what_is_no_share_is_refused(self, typed):
        with pytest.raises(linking.BadShare):
            linking.read_share(typed)

    def test_what_another_has_changed_since_it_was_seen_is_refused_with_what_stands_now(self, family, task, cast):
        a, b = family[:2]
        linking.set_shares(shares={a: Decimal("0.6")}, task=task, by=cast.lan)
        with pytest.raises(linking.ShareOvertaken) as told:
            linking.set_shares(
                shares={b: Decimal("0.2"), a: Decimal("0.3")}, seen={a: Decimal(0)}, task=task, by=cast.lan
            )
        assert told.value.overtaken == {a: Decimal("0.6")}
        assert dict(SchemeLink.objects.values_list("scheme", "share")) == {a.pk: Decimal("0.6")}
        linking.set_shares(shares={a: Decimal("0.3")}, seen={a: Decimal("0.6")}, task=task, by=cast.lan)
        assert SchemeLink.objects.get().share == Decimal("0.3")

    def test_a_family_never_gives_away_more_than_the_whole(self, cast, family, task):
        a, b = family
        linking.set_shares(shares={a: Decimal("0.6"), b: Decimal("0.4")}, task=task, by=cast.lan)
        with pytest.raises(linking.MoreThanWhole):
            linking.set_shares(shares={a: Decimal("0.7")}, task=task, by=cast.lan)
        assert sorted(SchemeLink.objects.values_list("share", flat=True)) == [Decimal("0.4"), Decimal("0.6")]
        linking.set_shares(shares={a: Decimal(0), b: Decimal(1)}, task=task, by=cast.lan)
        assert SchemeLink.objects.get().scheme == b

    def test_different_families_each_have_the_whole(self, cast, family, keeper, task):
        other = linking.keep_scheme(key="khac", title="X", source="Y", by=keeper)
        linking.set_shares(shares={family[0]: Decimal(1), other: Decimal(1)}, task=task, by=cast.lan)

    def test_joining_a_family_is_refused_when_it_would_give_too_much(self, cast, family, keeper, task):
        other = linking.keep_scheme(key="khac", title="X", source="Y", by=keeper)
        linking.set_shares(shares={family[0]: Decimal(1), other: Decimal(1)}, task=task, by=cast.lan)
        with pytest.raises(linking.MoreThanWhole):
            linking.keep_scheme(key="khac", title="X", source="Y", family="chuyen-doi-so", by=keeper, scheme=other)

    def test_only_who_plans_there_links_a_task(self, cast, family, task):
        with pytest.raises(NotAllowed):
            linking.set_shares(shares={family[0]: Decimal(1)}, task=task, by=cast.xuan)
        with pytest.raises(NotAllowed):
            linking.set_shares(shares={family[0]: Decimal(1)}, task=task, by=cast.minh)

    def test_a_neighbour_s_scheme_cannot_be_linked_to(self, cast, task):
        theirs = linking.keep_scheme(key="so-2", title="X", source="Y", by=cast.xuan, unit=cast.next_door)
        with pytest.raises(NotAllowed):
            linking.set_shares(shares={theirs: Decimal(1)}, task=task, by=cast.lan)

    def test_indicators_are_linked_by_who_keeps_the_scheme(self, cast, family, keeper):
        declared("lop-hoc")
        with pytest.raises(NotAllowed):
            linking.set_shares(shares={family[0]: Decimal(1)}, indicator="lop-hoc", by=cast.lan)
        with pytest.raises(linking.NoSuchIndicator):
            linking.set_shares(shares={family[0]: Decimal(1)}, indicator="khong-co", by=keeper)
        linking.set_shares(shares={family[0]: Decimal(1)}, indicator="lop-hoc", by=keeper)
        assert queries.shares_of_indicators(["lop-hoc"]) == {"lop-hoc": {family[0].pk: Decimal(1)}}

    def test_tasks_over_schemes_are_counted_once(self, cast, family, task):
        linking.set_shares(shares={family[0]: Decimal("0.5"), family[1]: Decimal("0.5")}, task=task, by=cast.lan)
        assert queries.tasks_counted(family, Task.objects.all()) == (1, 0)


class TestSumFor:
    @pytest.fixture
    def figures(self, cast, family, keeper):
        for key, value in (("lop-hoc", 100.0), ("nguoi-hoc", 40.0)):
            indicator = Indicator.objects.create(key=key, title=key, kind="declared", period_type="year")
            for unit in (cast.here, cast.next_door):
                Value.objects.create(
                    indicator=indicator, unit=unit, period="2026", value=value, at=datetime(2026, 6, 1, tzinfo=UTC)
                )
        a, b = family
        linking.set_shares(shares={a: Decimal("0.25"), b: Decimal("0.75")}, indicator="lop-hoc", by=keeper)
        linking.set_shares(shares={a: Decimal("0.5")}, indicator="nguoi-hoc", by=keeper)

    def test_together_once_and_each_by_share(self, figures, cast, family):
        made = queries.sum_for(
            schemes=family, indicators=["lop-hoc", "nguoi-hoc"], units=[cast.here, cast.next_door], period="2026"
        )
        assert made.total == 280
        assert made.by_scheme == {"de-an-a": 90, "de-an-b": 150}

    def test_one_scheme_alone(self, figures, cast, family):
        made = queries.sum_for(
            schemes=family[1:], indicators=["lop-hoc", "nguoi-hoc"], units=[cast.here], period="2026"
        )
        assert (made.total, made.by_scheme) == (100, {"de-an-b": 75})

    def test_what_is_missing_adds_nothing(self, figures, cast, family):
        made = queries.sum_for(schemes=family, indicators=["lop-hoc"], units=[cast.here], period="2024")
        assert made.total == 0 and made.figures.get("lop-hoc") is None

    def test_ratios_are_not_added_up(self, figures, cast, family, keeper):
        Indicator.objects.create(
            key="ti-le", title="Tỉ lệ", kind="ratio", definition={"numerator": "lop-hoc", "denominator": "nguoi-hoc"}
        )
        linking.set_shares(shares={family[0]: Decimal(1)}, indicator="ti-le", by=keeper)
        with pytest.raises(queries.DoesNotAddUp):
            queries.sum_for(schemes=family, indicators=["ti-le"], units=[cast.here], period="2026")

    def test_a_scheme_s_part_of_each_indicator(self, figures, cast, family):
        lines = queries.indicator_lines(family[0], unit=cast.here, period="2026", viewer=None)
        assert [(x.indicator.key, x.value, x.part) for x in lines] == [("lop-hoc", 100, 25), ("nguoi-hoc", 40, 20)]
