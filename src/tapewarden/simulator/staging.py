"""Putting scenarios on a market: who acts where and when, and the truth about it afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode, Role
from tapewarden.domain.kinds import MINUTE, EventKind, LinkKind
from tapewarden.simulator.exchange.doors import tell
from tapewarden.simulator.members.desk import Desk, ExchangeDesk
from tapewarden.simulator.members.script import Performance
from tapewarden.simulator.plan import Listing
from tapewarden.simulator.scenarios.scenario import Ranges, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.simulation import Simulation
from tapewarden.simulator.windows import ReferenceWindows

QUIET_START: Final = 0.1  # of the tape: nothing is staged before the market has found itself
_CERTAIN: Final = 1_000_000  # confidence of a link, millionths


@dataclass(frozen=True, slots=True)
class Casting:
    """A scenario to put on, how strongly, and where and when (ns) if that is not left to chance.

    ``seed`` is that of its own chance; without one it is the production's. ``duration`` is how long it may
    take, ns: it ends as it would at the end of the tape.
    """

    scenario: Scenario
    severity: float
    instrument: int | None = None
    start: int | None = None
    seed: int | None = None
    duration: int | None = None


class Staged(NamedTuple):
    """A scenario that was put on: what was asked for, on which instruments it is performed, and since when.

    ``number`` counts from 0; ``since`` is event time, ns.
    """

    number: int
    casting: Casting
    listings: tuple[Listing, ...]
    since: int
    stage: Stage
    performance: Performance

    @property
    def is_over(self) -> bool:
        """Whether its script has come to its end."""
        return self.performance.is_over

    def episode(self) -> Episode | None:
        """What was done, as far as it was; ``None`` if nothing. A cycle that is going on ends with asking."""
        listed = [one.instrument for one in self.listings]
        return self.stage.episode([one.name for one in listed], listed[0].venue)


class Production:
    """A market on which scenarios are performed. Run it, then ask for the episodes.

    Names of accounts tell nothing of their part. Equal arguments, and equal castings put on at equal times,
    give equal events and labels, however its run is cut into pieces.
    """

    def __init__(
        self,
        simulation: Simulation,
        castings: Sequence[Casting],
        until: int,
        *,
        seed: int,
        ranges: Ranges = Ranges.PUBLISHED,
    ) -> None:
        self.simulation = simulation
        self.until = until
        self._seed = seed
        self._ranges = ranges
        self.staged: list[Staged] = []
        self._chance = np.random.default_rng([seed, 7])
        self._names = iter(self._chance.permutation(np.arange(10_000, 99_999)).tolist())
        for casting in castings:
            self.put_on(casting)

    def run(self) -> Iterator[EventBatch]:
        """What happens on the market, to the end, in tape order."""
        return self.advance(self.until)

    def advance(self, until: int) -> Iterator[EventBatch]:
        """What happens on the market before ``until`` (ns), or its end, in tape order."""
        until = min(until, self.until)
        start, plan = self.simulation.now, self.simulation.plan
        openings = [(at, one) for one in plan.windows for at in one.openings(start, until)]
        for at, windows in sorted(openings, key=lambda one: one[0]):
            yield from self._run(at)
            self._open(windows)
        yield from self._run(until)

    def _run(self, until: int) -> Iterator[EventBatch]:
        while self.simulation.now < until:
            yield from self.simulation.run(min(self.simulation.now + MINUTE, until))

    def _open(self, windows: ReferenceWindows) -> None:
        """The venue says that a reference window has opened."""
        kind, instrument = int(EventKind.WINDOW), -1 if windows.instrument is None else windows.instrument
        world = self.simulation.world
        tell(world, kind, instrument, -1, -1, int(windows.kind), 0, -1, windows.length, 0)

    def _windows(self, instrument: int) -> list[tuple[int, int]]:
        """When windows of an instrument open and close."""
        start = self.simulation.now
        return sorted(
            (at, at + windows.length)
            for windows in self.simulation.plan.windows
            if windows.concerns(instrument)
            for at in windows.openings(start, self.until)
        )

    def episodes(self) -> list[Episode]:
        """What was done, as far as it was."""
        labels = [one.episode() for one in self.staged]
        return sorted(filter(None, labels), key=lambda one: (one.start_ns, one.episode_id))

    def gains(self) -> dict[str, float]:
        """What each episode has brought its cast so far in the quote currency, by id, without fees.

        Gains of victims do not count.
        """
        labels = [(one.stage, one.episode()) for one in self.staged]
        return {
            episode.episode_id: sum(
                desk.gain
                for desks, role in zip(stage.desks, stage.scenario.accounts, strict=True)
                if role != Role.VICTIM
                for desk in desks
            )
            for stage, episode in labels
            if episode is not None
        }

    def put_on(self, casting: Casting) -> Staged:
        """Bring a scenario's cast to the market, as it is now; call before or between runs of it.

        Raises:
            ValueError: The market lacks the instruments that the scenario needs.
        """
        scenario, number = casting.scenario, len(self.staged)
        seed = self._seed if casting.seed is None else casting.seed
        chance = np.random.default_rng([seed, 8, number])
        legs = self._legs(scenario, casting.instrument, chance)
        desks = self._desks(scenario, legs)
        stage = Stage(
            scenario=scenario,
            severity=casting.severity,
            seed=seed,
            number=number,
            desks=desks,
            chance=chance,
            knobs={
                name: knob.at(casting.severity, chance, self._ranges) for name, knob in scenario.knobs.items()
            },
            until=self.until,
            windows=self._windows(legs[0]),
        )
        self._tell_insight(scenario, stage)
        start = casting.start if casting.start is not None else self._start(scenario, chance)
        if casting.duration is not None:
            stage.until = min(self.until, start + casting.duration)
        every = [desk for several in desks for desk in several]
        performance = Performance(every, scenario.script(stage), start)
        listed = tuple(self.simulation.listings[leg] for leg in legs)
        staged = Staged(number, casting, listed, self.simulation.now, stage, performance)
        self.staged.append(staged)
        return staged

    def _legs(
        self, scenario: Scenario, instrument: int | None, chance: np.random.Generator
    ) -> tuple[int, ...]:
        """The instruments of a performance; two legs are two instruments of one asset."""
        listings = self.simulation.listings
        if scenario.legs == 1:
            return (int(chance.integers(len(listings))) if instrument is None else instrument,)
        pairs = [
            (first, second)
            for first, one in enumerate(listings)
            for second, two in enumerate(listings)
            if first != second and one.asset == two.asset and one.spot is None
        ]
        if not pairs:
            raise ValueError(f"{scenario.name}: expected two instruments of one asset, received none")
        return pairs[int(chance.integers(len(pairs)))]

    def _desks(self, scenario: Scenario, legs: tuple[int, ...]) -> list[list[Desk]]:
        owner = f"owner-{next(self._names)}" if scenario.owners else None
        desks: list[list[Desk]] = []
        for _ in scenario.accounts:
            name = f"account-{next(self._names)}"
            desks.append(
                [
                    ExchangeDesk(self.simulation, name, leg, owner=owner, latency=scenario.latency)
                    for leg in legs
                ]
            )
        if owner is not None:
            self._link(desks)
        return desks

    def _link(self, desks: Sequence[Sequence[Desk]]) -> None:
        """The venue knows that these accounts have one owner."""
        directory = self.simulation.directory
        first, *others = (directory.account_number(several[0].name) for several in desks)
        for number in others:
            kind, reason = int(EventKind.LINK), int(LinkKind.SAME_OWNER)
            tell(self.simulation.world, kind, -1, first, number, reason, 0, -1, _CERTAIN, 0)

    def _tell_insight(self, scenario: Scenario, stage: Stage) -> None:
        """The venue knows whose orders the first account can see, and how."""
        if not scenario.insight:
            return
        reason = int(scenario.insight[int(stage.chance.integers(len(scenario.insight)))])
        world, directory = self.simulation.world, self.simulation.directory
        insider = directory.account_number(stage.desk.name)
        for (desk, *_), role in zip(stage.desks, scenario.accounts, strict=True):
            if role == Role.VICTIM:
                number = directory.account_number(desk.name)
                tell(world, int(EventKind.LINK), -1, insider, number, reason, 0, -1, _CERTAIN, 0)

    def _start(self, scenario: Scenario, chance: np.random.Generator) -> int:
        """Late enough for the market to be itself, early enough for the scenario to come to its end."""
        now = self.simulation.now
        length = self.until - now
        earliest = now + int(QUIET_START * length)
        latest = max(self.until - scenario.length, earliest + 1)
        return int(chance.integers(earliest, latest))
