from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.engine.heaviest import PLACES, lightest, place_of


def test_an_actor_has_a_place_for_each_side() -> None:
    actors, sides = np.zeros(PLACES, np.uint32), np.zeros(PLACES, np.uint32)
    actors[3], actors[5], sides[5] = 7, 7, 1
    assert place_of(actors, sides, 7, 0) == 3
    assert place_of(actors, sides, 7, 1) == 5
    assert place_of(actors, sides, 8, 0) == -1


def test_of_equal_weights_the_first_is_the_lightest() -> None:
    weights = np.full(PLACES, 2.0)
    weights[[4, 9]] = 1.0
    assert lightest(weights) == 4


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=1, max_size=400))
def test_whoever_did_more_than_one_part_of_all_has_a_place(doings: list[tuple[int, int]]) -> None:
    actors, weights, sides = np.zeros(PLACES, np.uint32), np.zeros(PLACES), np.zeros(PLACES, np.uint32)
    for actor, amount in doings:
        place = place_of(actors, sides, actor, 0)
        if place < 0:
            place = lightest(weights)
            actors[place] = actor
        weights[place] += amount
    total = sum(amount for _, amount in doings)
    for actor in range(1, 61):
        if sum(amount for one, amount in doings if one == actor) > total / PLACES:
            assert place_of(actors, sides, actor, 0) >= 0
