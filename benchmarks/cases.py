"""`cases`: how long lists, filters and searches of many signals and cases take on SQLite."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Final

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, Report
from benchmarks.scale import Scale
from tapewarden.cases.store import CaseFilter, Observation, SignalFilter, Store
from tapewarden.domain.case import CaseState
from tapewarden.domain.kinds import DAY, HOUR
from tapewarden.domain.signal import DataHealth, Evidence, Party, Reason, Signal
from tapewarden.domain.staff import Person, Role

METHOD: Final = (
    "{signals:,} signals in {cases:,} cases, in SQLite with a flush to the disk per call: each call is a "
    "transaction that also writes to the audit trail what was asked and seen. Wall time of {calls} calls of "
    "each kind, 95th percentile. Pages of 100; searches look for words that many, few or no rows hold."
)
_PER_CASE: Final = 10
_BATCH: Final = 5_000
_LIMIT_MS: Final = 100.0
_VERA: Final = Person("vera", frozenset({Role.ANALYST}))
_TEXTS: Final = ("a large order was pulled", "layers pulled after a fill", "bought from itself")


def measure(scale: Scale) -> Report:
    """The 95th percentile of each kind of call, ms, and how fast signals are filed."""
    calls = 8 * scale.rounds
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'store.db'}")
        rate = fill(store, scale.signals)
        figures = [
            Figure(what=f"{what}, p95", measured=_p95(call, store, calls), unit="ms", most=_LIMIT_MS)
            for what, call in CALLS.items()
        ]
        store.close()
    return Report(
        name="cases",
        method=METHOD.format(signals=scale.signals, cases=scale.signals // _PER_CASE, calls=calls),
        figures=(*figures, Figure(what=f"filing, {_BATCH:,} at a time", measured=rate, unit="signals/s")),
    )


def _signals(wanted: SignalFilter) -> Callable[[Store], object]:
    return lambda store: store.signals(wanted, _VERA, 1)


def _cases(wanted: CaseFilter) -> Callable[[Store], object]:
    return lambda store: store.cases(wanted, _VERA, 1)


CALLS: Final[dict[str, Callable[[Store], object]]] = {
    "signals, the latest": _signals(SignalFilter()),
    "signals, page 100": _signals(SignalFilter(offset=10_000)),
    "signals of an actor": _signals(SignalFilter(actor="account 77")),
    "signals of a detector, high scores": _signals(SignalFilter(detector="SPF-03", minimum_score=0.9)),
    "signals, a word of many": _signals(SignalFilter(text="pulled")),
    "signals, a word of few": _signals(SignalFilter(text="account 777")),
    "signals, a word of none": _signals(SignalFilter(text="nowhere")),
    "cases, the most urgent": _cases(CaseFilter()),
    "cases, open, of an instrument": _cases(CaseFilter(state=CaseState.OPEN, instrument="COIN7-USD@SIM")),
    "cases, a word of few": _cases(CaseFilter(text="account 777")),
    "cases, a word of none": _cases(CaseFilter(text="nowhere")),
    "one case with all it holds": lambda store: store.case(77, _VERA, 1),
}


def _p95(call: Callable[[Store], object], store: Store, calls: int) -> float:
    times = []
    for _ in range(calls):
        start = perf_counter()
        call(store)
        times.append(perf_counter() - start)
    return quantiles(times, n=20)[-1] * 1_000


def fill(store: Store, signals: int) -> float:
    """File signals, ten to a case; how many a second."""
    spent = 0.0
    for first in range(0, signals, _BATCH):
        batch = [
            Observation(_signal(number), float(number % 997))
            for number in range(first, min(first + _BATCH, signals))
        ]
        start = perf_counter()
        store.record(batch, 1, "benchmark")
        spent += perf_counter() - start
    return signals / spent


def _signal(number: int) -> Signal:
    """Signals come case by case in bursts of an hour; an actor has several cases, days apart."""
    case, place = divmod(number, _PER_CASE)
    actor = f"account {case % 1_000}"
    start = case // 1_000 * 3 * DAY + place * HOUR // _PER_CASE
    return Signal(
        id=f"{number:024x}",
        detector=f"SPF-{case % 7:02}",
        version=1,
        parameters="0" * 16,
        typology="spoofing",
        family="order book",
        severity=("low", "medium", "high")[case % 3],
        score=number % 101 / 101,
        instrument=f"COIN{case % 20}-USD@SIM",
        actor=actor,
        parties=(Party(actor, "actor"),),
        start_ns=start,
        end_ns=start + HOUR // 100,
        text=_TEXTS[case % len(_TEXTS)],
        reasons=tuple(Reason(f"reason {one}", 8.0, 4.0, "robust z") for one in range(5)),
        evidence=Evidence(
            orders=tuple(str(number * 10 + one) for one in range(8)), orders_total=8, source="SIM"
        ),
        health=DataHealth(),
    )
