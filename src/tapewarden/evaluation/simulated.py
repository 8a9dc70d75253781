"""Simulated markets as tapes: read while they happen, judged when they are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import Tier
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.judging import watched
from tapewarden.evaluation.matching import GRACE, Judgement, judge
from tapewarden.runtime.configuration import Configuration
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.staging import Production
from tapewarden.tape.header import Provenance, TapeHeader
from tapewarden.tape.reader import TapeReader


class SimulatedTape(TapeReader):
    """A tape that is made as it is read, in bounded memory; each reading makes the same one."""

    def __init__(self, plan: ProductionPlan) -> None:
        self._plan = plan
        self.production = plan.produce()
        market = plan.market
        name = f"simulation {market.seed}"
        super().__init__(
            name, TapeHeader.of(self.production.simulation.directory, Tier.T4, Provenance(), None)
        )
        self.directory = self.production.simulation.directory
        self._fresh = True

    def stored_batches(self) -> Iterator[EventBatch]:
        """What happens on the market, from its beginning."""
        if not self._fresh:
            self.production = self._plan.produce()
        self._fresh = False
        yield from self.production.run()

    def episodes(self) -> list[Episode]:
        """What was done on the market as last read."""
        return self.production.episodes()


def judge_simulation(
    plan: ProductionPlan,
    detectors: Sequence[Detector],
    *,
    configuration: Configuration | None = None,
    grace: int = GRACE,
) -> tuple[Judgement, Production]:
    """Let a market happen, watched by detectors, and judge them by its own labels."""
    tape = SimulatedTape(plan)
    signals, coverage = watched(tape, detectors, configuration)
    return judge(signals, tape.episodes(), detectors, coverage, grace), tape.production
