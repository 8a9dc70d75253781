"""From a tape with labels to figures: the scenarios of detectors are tapes whose truth is known."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tapewarden.domain.episode import Episode, Participant, Role
from tapewarden.domain.kinds import Tier
from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.judging import judge_tape, survey
from tapewarden.evaluation.matching import judge
from tapewarden.evaluation.report import report
from tapewarden.runtime.library import replay
from tapewarden.runtime.memory_tapes import MemoryTape, choose_scenario, scenario_tape
from tests.samples.episodes import episode

DETECTORS = built_in_detectors()
SPOOFING: Detector = next(one for one in DETECTORS if one.id == "SPF-01")


@pytest.fixture(scope="module")
def tape() -> MemoryTape:
    return scenario_tape(SPOOFING, choose_scenario(SPOOFING, None))


@pytest.fixture(scope="module")
def labels(tape: MemoryTape) -> list[Episode]:
    counts = tape.counts()
    assert counts.first_ns is not None
    assert counts.last_ns is not None
    (name,) = [one.name for one in tape.directory.instruments]
    (told,) = {one.actor for one in replay(tape, detectors=["SPF-01"])}
    return [
        episode(
            instruments=(name,),
            accounts=(Participant(told, Role.MANIPULATOR),),
            start_ns=counts.first_ns,
            first_harm_ns=counts.first_ns,
            end_ns=counts.last_ns,
        )
    ]


def test_a_scenario_that_fires_is_caught(tape: MemoryTape, labels: Sequence[Episode]) -> None:
    found = report([judge_tape(tape, labels, DETECTORS)], DETECTORS)
    assert (found.tapes, found.episodes, found.events) == (1, 1, tape.counts().events)
    assert (found.overall.recall.hits, found.overall.precision.value) == (1, 1.0)
    (order_book,) = found.baselines
    assert (order_book.average_precision, order_book.wanted) == (1.0, 1)


def test_a_file_of_signals_gives_the_same_judgement_as_the_replay(
    tape: MemoryTape, labels: Sequence[Episode]
) -> None:
    coverage = survey(tape, DETECTORS)
    apart = judge(tuple(replay(tape)), labels, DETECTORS, coverage)
    at_once = judge_tape(tape, labels, DETECTORS)
    assert (apart.verdicts, apart.outcomes) == (at_once.verdicts, at_once.outcomes)
    for name in ("events", "instrument_days", "owners", "blind", "cold"):
        assert getattr(apart.coverage, name) == getattr(at_once.coverage, name)


def test_cold_and_blind_detectors_are_the_same_as_a_replay_says(tape: MemoryTape) -> None:
    summary = replay(tape).summary
    not_evaluated = {one.id for one in summary.detectors if one.not_evaluated is not None}
    assert set(survey(tape, DETECTORS).blind) == not_evaluated
    assert not_evaluated  # the tape is short


def test_on_a_poorer_tape_a_detector_owes_nothing(tape: MemoryTape, labels: Sequence[Episode]) -> None:
    batches = list(tape.stored_batches())
    poor = MemoryTape("poor", batches[0], tape.directory, tier=Tier.T2)
    judgement = judge_tape(poor, labels, DETECTORS)
    assert judgement.coverage.blind["SPF-01"] == "needs T3, tape is T2"
    assert judgement.outcomes[0].owing == frozenset()


def test_a_near_miss_is_a_twin_nobody_falls_for(labels: Sequence[Episode]) -> None:
    quiet = next(one for one in SPOOFING.scenarios if one.count == 0 and "market maker" in one.name)
    tape = scenario_tape(SPOOFING, quiet)
    (label,) = labels
    found = report([judge_tape(tape, [replace(label, benign_twin_of="spoofing")], DETECTORS)], DETECTORS)
    assert (found.twins, found.episodes, found.overall.false_alarms) == (1, 0, 0)
