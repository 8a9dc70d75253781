"""Checks that what must not matter does not: batches, restarts, names, dates, sides, units, other people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Final

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import HOUR
from tapewarden.domain.signal import Party, Signal
from tapewarden.engine.chance import uniform
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import quiet
from tapewarden.runtime.conformance.playing import played
from tapewarden.runtime.conformance.transforming import (
    interleaved,
    mirrored,
    renamed,
    scaled,
    shifted,
    with_wide_ticks,
)
from tapewarden.runtime.running import Tape, run_tape, tape_of

LATER: Final = 1000 * HOUR
"""How far tapes are shifted: whole windows of usual lengths, but not whole days."""

_NOISE: Final = quiet("somebody else", "0s clock on ELSE-USD", market="calm", warm=120)
_SINGLE_ROWS: Final = 2000  # at the end of a tape, fed one by one; what was before comes at once
_RESTARTS: Final = 3  # per scenario, at rows that look random and are always the same


def same_twice(detector: Detector) -> Iterator[str]:
    """Whether the same tape brings the same signals again."""
    for scenario, tape, signals in played(detector):
        yield from _differences(scenario.name, signals, run_tape([detector], tape))


def twin(detector: Detector) -> Iterator[str]:
    """Whether ordinary Python says what machine code says."""
    for scenario, tape, signals in played(detector):
        yield from _differences(scenario.name, signals, run_tape([detector], tape, compiled=False))


def splits(detector: Detector) -> Iterator[str]:
    """Whether signals and state depend on how the tape is cut into batches."""
    for scenario, tape, signals in played(detector):
        whole = _engine_after(detector, tape, [tape.batch])[1].snapshot()
        for name, batches in _cuts(tape.batch):
            place = f"{scenario.name}, in batches of {name}"
            cut, engine = _engine_after(detector, tape, batches)
            if engine.snapshot() != whole:
                yield f"{place}: expected the same snapshot bytes"
            yield from _differences(place, signals, [*cut, *engine.finish()])


def _cuts(batch: EventBatch) -> Iterator[tuple[str, Iterator[EventBatch]]]:
    late = max(0, len(batch) - _SINGLE_ROWS)
    yield "1", (part for part in (batch[:late], *batch[late:].split(1)) if len(part))
    yield "1000", batch.split(1000)
    yield "7, 100, 3 and 1000", _uneven(batch)


def _uneven(batch: EventBatch) -> Iterator[EventBatch]:
    start, sizes = 0, (7, 100, 3, 1000)
    for turn in range(len(batch)):
        if start >= len(batch):
            return
        yield batch[start : start + sizes[turn % 4]]
        start += sizes[turn % 4]


def snapshots(detector: Detector) -> Iterator[str]:
    """Whether a successor that restores a snapshot goes on as if nothing had happened."""
    for scenario, tape, signals in played(detector):
        for turn in range(_RESTARTS):
            cut = int(uniform(len(tape.batch), turn) * len(tape.batch))
            before, engine = _engine_after(detector, tape, [tape.batch[:cut]])
            taken = engine.snapshot()
            successor = Engine(tape.directory, [detector])
            successor.restore(taken)
            if successor.snapshot() != taken:
                yield f"{scenario.name}: expected the snapshot of row {cut} to read back as it was written"
            after = [*successor.process(tape.batch[cut:]), *successor.finish()]
            yield from _differences(f"{scenario.name}, restored at row {cut}", signals, before + after)


def _engine_after(
    detector: Detector, tape: Tape, batches: Iterable[EventBatch]
) -> tuple[list[Signal], Engine]:
    """The signals so far, and an engine that may go on."""
    engine = Engine(tape.directory, [detector])
    return [signal for batch in batches for signal in engine.process(batch)], engine


def interleaving(detector: Detector) -> Iterator[str]:
    """Whether another instrument and its accounts matter."""
    noise = tape_of(_NOISE)
    for scenario, tape, signals in played(detector):
        both = interleaved(tape, noise, lambda name: f"other {name}")
        found = run_tape([detector], both)
        ours = [signal for signal in found if not signal.instrument.startswith("other ")]
        yield from _differences(scenario.name, signals, ours)


def renaming(detector: Detector) -> Iterator[str]:
    """Whether names matter."""

    def rename(name: str) -> str:
        return f"new {name}"

    def expected(signal: Signal) -> Signal:
        evidence = signal.evidence
        return dataclasses.replace(
            signal,
            id="",
            actor=" + ".join(rename(name) for name in signal.actor.split(" + ") if name),
            parties=tuple(Party(rename(party.account), party.role) for party in signal.parties),
            evidence=dataclasses.replace(
                evidence,
                orders=tuple(map(rename, evidence.orders)),
                trades=tuple(map(rename, evidence.trades)),
            ),
        )

    for scenario, tape, signals in played(detector):
        found = run_tape([detector], renamed(tape, rename))
        nameless = [dataclasses.replace(signal, id="") for signal in found]
        yield from _differences(scenario.name, list(map(expected, signals)), nameless)


def shifting(detector: Detector) -> Iterator[str]:
    """Whether the date matters."""
    for scenario, tape, signals in played(detector):
        found = [_moved(signal, -LATER) for signal in run_tape([detector], shifted(tape, LATER))]
        yield from _differences(scenario.name, [_moved(signal, 0) for signal in signals], found)


def _moved(signal: Signal, nanoseconds: int) -> Signal:
    start, end = signal.start_ns + nanoseconds, signal.end_ns + nanoseconds
    return dataclasses.replace(signal, id="", start_ns=start, end_ns=end)


def mirroring(detector: Detector) -> Iterator[str]:
    """Whether it matters which side is which."""
    for scenario, tape, _ in played(detector):
        wide = with_wide_ticks(tape)
        before, after = run_tape([detector], wide), run_tape([detector], mirrored(wide))
        yield from _differences(scenario.name, _essence(before), _essence(after))


def scaling(detector: Detector) -> Iterator[str]:
    """Whether it matters in what unit sizes are."""
    for scenario, tape, signals in played(detector):
        yield from _differences(
            scenario.name, _essence(signals), _essence(run_tape([detector], scaled(tape, 2)))
        )


def _essence(signals: list[Signal]) -> list[Signal]:
    """Signals without what names a side, a price or a size: text and measured values."""
    return [
        dataclasses.replace(
            signal,
            text="",
            reasons=tuple(dataclasses.replace(reason, value=0.0, threshold=0.0) for reason in signal.reasons),
        )
        for signal in signals
    ]


def _differences(place: str, expected: list[Signal], received: list[Signal]) -> Iterator[str]:
    """Where two lists of signals first differ, in any order within them."""
    if len(expected) != len(received):
        yield f"{place}: expected {len(expected)} signals, received {len(received)}"
        return
    lines = sorted(signal.to_json() for signal in expected)
    others = sorted(signal.to_json() for signal in received)
    for line, other in zip(lines, others, strict=True):
        if line != other:
            yield f"{place}: expected {line}, received {other}"
            return
