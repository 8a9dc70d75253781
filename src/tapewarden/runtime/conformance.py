"""What every detector must pass, built-in or not: checks that return readable failures.

    failures = check_detector(detector)      # name of the check -> what is wrong, empty where all is well

Checks play the detector's own scenarios, as they are and changed in ways that must not matter. Those of an
``Invariant`` are left out for a detector that declares itself exempt from it, with the reason.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import HOUR
from tapewarden.domain.law import regimes
from tapewarden.domain.signal import Party, Signal
from tapewarden.engine.chance import uniform
from tapewarden.engine.contract import Detector, Invariant
from tapewarden.engine.engine import Engine
from tapewarden.engine.parameters import parameters_of
from tapewarden.engine.scenarios import Scenario, quiet
from tapewarden.runtime.mutation import imported, mutants
from tapewarden.runtime.running import Tape, run_scenario, run_tape, tape_of
from tapewarden.runtime.transforming import (
    interleaved,
    mirrored,
    renamed,
    scaled,
    shifted,
    with_wide_ticks,
)

LATER: Final = 1000 * HOUR
"""How far tapes are shifted: whole windows of usual lengths, but not whole days."""

AMBIENT: Final = tuple(
    quiet(f"the {market} market alone", "0s clock", market=market, warm=900)
    for market in ("calm", "busy", "prints")
)
_NOISE: Final = quiet("somebody else", "0s clock on ELSE-USD", market="calm", warm=120)
_SINGLE_ROWS: Final = 2000  # at the end of a tape, fed one by one; what was before comes at once
_RESTARTS: Final = 3  # per scenario, at rows that look random and are always the same
_ID: Final = re.compile(r"[A-Z]{3}-\d{2}")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; ``find`` gives a line for each way in which it does not."""

    name: str
    find: Callable[[Detector], Iterator[str]]
    invariant: Invariant | None = None

    def failures(self, detector: Detector) -> list[str]:
        """What is wrong with a detector; nothing for one that is exempt."""
        if self.invariant is not None and self.invariant.value in detector.exempt:
            return []
        return list(self.find(detector))


def check_detector(detector: Detector) -> dict[str, list[str]]:
    """Every check by its name, with what it found wrong. Takes seconds to a minute."""
    return {check.name: check.failures(detector) for check in CHECKS}


def _metadata(detector: Detector) -> Iterator[str]:
    meta = detector.meta
    if not _ID.fullmatch(meta.id):
        yield f"id: expected three letters, a dash, two digits, received {meta.id!r}"
    for name in ("title", "summary", "false_positives", "blind_spots", "references"):
        if not getattr(meta, name):
            yield f"{name}: expected something, received nothing"
    for name in ("look_at", "cleared_by", "then"):
        if not getattr(meta.triage, name):
            yield f"triage.{name}: expected at least one step, received none"
    if meta.lookback <= 0 or meta.warm_up < 0 or meta.version < 1:
        yield "expected a positive lookback and version, and a warm-up of 0 or more"
    for regime in regimes():
        if meta.typology not in regime.provisions and meta.typology not in regime.without:
            yield f"typology: expected {meta.typology!r} among those of {regime.name}, or a reason for none"


def _documentation(detector: Detector) -> Iterator[str]:
    module = sys.modules[detector.step.__module__]
    for name in ("params", "state", "opens", "step", "explain"):
        if not inspect.getdoc(getattr(detector, name)):
            yield f"{name}: expected a docstring"
    if not module.__doc__:
        yield f"{module.__name__}: expected a docstring"
    for parameter in parameters_of(detector.params):
        if not parameter.meaning or (not parameter.unit and parameter.type is not bool):
            yield f"{detector.params.__name__}.{parameter.name}: expected a unit and a meaning"
    conditions = {mutant.condition for mutant in mutants(detector)} if detector.exempt else set()
    for name, reason in detector.exempt.items():
        if name not in set(Invariant) | conditions:
            yield f"exempt: expected an invariant or a condition of the rule, received {name!r}"
        if not reason:
            yield f"exempt: expected a reason for {name!r}"


def _scenarios(detector: Detector) -> Iterator[str]:
    firing = sum(scenario.count > 0 for scenario in detector.scenarios)
    if firing < 1 or len(detector.scenarios) - firing < 2:
        yield "expected at least one scenario that fires and two that are quiet"
    for scenario in detector.scenarios:
        count = len(_signals(detector, scenario))
        if count != scenario.count:
            yield f"{scenario.name}: expected {scenario.count} signals, received {count}"


def _ambient(detector: Detector) -> Iterator[str]:
    for scenario in AMBIENT:
        count = len(run_scenario(detector, scenario))
        if count:
            yield f"{scenario.name}: expected no signals, received {count}"


def _same_twice(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
        yield from _differences(scenario.name, signals, run_tape([detector], tape))


def _twin(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
        yield from _differences(scenario.name, signals, run_tape([detector], tape, compiled=False))


def _splits(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
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


def _snapshots(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
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


def _interleaving(detector: Detector) -> Iterator[str]:
    noise = tape_of(_NOISE)
    for scenario, tape, signals in _played(detector):
        both = interleaved(tape, noise, lambda name: f"other {name}")
        found = run_tape([detector], both)
        ours = [signal for signal in found if not signal.instrument.startswith("other ")]
        yield from _differences(scenario.name, signals, ours)


def _renaming(detector: Detector) -> Iterator[str]:
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

    for scenario, tape, signals in _played(detector):
        found = run_tape([detector], renamed(tape, rename))
        nameless = [dataclasses.replace(signal, id="") for signal in found]
        yield from _differences(scenario.name, list(map(expected, signals)), nameless)


def _shifting(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
        found = [_moved(signal, -LATER) for signal in run_tape([detector], shifted(tape, LATER))]
        yield from _differences(scenario.name, [_moved(signal, 0) for signal in signals], found)


def _moved(signal: Signal, nanoseconds: int) -> Signal:
    start, end = signal.start_ns + nanoseconds, signal.end_ns + nanoseconds
    return dataclasses.replace(signal, id="", start_ns=start, end_ns=end)


def _mirroring(detector: Detector) -> Iterator[str]:
    for scenario, tape, _ in _played(detector):
        wide = with_wide_ticks(tape)
        before, after = run_tape([detector], wide), run_tape([detector], mirrored(wide))
        yield from _differences(scenario.name, _essence(before), _essence(after))


def _scaling(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
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


def _lookback(detector: Detector) -> Iterator[str]:
    for scenario, tape, signals in _played(detector):
        batch = tape.batch
        for signal in signals:
            begin, end = signal.end_ns - detector.meta.lookback, signal.end_ns
            if signal.start_ns < begin:
                yield f"{scenario.name}: a signal begins before the lookback"
            seen = batch[(batch.ts_event >= begin) & (batch.ts_event <= end)]
            orders = {*seen.order.tolist(), *seen.counter_order.tolist()}
            for name in signal.evidence.orders:
                if order_id(name) not in orders:
                    yield f"{scenario.name}: order {name} is evidence, but nothing of it in the lookback"
            for name in signal.evidence.trades:
                if order_id(name) not in seen.trade.tolist():
                    yield f"{scenario.name}: trade {name} is evidence, but not in the lookback"


def _draining(detector: Detector) -> Iterator[str]:
    for scenario in detector.scenarios:
        tape = tape_of(scenario)
        engine = Engine(tape.directory, [detector])
        engine.process(tape.batch)
        engine.finish()
        over = int(tape.batch.ts_event.max()) + _hold(detector)
        memories = [*engine.memories, *(engine.stage.memories if engine.stage else ())]
        live = sum(int((memory.rows[memory.live]["until"] > over).sum()) for memory in memories)
        if live:
            yield f"{scenario.name}: {live} rows are kept for longer than `hold` after the last event"


def _hold(detector: Detector) -> int:
    parameters: Any = detector.params()
    return int(parameters.hold)


def _conditions(detector: Detector) -> Iterator[str]:
    for mutant in mutants(detector):
        if mutant.condition not in detector.exempt:
            with imported(detector, mutant) as changed:
                if not any(map(_noticed(changed), detector.scenarios)):
                    yield f"{mutant}: no scenario notices"


def _noticed(mutant: Detector) -> Callable[[Scenario], bool]:
    def notices(scenario: Scenario) -> bool:
        try:
            return len(run_scenario(mutant, scenario, compiled=False)) != scenario.count
        except ArithmeticError:
            return True  # the condition kept a divisor from being zero

    return notices


def _played(detector: Detector) -> Iterator[tuple[Scenario, Tape, list[Signal]]]:
    for scenario in detector.scenarios:
        yield scenario, tape_of(scenario), list(_signals(detector, scenario))


@lru_cache(maxsize=256)
def _signals(detector: Detector, scenario: Scenario) -> tuple[Signal, ...]:
    return tuple(run_scenario(detector, scenario))


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


CHECKS: Final = (
    Check("metadata", _metadata),
    Check("documentation", _documentation),
    Check("scenarios", _scenarios),
    Check("silent on the ambient market", _ambient),
    Check("same tape twice", _same_twice),
    Check("any batches", _splits),
    Check("snapshot and restore", _snapshots),
    Check("compiled and not", _twin),
    Check("evidence inside the lookback", _lookback),
    Check("every condition matters", _conditions),
    Check("interleaving", _interleaving, Invariant.INTERLEAVING),
    Check("renaming", _renaming, Invariant.RENAMING),
    Check("shifting", _shifting, Invariant.SHIFTING),
    Check("mirroring", _mirroring, Invariant.MIRRORING),
    Check("scaling", _scaling, Invariant.SCALING),
    Check("draining", _draining, Invariant.DRAINING),
)
"""All checks, in the order in which they are shown."""
