"""Injecting scenarios of the simulator into a recorded tape: the tape with them in it, and the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tapewarden.domain.batch import COLUMN_DEFAULTS, COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.episode import Episode
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import Tier
from tapewarden.evaluation.injection.book import rows_of
from tapewarden.evaluation.injection.desk import Agenda, InjectedDesk
from tapewarden.evaluation.injection.venue import InjectedRow, Venue
from tapewarden.runtime.memory_tapes import MemoryTape
from tapewarden.simulator.members.script import Performance
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.staging import Casting
from tapewarden.tape.header import Provenance
from tapewarden.tape.reader import TapeReader

QUIET_START: Final = 0.2
"""Part of the recording before anything is injected: its book is not whole yet, its baselines are cold."""

_FOLLOWED: Final = ("source", "epoch", "sequence")


class Recording:
    """A tape of orders in memory, to inject into as often as wanted.

    ``ConfigurationError`` if it does not show every order and its account: without accounts nobody could be
    named.
    """

    def __init__(self, tape: TapeReader) -> None:
        tier = tape.header.tier
        if tier is None or tier < Tier.T3:
            told = "none" if tier is None else tier.name
            raise ConfigurationError(f"{tape.source}: expected a tape of tier T3 or better, received {told}")
        self.tape = tape
        self.batch = EventBatch.concatenate(list(tape.batches()))
        self.rows = rows_of(self.batch)
        if not self.rows:
            raise ConfigurationError(f"{tape.source}: expected a tape with events, received an empty one")

    @property
    def span(self) -> tuple[int, int]:
        """First and last event time, ns."""
        times = self.batch.ts_event[self.batch.ts_event >= 0]
        return int(times.min()), int(times.max())


def inject(
    recording: Recording,
    castings: Sequence[Casting],
    seed: int,
    *,
    ranges: Ranges = Ranges.PUBLISHED,
) -> tuple[MemoryTape, list[Episode]]:
    """The recording with scenarios performed in it, and what was done.

    They all act on one instrument, the first one unless the castings say otherwise, and begin at times drawn
    from the seed where those do not say. Equal arguments give equal events and labels. An episode in which
    nothing could be done has no label. Cost: some microseconds per recorded event.
    """
    chosen = {casting.instrument or 0 for casting in castings} or {0}
    if len(chosen) > 1:
        raise ConfigurationError("injection: expected all scenarios on one instrument, received several")
    tape = recording.tape
    directory = tape.header.directory(tape.source)
    directory.order_names = tape.directory.order_names
    cast = _Cast(recording, directory, chosen.pop(), seed, ranges)
    for number, casting in enumerate(castings):
        cast.put_on(number, casting)
    cast.perform()
    provenance = Provenance(
        origin=tape.header.provenance.origin,
        parameters={
            **tape.header.provenance.parameters,
            "injected": ", ".join(f"{one.scenario.name}@{one.severity:g}" for one in castings),
            "injection seed": str(seed),
        },
    )
    source = f"{tape.source}, injected, seed {seed}"
    batch = with_rows(recording.batch, cast.venue.rows)
    return MemoryTape(source, batch, directory, tier=tape.header.tier, provenance=provenance), cast.episodes()


def with_rows(batch: EventBatch, injected: Sequence[InjectedRow]) -> EventBatch:
    """The events with others behind some of them; the new ones share source and sequence of those before."""
    if not injected:
        return batch
    behind = np.array([one.behind for one in injected])
    columns = {
        name: np.array([one.columns.get(name, default) for one in injected], COLUMN_TYPES[name])
        for name, default in COLUMN_DEFAULTS.items()
    }
    for name in _FOLLOWED:
        columns[name] = getattr(batch, name)[np.maximum(behind - 1, 0)]
    return EventBatch(**{name: np.insert(column, behind, columns[name]) for name, column in batch.columns()})


class _Cast:
    """Those who act on one recorded market."""

    def __init__(
        self, recording: Recording, directory: Directory, instrument: int, seed: int, ranges: Ranges
    ) -> None:
        self.venue = Venue(instrument)
        self._recording = recording
        self._directory = directory
        self._listed = directory.instruments[instrument]
        self._seed = seed
        self._ranges = ranges
        self._agenda = Agenda()
        self._stages: list[Stage] = []
        self._first, self._last = recording.span
        self.venue.now = self._first

    def put_on(self, number: int, casting: Casting) -> None:
        """Let a scenario begin at a time of its own."""
        scenario = casting.scenario
        if scenario.legs != 1:
            raise ConfigurationError(f"{scenario.name}: expected a scenario on one instrument to inject")
        chance = np.random.default_rng([self._seed, number])
        owner = f"injected-owner-{number + 1}" if scenario.owners else None
        names = [f"injected-{number + 1}-{part + 1}" for part in range(len(scenario.accounts))]
        desks = [[self._desk(name, owner, scenario.latency)] for name in names]
        stage = Stage(
            scenario=scenario,
            severity=casting.severity,
            seed=self._seed,
            number=number,
            desks=desks,
            chance=chance,
            knobs={
                name: knob.at(casting.severity, chance, self._ranges) for name, knob in scenario.knobs.items()
            },
            until=self._last,
        )
        earliest = self._first + int(QUIET_START * (self._last - self._first))
        latest = max(self._last - scenario.length, earliest + 1)
        drawn = int(chance.integers(earliest, latest))
        start = drawn if casting.start is None else casting.start
        self._stages.append(stage)
        Performance([desk for several in desks for desk in several], scenario.script(stage), start)

    def perform(self) -> None:
        """Let the recorded market pass, and everybody act in between."""
        venue = self.venue
        for row in self._recording.rows:
            self._act_until(max(row.ts_event, venue.now))
            venue.tell(row)
        self._act_until(self._last)

    def episodes(self) -> list[Episode]:
        """What was done, as far as it was, in order of time."""
        listed = self._listed
        told = [stage.episode([listed.name], listed.venue) for stage in self._stages]
        return sorted((one for one in told if one), key=lambda one: (one.start_ns, one.episode_id))

    def _act_until(self, time: int) -> None:
        while (due := self._agenda.next_before(time)) is not None:
            moment, deed = due
            self.venue.now = max(self.venue.now, moment)
            deed()
        self.venue.now = max(self.venue.now, time)

    def _desk(self, name: str, owner: str | None, latency: int) -> InjectedDesk:
        account = self._directory.add_account(name, owner)
        return InjectedDesk(self.venue, self._agenda, self._listed, name, account, latency)
