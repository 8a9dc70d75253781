"""From a tape and its labels to a judgement in one call, and what a tape shows without running detectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.census import Census
from tapewarden.evaluation.coverage import Coverage, coverage_of
from tapewarden.evaluation.matching import GRACE, Judgement, judge
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.replay import Replay
from tapewarden.tape.reader import TapeReader

Watch = Callable[[Iterator[EventBatch]], Iterator[EventBatch]]


def judge_tape(
    tape: TapeReader,
    episodes: Sequence[Episode],
    detectors: Sequence[Detector],
    *,
    configuration: Configuration | None = None,
    grace: int = GRACE,
) -> Judgement:
    """Replay a tape and hold what the detectors say of it against its episodes.

    ``report`` turns judgements of one or several tapes into figures.

    Args:
        tape: Read once.
        episodes: The labels of that tape.
        detectors: All that are to be judged.
        configuration: Which of them run, and how; all of them with their defaults if not given.
        grace: How long after its end an episode may still be caught, ns.
    """
    signals, coverage = watched(tape, detectors, configuration)
    return judge(signals, episodes, detectors, coverage, grace)


def watched(
    tape: TapeReader,
    detectors: Sequence[Detector],
    configuration: Configuration | None = None,
) -> tuple[tuple[Signal, ...], Coverage]:
    """What the detectors say of a tape, and what it let them see."""
    census = Census(tape.directory)
    run = Replay(tape, configuration or Configuration(detectors=tuple(detectors)), watch=census.watching)
    signals = tuple(run)
    return signals, coverage_of(tape, run.summary(), detectors, census)


def survey(tape: TapeReader, detectors: Sequence[Detector], watch: Watch = iter) -> Coverage:
    """What a tape lets the detectors see; runs only those that tell when they are ready, with their defaults.

    Batches pass through ``watch``.
    """
    census = Census(tape.directory)
    telling = Configuration(detectors=tuple(one for one in detectors if one.ready is not None))
    run = Replay(tape, telling, watch=lambda batches: census.watching(watch(batches)))
    for _ in run:  # what they say is not asked for
        pass
    return coverage_of(tape, run.summary(), detectors, census)
