"""Replaying a tape: events in, signals out, and a summary of what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import ordered
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.selection import split_by_tier
from tapewarden.runtime.summary import Summary, blind_seconds, report_detectors, report_instruments
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.schema import GROUP_ROWS
from tapewarden.tape.tally import Tally

Batches = Iterator[EventBatch]


class Replay(Iterator[Signal]):
    """The signals of a tape, one after the other, in tape order and in bounded memory.

    They are the same whatever ``batch_size``, and found as the tape is read: after the last one,
    ``summary`` tells what was seen. ``InputError`` where the tape turns out to be damaged.
    """

    def __init__(
        self,
        tape: TapeReader,
        configuration: Configuration,
        *,
        known: Iterable[Detector] = (),
        batch_size: int = GROUP_ROWS,
        watch: Callable[[Batches], Batches] = iter,
    ) -> None:
        """Prepare to replay ``tape``.

        The summary calls those of the ``known`` detectors disabled that the configuration leaves out.
        Batches pass through ``watch``, to show progress.
        """
        self.tape = tape
        self.configuration = configuration
        self._known = ordered([*known, *configuration.detectors])
        self._running, self._blind = split_by_tier(configuration.detectors, tape.header.tier)
        self._engine = Engine(tape.directory, self._running, configuration.settings)
        self._tally = Tally()
        self._events = np.zeros(len(tape.directory.instruments) + 1, np.int64)
        self._signals = self._run(watch(tape.batches(batch_size)))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Signal:
        return next(self._signals)

    def _run(self, batches: Batches) -> Iterator[Signal]:
        merger = self.configuration.merger(self.tape.directory)
        for batch in batches:
            self._tally.add(batch)
            self._events += np.bincount(batch.instrument + 1, minlength=len(self._events))
            yield from self._engine.process(merger.merge(batch))
        yield from self._engine.finish()

    def summary(self) -> Summary:
        """What was seen so far: all of it once the signals are used up."""
        self._engine.catch_up()  # instruments of which no event came
        counts = self._tally.counts()
        tier = self.tape.header.tier
        return Summary(
            tape=self.tape.source,
            tier=None if tier is None else tier.name,
            events=counts.events,
            kinds=counts.kinds,
            first_ns=counts.first_ns,
            last_ns=counts.last_ns,
            signals=sum(tally.signals for tally in self._engine.tallies.values()),
            instruments=report_instruments(self._engine, self._events[1:].tolist()),
            unplaced=self._engine.ledger.counts(0),
            blind_seconds=blind_seconds(self._engine, 0),
            detectors=report_detectors(self._engine, self._running, self._blind, self._known),
            warnings=tuple(self.configuration.unmatched(self.tape.directory)),
        )
