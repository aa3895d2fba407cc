"""Indices: points, totals, ranks, bands; against an independent computation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hocvuso.indices import rules
from hocvuso.indices.rules import Definition, band, gains, points, ranks, score


def definition(*criteria, bands=()):
    made = [{"code": f"c{n}", "title": f"C{n}", **c} for n, c in enumerate(criteria)]
    return Definition.model_validate({"criteria": made, "bands": list(bands)})


HALF = {"weight": 50}


class TestDefinition:
    def test_weights_make_a_hundred(self):
        with pytest.raises(ValidationError, match="tổng trọng số"):
            definition(HALF, {"weight": 40})

    def test_codes_are_not_used_twice(self):
        with pytest.raises(ValidationError, match="trùng"):
            definition({**HALF, "code": "a"}, {**HALF, "code": "a"})

    def test_bands_go_down(self):
        with pytest.raises(ValidationError, match="cao xuống thấp"):
            definition({"weight": 100}, bands=[{"title": "B", "least": 50}, {"title": "A", "least": 80}])

    def test_a_step_gives_no_more_than_the_weight(self):
        with pytest.raises(ValidationError, match="lớn hơn weight"):
            definition({"weight": 100, "score": "steps", "steps": [[50, 101]]})


class TestPoints:
    def test_a_share_of_the_full_value(self):
        [c] = definition({"weight": 100, "full": 20}).criteria
        assert [points(c, v) for v in (-1, 0, 5, 20, 30)] == [0, 0, 25, 100, 100]

    def test_less_is_better_when_inverse(self):
        [c] = definition({"weight": 100, "score": "inverse"}).criteria
        assert [points(c, v) for v in (0, 25, 100)] == [100, 75, 0]

    def test_the_highest_step_that_is_reached(self):
        [c] = definition({"weight": 100, "score": "steps", "steps": [[50, 40], [80, 100]]}).criteria
        assert [points(c, v) for v in (49.9, 50, 79, 80)] == [0, 40, 40, 100]

    def test_a_cap_holds(self):
        [c] = definition({"weight": 100, "cap": 60}).criteria
        assert points(c, 100) == 60


class TestMissing:
    def test_missing_is_missing_not_zero(self):
        scored = score(definition(HALF, HALF), {"c0": 100})
        assert scored.total is None and scored.missing == ("c1",)

    def test_zero_where_the_definition_says_zero(self):
        assert score(definition(HALF, {**HALF, "missing": "zero"}), {"c0": 100}).total == 50

    def test_skipped_weight_is_shared_out(self):
        assert score(definition(HALF, {**HALF, "missing": "skip"}), {"c0": 80}).total == 80

    def test_all_skipped_is_no_total(self):
        assert score(definition({"weight": 100, "missing": "skip"}), {}).total is None


class TestRanks:
    def test_ties_share_a_rank_and_the_next_ones_wait(self):
        assert ranks([90, 95, 90, None, 80]) == [2, 1, 2, None, 4]

    @given(st.lists(st.one_of(st.none(), st.integers(0, 20).map(float)), max_size=60))
    def test_a_rank_is_one_more_than_the_number_of_better_ones(self, totals):
        for total, rank in zip(totals, ranks(totals), strict=True):
            expected = None if total is None else 1 + sum(t is not None and t > total for t in totals)
            assert rank == expected


def test_bands_begin_at_their_least():
    made = definition({"weight": 100}, bands=[{"title": "Tốt", "least": 80}, {"title": "Yếu", "least": 0}])
    assert [band(made, t) for t in (80, 79.99, 0, None)] == ["Tốt", "Yếu", "Yếu", ""]


def test_gains_are_what_is_left_largest_first():
    made = definition({"weight": 30}, {"weight": 50, "cap": 40}, {"weight": 20})
    scored = score(made, {"c0": 100, "c1": 20, "c2": 50})
    assert gains(made, scored.parts) == [("c1", 30.0), ("c2", 10.0)]


@given(st.lists(st.floats(0, 100), min_size=4, max_size=4), st.permutations([10, 20, 30, 40]))
def test_totals_match_an_independent_computation(values, weights):
    made = definition(*({"weight": w} for w in weights))
    expected = sum(v * w for v, w in zip(values, weights, strict=True)) / 100
    assert score(made, {f"c{n}": v for n, v in enumerate(values)}).total == pytest.approx(expected, abs=0.006)


units_values = st.dictionaries(
    st.text(min_size=1, max_size=5), st.dictionaries(st.just("a"), st.none() | st.floats(0, 100)), max_size=6
)


@given(units_values, st.randoms())
def test_neither_ranks_nor_the_hash_of_inputs_depend_on_the_order_of_units(values, random):
    definition = rules.Definition.model_validate({"criteria": [{"code": "a", "title": "A", "weight": 100}]})
    codes = list(values)
    random.shuffle(codes)
    shuffled = {code: values[code] for code in codes}

    def ranked(of):
        scored = [rules.score(definition, of[code]) for code in of]
        return dict(zip(of, rules.ranks([one.total for one in scored]), strict=True))

    assert ranked(shuffled) == ranked(values)
    prints = [rules.fingerprint(definition, "2026", "school", one) for one in (values, shuffled)]
    assert prints[0] == prints[1]
