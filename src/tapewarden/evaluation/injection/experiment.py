"""Recall in a recorded market: one scenario injected at a time, at each severity, many times over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tapewarden.engine.contract import Detector
from tapewarden.evaluation.injection.injecting import Recording, inject
from tapewarden.evaluation.judging import judge_tape
from tapewarden.evaluation.matching import Judgement
from tapewarden.simulator.scenarios.scenario import Scenario
from tapewarden.simulator.staging import Casting


def judge_injections(
    recording: Recording,
    scenarios: Iterable[Scenario],
    severities: Sequence[float],
    seeds: Sequence[int],
    detectors: Sequence[Detector],
) -> Iterator[Judgement]:
    """One tape and its judgement for each scenario, severity and seed. Cost: about half a second each."""
    for scenario in scenarios:
        for severity in severities:
            for seed in seeds:
                tape, episodes = inject(recording, [Casting(scenario, severity)], seed)
                yield judge_tape(tape, episodes, detectors)
