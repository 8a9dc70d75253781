"""Models that watch: their signals, on a simulated market."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.alerting import DETECTORS, judged_again
from tapewarden.anomaly.collection import ModelCollection, Scope, Subject
from tapewarden.anomaly.observer import ModelObserver
from tapewarden.domain.errors import ModelError, SnapshotError
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family, Severity
from tapewarden.engine.engine import Engine
from tests.samples.markets import small_run
from tests.samples.models import EASY, SCOPES, models, rows


def engine(seed: int = 1) -> Engine:
    return Engine(small_run().simulation.directory, [], observers=[ModelObserver(models(seed), EASY)])


@cache
def straight() -> list[Signal]:
    return engine().process(small_run().tape)


def test_the_budget_is_kept_on_the_market_that_the_models_know() -> None:
    windows = sum(len(one.times) for one in rows().values())
    levels = len(SCOPES) * len(small_run().simulation.directory.instruments)
    assert abs(len(straight()) - 0.01 * windows) <= levels
    assert {one.detector for one in straight()} == set(DETECTORS.values())


def test_a_signal_says_what_the_model_saw_and_can_be_computed_again() -> None:
    scopes = dict(zip(DETECTORS.values(), SCOPES, strict=True))
    for one in straight():
        assert one.anomaly is not None
        model = models().models[scopes[one.detector]]
        values = [np.nan if item.value is None else item.value for item in one.anomaly.features]
        model.check_features([item.name for item in one.anomaly.features])
        assert one.anomaly.level is not None
        assert model.score([values])[0] == one.anomaly.raw_score >= one.anomaly.level
        assert one.anomaly.model == one.parameters == models().id
        assert (one.family, one.severity) == (Family.ANOMALY, Severity.LOW)
        assert one.text.startswith("10 s: unusual is " if one.actor else "1 s: unusual is ")
        assert any(reason.passed for reason in one.reasons)
        rarity = model.card.tail.chance(one.anomaly.raw_score) / model.card.chance
        assert one.score == round(max(0.0, 1 - rarity), 6)
        assert one.anomaly.p_value == model.p_values([one.anomaly.raw_score])[0] < 1
        assert bool(one.actor) == (one.detector == "ANM-01")
        assert judged_again(models(), one) == one
    assert len({one.id for one in straight()}) == len(straight())
    assert len({one.score for one in straight()}) > 2


@settings(max_examples=8)
@given(st.lists(st.integers(1, len(small_run().tape) - 1), max_size=5), st.integers(0, 10**6))
def test_however_the_tape_is_cut_and_stopped_the_signals_are_the_same(cuts: list[int], stop: int) -> None:
    tape, found = small_run().tape, []
    running = engine()
    places = [0, *sorted(cuts), len(tape)]
    for number, (first, last) in enumerate(pairwise(places)):
        found += running.process(tape[first:last])
        if number == stop % len(places):
            saved, running = running.snapshot(), engine()
            running.restore(saved)
    assert sorted(one.to_json() for one in found) == sorted(one.to_json() for one in straight())


def test_the_verdict_is_computed_again_from_the_level_that_a_signal_met() -> None:
    signal = straight()[0]
    assert signal.anomaly is not None
    out_of_reach = replace(signal.anomaly, level=signal.anomaly.raw_score + 1e-9)
    assert judged_again(models(), replace(signal, anomaly=out_of_reach)) is None
    with pytest.raises(ModelError, match="the level that it met expected, received none"):
        judged_again(models(), replace(signal, anomaly=replace(signal.anomaly, level=None)))


def test_levels_follow_and_each_instrument_has_its_own() -> None:
    levels = {one.anomaly.level for one in straight() if one.anomaly is not None}
    assert len(levels) > len(SCOPES)
    run, found = small_run(), []
    for instrument in run.simulation.directory.instruments:
        running = engine()
        found += running.process(running.partition(instrument.name).route(run.tape))
    assert sorted(one.to_json() for one in found) == sorted(one.to_json() for one in straight())


def test_a_state_is_not_taken_up_by_other_models() -> None:
    before = engine()
    before.process(small_run().tape[:5000])
    with pytest.raises(SnapshotError):
        engine(seed=2).restore(before.snapshot())


def test_models_come_out_of_their_bytes_as_they_were() -> None:
    again = ModelCollection.of(models().data)
    assert again.data == models().data
    assert again.id == models().id
    assert again.models.keys() == models().models.keys()


def test_what_are_no_models_or_others_is_refused_in_one_line() -> None:
    data = models().data
    for wrong in (b"", b"x" * 100, data[:-1], data[:200] + bytes([data[200] ^ 1]) + data[201:]):
        with pytest.raises(ModelError, match=r"^old\.model: [^\n]*$"):
            ModelCollection.of(wrong, "old.model")
    account, instrument = (models().models[scope] for scope in SCOPES)
    with pytest.raises(ModelError, match="feature 1"):
        ModelCollection({SCOPES[0]: instrument})
    with pytest.raises(ModelError, match="received account 7 s"):
        ModelCollection({Scope(Subject.ACCOUNT, 7): account})
    with pytest.raises(ModelError, match="at least one"):
        ModelCollection({})
