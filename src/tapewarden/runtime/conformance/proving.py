"""Checks of a detector against its own scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tapewarden.domain.identifiers import order_id
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import Scenario, quiet
from tapewarden.runtime.conformance.mutation import imported, mutants
from tapewarden.runtime.conformance.playing import played, signals_on
from tapewarden.runtime.running import run_scenario, tape_of

AMBIENT: Final = tuple(
    quiet(f"the {market} market alone", "0s clock", market=market, warm=900)
    for market in ("calm", "busy", "prints")
)


def scenarios(detector: Detector) -> Iterator[str]:
    """Whether each scenario brings exactly the signals it should."""
    firing = sum(scenario.count > 0 for scenario in detector.scenarios)
    if firing < 1 or len(detector.scenarios) - firing < 2:
        yield "expected at least one scenario that fires and two that are quiet"
    for scenario in detector.scenarios:
        count = len(signals_on(detector, scenario))
        if count != scenario.count:
            yield f"{scenario.name}: expected {scenario.count} signals, received {count}"


def ambient(detector: Detector) -> Iterator[str]:
    """Whether it is silent on ordinary markets."""
    for scenario in AMBIENT:
        count = len(run_scenario(detector, scenario))
        if count:
            yield f"{scenario.name}: expected no signals, received {count}"


def lookback(detector: Detector) -> Iterator[str]:
    """Whether its evidence is on the tape, and recent."""
    for scenario, tape, signals in played(detector):
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


def draining(detector: Detector) -> Iterator[str]:
    """Whether it forgets."""
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


def conditions(detector: Detector) -> Iterator[str]:
    """Whether some scenario notices when a condition of its rule is taken out."""
    shortest_first = sorted(detector.scenarios, key=lambda scenario: len(tape_of(scenario).batch))
    unready = {scenario: said(detector, scenario)[1] for scenario in shortest_first}
    for mutant in mutants(detector):
        if mutant.condition not in detector.exempt:
            with imported(detector, mutant) as changed:
                if not any(map(_noticed(changed, unready), unready)):
                    yield f"{mutant}: no scenario notices"


def readiness(detector: Detector) -> Iterator[str]:
    """Whether it speaks only where it is ready, if it tells, and says what it must have seen."""
    if (detector.ready is None) != (not detector.meta.readiness):
        yield "expected `ready` and `readiness` together, received one of them"
    if detector.ready is None:
        return
    told = [(scenario, *said(detector, scenario)) for scenario in detector.scenarios]
    for scenario, count, unready in told:
        if count and unready:
            yield f"{scenario.name}: a signal, but it never was ready on {', '.join(unready)}"
    if not any(unready for _, _, unready in told):
        yield "expected a scenario in which it never gets ready, received none"


def said(detector: Detector, scenario: Scenario, *, compiled: bool = True) -> tuple[int, tuple[str, ...]]:
    """How many signals a detector gives on a scenario, and where it never got ready."""
    tape = tape_of(scenario)
    engine = Engine(tape.directory, [detector], compiled=compiled)
    count = len(engine.process(tape.batch)) + len(engine.finish())
    return count, engine.unready(detector)


def _noticed(mutant: Detector, unready: Mapping[Scenario, tuple[str, ...]]) -> Callable[[Scenario], bool]:
    def notices(scenario: Scenario) -> bool:
        try:
            return said(mutant, scenario, compiled=False) != (scenario.count, unready[scenario])
        except (ArithmeticError, IndexError):
            return True  # the condition kept a divisor from being zero, or an index inside its vector

    return notices
