"""Recall in a recorded market: one scenario injected at a time, at each severity, many times over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from tapewarden.engine.contract import Detector
from tapewarden.evaluation.injection.injecting import Recording, inject
from tapewarden.evaluation.judging import judge_tape
from tapewarden.evaluation.matching import Judgement
from tapewarden.evaluation.tables import NONE, Table
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


def trade_table(judgements: Iterable[Judgement]) -> Table:
    """Trades per episode, the median, by scenario and severity: a thin market lets little happen."""
    counts: dict[str, dict[float, list[int]]] = {}
    for judgement in judgements:
        for outcome in judgement.outcomes:
            episode = outcome.episode
            by_severity = counts.setdefault(episode.scenario, {})
            by_severity.setdefault(round(episode.severity, 1), []).append(len(episode.trades))
    severities = sorted({severity for found in counts.values() for severity in found})
    return Table(
        "Trades per episode",
        ("scenario", *(f"{severity:g}" for severity in severities)),
        tuple(
            (name, *(f"{median(found[one]):g}" if one in found else NONE for one in severities))
            for name, found in sorted(counts.items())
        ),
    )
