"""Manipulators in the recorded book of Bitstamp: the brazen ones are caught, and nobody else is named."""

from pathlib import Path

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import Flag
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.accounts import WithAccounts
from tapewarden.evaluation.injection.injecting import Recording, inject
from tapewarden.evaluation.judging import judge_tape
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.staging import Casting
from tools.evaluate import RECORDINGS, import_recording


@pytest.fixture(scope="module")
def recording(shared_data: Path) -> Recording:
    bitstamp = RECORDINGS[0]
    return Recording(WithAccounts(import_recording(bitstamp, sorted(shared_data.glob(bitstamp.path)))))


@pytest.mark.parametrize("name", ["quote-stuffing", "self-match", "same-owner"])
def test_a_brazen_manipulator_is_caught_in_a_recorded_market(recording: Recording, name: str) -> None:
    tape, episodes = inject(recording, [Casting(find_scenario(name), 1.0)], seed=1)
    judgement = judge_tape(tape, episodes, built_in_detectors())
    (outcome,) = judgement.outcomes
    assert outcome.owing
    assert outcome.owing <= outcome.catches.keys()
    assert all(verdict.right for verdict in judgement.verdicts)


def test_the_recorded_events_are_all_there(recording: Recording) -> None:
    tape, _ = inject(recording, [Casting(find_scenario("spoofing"), 0.5)], seed=1)
    events = EventBatch.concatenate(list(tape.batches()))
    recorded = events[events.flags & Flag.SIMULATED == 0]
    assert len(events) > len(recorded)
    for name, column in recording.batch.columns():
        assert np.array_equal(getattr(recorded, name), column), name
