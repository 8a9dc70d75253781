"""The published figures: what detectors catch on simulated markets, over density, severity and twins.

Seeds from ``FIRST_SEED`` on are used for nothing else: rules are tuned on smaller ones, and with other
ranges of the scenarios' knobs (``Ranges.TUNING``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import built_in_detectors, find_detectors
from tapewarden.evaluation.matching import Judgement
from tapewarden.evaluation.report import Report, report
from tapewarden.evaluation.simulated import judge_simulation
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.selection import configured
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios
from tapewarden.simulator.scenarios.scenario import Ranges, Scenario
from tapewarden.simulator.staging import Casting

FIRST_SEED: Final = 10_000
INSTRUMENTS: Final = 15
ACCOUNTS: Final = 2_000
MINUTES: Final = 30.0
SEVERITY: Final = 0.5

FAST: Final = ("spoofing", "layering", "quote-stuffing", "self-match", "same-owner")
"""Schemes that show within minutes, so that they can be judged at any density."""


@dataclass(frozen=True, slots=True)
class Density:
    """Orders per second over all instruments; on how many markets, and how many episodes of a scheme on each.

    On a market of few orders few can misbehave without being most of it.
    """

    rate: float
    markets: int
    copies: int


DENSITIES: Final = (
    Density(3, 24, 2),
    Density(16, 40, 2),
    Density(75, 20, 4),
    Density(250, 13, 6),
    Density(1_000, 8, 10),
    Density(4_000, 5, 16),
)
"""About eighty episodes of each scheme at each: intervals of ± 0.05 where nine in ten are caught."""

SEVERITIES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
POWER: Final = Density(75, 30, 1)
"""Each scheme once on a market: two who move one price do not show what either would."""

CROWD: Final = 10  # of each twin, ten times as many as beside the schemes
CROWDED: Final = Density(75, 6, CROWD)

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """The report of some markets: at so many orders per second, at this severity."""

    rate: float
    severity: float
    markets: int
    report: Report


def short_windows(detectors: Sequence[Detector]) -> Configuration:
    """These detectors, the slow ones with windows that fit into ``MINUTES``: ``short_windows.toml``."""
    path = Path(str(files("tapewarden.evaluation") / "short_windows.toml"))
    return replace(configured(built_in_detectors(), path), detectors=tuple(detectors))


def all_cores() -> Executor:
    """Processes for all figures: each takes seconds to start."""
    return ProcessPoolExecutor(mp_context=get_context("spawn"))


def density_sweep(detectors: Sequence[Detector], told: Told, cores: Executor) -> Iterator[Figures]:
    """The fast schemes and all twins, at every density."""
    for density in DENSITIES:
        castings = [*_copies(FAST, SEVERITY, density.copies), *_copies(_twins(), SEVERITY, 1)]
        yield _figures(detectors, density, SEVERITY, castings, told, cores)


def power_curves(detectors: Sequence[Detector], told: Told, cores: Executor) -> Iterator[Figures]:
    """All schemes and all twins, at growing severity, with slow rules shortened."""
    for severity in SEVERITIES:
        castings = [*_copies(_schemes(), severity, POWER.copies), *_copies(_twins(), severity, 1)]
        yield _figures(detectors, POWER, severity, castings, told, cores, shortened=True)


def crowd_of_twins(detectors: Sequence[Detector], told: Told, cores: Executor) -> Figures:
    """Nobody but the innocent: each kind of twin ten times as often as elsewhere."""
    castings = _copies(_twins(), SEVERITY, CROWDED.copies)
    return _figures(detectors, CROWDED, SEVERITY, castings, told, cores, shortened=True)


def _figures(
    detectors: Sequence[Detector],
    density: Density,
    severity: float,
    castings: Sequence[Casting],
    told: Told,
    cores: Executor,
    *,
    shortened: bool = False,
) -> Figures:
    """Several markets at the same time; a market's figures do not depend on the others."""
    plans = [
        ProductionPlan(
            market=MarketPlan(
                seed=FIRST_SEED + number, instruments=INSTRUMENTS, accounts=ACCOUNTS, rate=density.rate
            ),
            minutes=MINUTES,
            castings=tuple(castings),
            ranges=Ranges.PUBLISHED,
        )
        for number in range(density.markets)
    ]
    judgements: list[Judgement] = []
    for judgement in cores.map(_judged, plans, repeat(shortened)):
        judgements.append(judgement)
        done = f"market {len(judgements)} of {density.markets}"
        told(f"{density.rate:g} orders/s, severity {severity:g}, {done}")
    return Figures(density.rate, severity, density.markets, report(judgements, detectors))


def _judged(plan: ProductionPlan, shortened: bool) -> Judgement:
    detectors = find_detectors()
    configuration = short_windows(detectors) if shortened else None
    return judge_simulation(plan, detectors, configuration=configuration)[0]


def _schemes() -> list[str]:
    return [name for name, one in all_scenarios().items() if one.twin_of is None]


def _twins() -> list[str]:
    return [name for name, one in all_scenarios().items() if one.twin_of is not None]


def _copies(names: Sequence[str], severity: float, copies: int) -> list[Casting]:
    known: dict[str, Scenario] = dict(all_scenarios())
    return [Casting(known[name], severity) for name in names for _ in range(copies)]
