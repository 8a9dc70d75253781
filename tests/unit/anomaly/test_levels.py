"""Levels that follow the scores: the budget they keep, and what they cannot be made to do."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.features.state import WindowKey
from tapewarden.anomaly.levels import GREATEST_STEP, HIGHEST, LEAST_STEP, LOWEST, Levels, Standing
from tapewarden.compiled.rows import Table
from tests.samples.models import SCOPES, models

CARD = models(chance=0.02).models[SCOPES[0]].card
STEP = CARD.tail.mean_excess
TOP = CARD.threshold + STEP * HIGHEST

Told = list[tuple[int, list[float]]]


def told(highest: float) -> st.SearchStrategy[Told]:
    """Instruments with the scores of windows that ended together, in steps above the threshold."""
    together = st.lists(st.floats(-5.0, highest), min_size=1, max_size=6)
    return st.lists(st.tuples(st.integers(1, 3), together), min_size=1, max_size=40)


def columns(told: Told) -> tuple[Table, npt.NDArray[np.float64]]:
    """Keys and scores of windows, a row each."""
    rows = [(one, start, height) for start, (one, own) in enumerate(told) for height in own]
    instruments, starts, heights = zip(*rows, strict=True)
    return keys_of(instruments, starts), CARD.threshold + STEP * np.array(heights)


def keys_of(instruments: npt.ArrayLike, starts: npt.ArrayLike) -> Table:
    """Keys of windows, a row each."""
    keys = np.zeros(np.shape(starts), WindowKey.dtype)
    keys["instrument"], keys["start"] = instruments, starts
    return keys


def alone(levels: Levels, scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The levels that windows of one instrument meet that end one after the other."""
    known = np.asarray(scores, np.float64)
    return levels.meet(keys_of(1, np.arange(len(known))), known).levels


def met_one_by_one(told: Told) -> list[list[float]]:
    """Which levels windows meet, as the module's head says it."""
    raised, seen, met = dict.fromkeys((1, 2, 3), 0.0), dict.fromkeys((1, 2, 3), 0), []
    for one, heights in told:
        scores = (CARD.threshold + STEP * np.array(heights)).tolist()
        known = CARD.chance * (CARD.calibration_rows + seen[one])
        step, levels = max(GREATEST_STEP / sqrt(1.0 + known), LEAST_STEP), [0.0] * len(scores)
        for place in sorted(range(len(scores)), key=scores.__getitem__, reverse=True):
            levels[place] = CARD.threshold + STEP * raised[one]
            if scores[place] >= levels[place]:
                raised[one] = min(raised[one] + step, HIGHEST)
        raised[one] = max(raised[one] - step * CARD.chance * len(scores), LOWEST)
        seen[one] += len(scores)
        met.append(levels)
    return met


@given(told(10.0))
def test_windows_meet_their_levels_one_by_one_the_most_unusual_of_an_instant_first(told: Told) -> None:
    keys, scores = columns(told)
    expected = [level for levels in met_one_by_one(told) for level in levels]
    met = Levels(CARD).meet(keys, scores)
    assert met.levels.tolist() == expected
    assert met.alerts == (scores >= expected).sum()


def test_there_is_room_for_any_number_of_instruments() -> None:
    levels = Levels(CARD)
    levels.meet(keys_of(1, [0]), np.array([TOP]))
    levels.meet(keys_of(1_000, [0]), np.array([TOP]))
    levels.put(5_000, levels.standing(1))
    assert levels.standing(1) == levels.standing(1_000) == levels.standing(5_000) != Standing()
    assert levels.standing(2) == levels.standing(100_000) == Standing()


@given(told(HIGHEST - GREATEST_STEP))
def test_alerts_beyond_the_budget_are_few_whatever_the_scores_do(told: Told) -> None:
    levels, beyond, stood = Levels(CARD), dict.fromkeys((1, 2, 3), 0.0), {1: [0.0], 2: [0.0], 3: [0.0]}
    for one, heights in told:
        keys, scores = columns([(one, heights)])
        alerts = scores >= levels.meet(keys, scores).levels
        beyond[one] += alerts.sum() - CARD.chance * len(alerts)
        stood[one].append(levels.standing(one).raised)
    for one, found in beyond.items():
        assert found <= (max(stood[one]) - min(stood[one])) / LEAST_STEP + 1e-9


@given(told(10.0))
def test_no_level_leaves_its_bounds(told: Told) -> None:
    levels, (keys, scores) = Levels(CARD), columns(told)
    met = (levels.meet(keys, scores).levels - CARD.threshold) / STEP
    assert (met >= LOWEST - 1e-9).all()
    assert (met <= HIGHEST + 1e-9).all()
    assert all(LOWEST <= levels.standing(one).raised <= HIGHEST for one in (1, 2, 3))


@given(told(10.0), st.data())
def test_however_windows_are_handed_over_and_levels_put_away_they_are_the_same(
    told: Told, data: st.DataObject
) -> None:
    levels, (keys, scores) = Levels(CARD), columns(told)
    whole = levels.meet(keys, scores).levels
    cut = int(np.searchsorted(keys["start"], data.draw(st.integers(0, len(told) - 1))))
    before, after = Levels(CARD), Levels(CARD)
    parts = [before.meet(keys[:cut], scores[:cut]).levels] if cut else []
    for one in (1, 2, 3):
        after.put(one, before.standing(one))
    parts.append(after.meet(keys[cut:], scores[cut:]).levels)
    assert np.concatenate(parts).tolist() == whole.tolist()
    for one in (1, 2, 3):
        own, by_itself = keys["instrument"] == one, Levels(CARD)
        if own.any():
            met = by_itself.meet(keys[own], scores[own]).levels
            assert met.tolist() == whole[own].tolist()


@given(st.lists(st.floats(-5.0, 10.0), min_size=1, max_size=12, unique=True), st.randoms())
def test_of_windows_that_end_together_the_most_unusual_are_alerts_in_whatever_order_they_come(
    heights: list[float], random: Random
) -> None:
    scores = CARD.threshold + STEP * np.array(heights)
    order = np.array(random.sample(range(len(scores)), len(scores)))
    found = []
    for own in (scores, scores[order]):
        levels = Levels(CARD)
        met = levels.meet(keys_of(1, np.zeros(len(own))), own).levels
        alerts = np.sort(own[own >= met])
        assert alerts.tolist() == np.sort(own)[len(own) - len(alerts) :].tolist()
        found.append((alerts.tolist(), levels.standing(1)))
    assert found[0] == found[1]


@given(st.integers(1, 400), st.floats(HIGHEST, 1e6))
def test_who_is_loud_buys_little_silence_and_none_for_what_is_extreme(count: int, loudness: float) -> None:
    levels = Levels(CARD)
    loud = np.full(count, CARD.threshold + STEP * loudness)
    assert (loud >= alone(levels, loud)).all()
    barely = Levels(CARD)
    alone(barely, np.full(count, TOP))
    assert levels.standing(1) == barely.standing(1)  # however loud
    assert alone(levels, [TOP])[0] <= TOP
    # Then six alerts of the budget are missed at most.
    alone(levels, np.full(int(HIGHEST / LEAST_STEP / CARD.chance) + 1, CARD.threshold - 10 * STEP))
    assert levels.standing(1).raised <= 0


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.5])
def test_the_budget_is_kept_where_scores_are_others_than_those_that_were_learned_from(shift: float) -> None:
    excesses = np.random.default_rng(4).exponential(1.0, 20_000) + np.log(CARD.chance)
    scores = CARD.threshold + STEP * (excesses + shift)
    alerts = int((scores >= alone(Levels(CARD), scores)).sum())
    assert alerts == pytest.approx(CARD.chance * len(scores), rel=0.05)
    still = int((scores >= CARD.threshold).sum())
    assert still == pytest.approx(np.exp(shift) * CARD.chance * len(scores), rel=0.2)


def test_what_is_beyond_the_highest_level_exceeds_the_budget() -> None:
    scores = np.full(1_000, TOP + STEP)
    assert (scores >= alone(Levels(CARD), scores)).all()


def test_the_more_windows_a_threshold_was_made_of_the_less_an_alert_moves_the_level() -> None:
    moved = []
    for calibrated in (0, 150, 10_000):
        levels = Levels(replace(CARD, calibration_rows=calibrated))
        alone(levels, [TOP])
        moved.append(levels.standing(1).raised / (1 - CARD.chance))
    assert moved == pytest.approx([GREATEST_STEP, GREATEST_STEP / 2, LEAST_STEP])
