"""What a replay saw: its events, books and data health, and how each detector fared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.numbers import from_units
from tapewarden.engine.contract import Detector
from tapewarden.engine.engine import Engine
from tapewarden.engine.tables import Tables
from tapewarden.runtime.selection import Blind

DISABLED: Final = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorReport:
    """How a detector fared. A detector that could not see is never called quiet.

    ``not_evaluated`` says why it could not, ``None`` if it could. ``cold_on`` names the instruments whose
    baselines stayed too cold for it, ``unready_on`` those among them of which it says so itself;
    ``held_back`` counts firings before baselines were warm.
    """

    id: str
    title: str
    signals: int
    not_evaluated: str | None = None
    cold_on: tuple[str, ...] = ()
    unready_on: tuple[str, ...] = ()
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentReport:
    """Events, book and data health of an instrument at the end of the tape.

    ``bid`` and ``ask`` are decimal texts, ``None`` where a side is empty. ``seconds`` of event time had
    events; ``blind_seconds`` lay between a gap and the next resync. ``quality`` counts facts by name.
    """

    name: str
    events: int
    seconds: int
    bid: str | None
    ask: str | None
    levels: int
    orders: int
    quality: Mapping[str, int]
    blind_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a replay saw. Times are event time in nanoseconds UTC; ``tier`` is ``None`` where nobody said.

    ``unplaced`` counts, by name, quality facts that name no instrument and so concern all of them;
    ``blind_seconds`` is the time in which those left all of them blind.
    """

    tape: str
    tier: str | None
    events: int
    kinds: Mapping[str, int]
    first_ns: int | None
    last_ns: int | None
    signals: int
    instruments: tuple[InstrumentReport, ...]
    unplaced: Mapping[str, int]
    blind_seconds: float
    detectors: tuple[DetectorReport, ...]
    warnings: tuple[str, ...] = ()

    @property
    def evaluated(self) -> tuple[DetectorReport, ...]:
        """The detectors that could see."""
        return tuple(one for one in self.detectors if one.not_evaluated is None)


def report_detectors(
    engine: Engine, running: Sequence[Detector], blind: Iterable[Blind], known: Iterable[Detector]
) -> tuple[DetectorReport, ...]:
    """One report for each known detector, in the order of their ids."""
    why = {one.detector.id: one.why for one in blind}
    names = {detector.id for detector in running}
    return tuple(
        _ran(engine, detector)
        if detector.id in names
        else DetectorReport(
            id=detector.id,
            title=detector.meta.title,
            signals=0,
            not_evaluated=why.get(detector.id, DISABLED),
        )
        for detector in known
    )


def report_instruments(engine: Engine, events: Sequence[int]) -> tuple[InstrumentReport, ...]:
    """One report for each instrument; ``events`` counts theirs, in the order of the directory."""
    return tuple(
        _instrument(engine, number, instrument, count)
        for number, (instrument, count) in enumerate(
            zip(engine.directory.instruments, events, strict=True), start=1
        )
    )


def _ran(engine: Engine, detector: Detector) -> DetectorReport:
    need, tally = detector.meta.warm_up, engine.tallies[detector.id]
    warm, unready = _warm_seconds(engine), engine.unready(detector)
    longest = max(warm.values(), default=0)
    cold_on = tuple(name for name, seconds in warm.items() if seconds < need or name in unready)
    why = None
    if longest < need:
        why = f"baselines not warm: needs {need} s, tape has {longest} s"
    elif unready and len(cold_on) == len(warm):
        why = f"baselines not warm: needs {detector.meta.readiness}"
    return DetectorReport(
        id=detector.id,
        title=detector.meta.title,
        signals=tally.signals,
        not_evaluated=why,
        cold_on=() if why else cold_on,
        unready_on=unready,
        held_back=tally.cold,
    )


def _warm_seconds(engine: Engine) -> dict[str, int]:
    """By instrument, the seconds its baselines had learned from when its last event came."""
    markets = engine.tables.markets
    return {
        instrument.name: max(0, int(markets[number]["seconds"]) - 1)
        for number, instrument in enumerate(engine.directory.instruments, start=1)
    }


def _instrument(engine: Engine, number: int, instrument: Instrument, events: int) -> InstrumentReport:
    tables, market = engine.tables, engine.tables.markets[number]
    bid, ask = _best(tables, 2 * number), _best(tables, 2 * number + 1)
    return InstrumentReport(
        name=instrument.name,
        events=events,
        seconds=int(market["seconds"]),
        bid=None if bid is None else from_units(bid, instrument.price_exponent),
        ask=None if ask is None else from_units(-ask, instrument.price_exponent),
        levels=int(tables.sides["count"][2 * number : 2 * number + 2].sum()),
        orders=int((tables.orders["instrument"] == number).sum()),
        quality=engine.ledger.counts(number),
        blind_seconds=blind_seconds(engine, number),
    )


def _best(tables: Tables, side: int) -> int | None:
    """The best rank of a side of a book, which is its last."""
    row = tables.sides[side]
    last = int(row["start"]) + int(row["count"]) - 1
    return int(tables.ranks[last]) if row["count"] else None


def blind_seconds(engine: Engine, number: int) -> float:
    """Time an instrument (0: all of them) was out of sight, up to its last event where that goes on."""
    health = engine.ledger.of(number)
    clocks = engine.tables.markets["clock"]
    clock = int(clocks[number] if number else clocks.max())
    going_on = 0 if health.blind_since is None else max(0, clock - health.blind_since)
    return round((health.blind_ns + going_on) / SECOND, 3)
