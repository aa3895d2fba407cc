"""The arithmetic of tests."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assess import rules

difficulties = st.floats(-3, 4)
responses = st.lists(st.tuples(difficulties, st.booleans()), min_size=1, max_size=25)


def slow_eap(pairs):
    """The same integral by brute force on a much finer grid, as an independent check."""
    grid = [-6 + 18 * i / 20000 for i in range(20001)]
    weights = []
    for theta in grid:
        density = math.exp(-theta * theta / (2 * rules.PRIOR_SD**2))
        for difficulty, right in pairs:
            p = 1 / (1 + math.exp(difficulty - theta))
            density *= p if right else 1 - p
        weights.append(density)
    mass = sum(weights)
    mean = sum(t * w for t, w in zip(grid, weights, strict=True)) / mass
    return mean, math.sqrt(sum((t - mean) ** 2 * w for t, w in zip(grid, weights, strict=True)) / mass)


def test_ability_agrees_with_an_independent_integration():
    for pairs in (
        [(0, True)] * 8,
        [(0, True), (1, False), (-1, True)],
        [(2.5, False)] * 5,
        [(n / 4, n % 3 > 0) for n in range(20)],
    ):
        estimate = rules.ability(pairs)
        mean, sd = slow_eap(pairs)
        assert abs(estimate.theta - mean) < 0.005 and abs(estimate.se - sd) < 0.005


@given(responses, difficulties)
def test_a_right_answer_never_lowers_ability_and_a_wrong_one_never_raises_it(pairs, difficulty):
    now = rules.ability(pairs).theta
    assert rules.ability([*pairs, (difficulty, True)]).theta >= now - 1e-9
    assert rules.ability([*pairs, (difficulty, False)]).theta <= now + 1e-9


def test_passing_needs_about_four_in_five_and_never_a_coin():
    def passes(right):
        return rules.ability([(0.0, n < right) for n in range(20)]).lower >= rules.cut_score(1)

    assert passes(20) and passes(17)
    assert not passes(14) and not passes(10)


bank = st.lists(
    st.builds(
        rules.BankItem,
        id=st.uuids().map(str),
        outcome=st.sampled_from("ABCD"),
        difficulty=difficulties,
        exposure=st.integers(0, 9),
    ),
    min_size=5,
    max_size=60,
    unique_by=lambda i: i.id,
)


@given(bank, st.integers(0, 10**9))
def test_a_form_has_no_item_twice_and_covers_outcomes_evenly(items, seed):
    drawn = rules.assemble_form(items, seed=seed)
    assert len(drawn) == min(rules.QUESTIONS, len(items)) == len({i.id for i in drawn})
    available = {o: sum(i.outcome == o for i in items) for o in "ABCD"}
    taken = {o: sum(i.outcome == o for i in drawn) for o in "ABCD"}
    unfinished = [taken[o] for o in "ABCD" if taken[o] < available[o]]
    if unfinished:
        assert max(taken.values()) <= min(unfinished) + 1


@given(bank, st.integers(0, 10**9))
def test_the_same_seed_deals_the_same_form(items, seed):
    assert rules.assemble_form(items, seed=seed) == rules.assemble_form(items, seed=seed)


@given(bank, st.integers(0, 99))
def test_the_least_exposed_items_of_an_outcome_go_first(items, seed):
    drawn = {i.id for i in rules.assemble_form(items, seed=seed)}
    for outcome in "ABCD":
        inside = [i.exposure for i in items if i.outcome == outcome and i.id in drawn]
        outside = [i.exposure for i in items if i.outcome == outcome and i.id not in drawn]
        if inside and outside:
            assert max(inside) <= min(outside)


@given(bank, st.lists(st.booleans(), min_size=20, max_size=20), st.integers(0, 99))
def test_placement_ends_and_never_asks_twice(items, luck, seed):
    asked, given_answers = [], []
    for right in luck:
        now = rules.ability(given_answers) if given_answers else rules.Ability(0, rules.PRIOR_SD)
        item = rules.next_item(items, now=now, asked=asked, seed=seed)
        if item is None:
            break
        assert item.id not in {a.id for a in asked}
        asked.append(item)
        given_answers.append((item.difficulty, right))
    assert len(asked) <= rules.PLACEMENT_MOST


def test_the_starting_tier_follows_what_is_shown():
    able, unable = rules.Ability(5.0, 0.3), rules.Ability(-2.0, 0.3)
    assert rules.starting_tier(unable, [1, 2, 3]) == 1
    assert rules.starting_tier(able, [1, 2, 3]) == 3
    assert rules.starting_tier(rules.Ability(1.0, 0.2), [1, 2, 3]) == 2


def test_marking():
    assert rules.is_right({"right": [0, 2]}, [2, 0])
    assert not rules.is_right({"right": [0, 2]}, [0])
    assert rules.is_right({"sequence": [0, 1, 2]}, [0, 1, 2])
    assert not rules.is_right({"sequence": [0, 1, 2]}, [1, 0, 2])


@pytest.mark.parametrize(
    ("answer", "response", "slip"),
    [
        ({"right": [2]}, [0], ("other", 1)),
        ({"right": [0, 2]}, [0], ("lacking", 1)),
        ({"right": [0]}, [0, 1, 3], ("extra", 2)),
        ({"right": [0, 2]}, [0, 1], ("mixed", 1)),
        ({"sequence": [0, 1, 2, 3]}, [1, 0, 2, 3], ("places", 2)),
    ],
)
def test_a_wrong_answer_is_told_how_it_fails(answer, response, slip):
    assert rules.slip(answer, response) == slip
    assert not rules.is_right(answer, response)


@pytest.mark.parametrize(("right", "asked", "shown"), [(0, 1, False), (1, 2, False), (3, 5, True), (2, 2, True)])
def test_an_outcome_is_shown_by_as_many_right_answers_as_the_cut_asks(right, asked, shown):
    assert rules.is_shown(right, asked) is shown
