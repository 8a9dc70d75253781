"""What must hold for whatever watches the engine's acts beside the detectors."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import SnapshotError
from tapewarden.domain.kinds import EventKind, QualityKind, Side
from tapewarden.domain.signal import DataHealth, Evidence, Signal, signal_id
from tapewarden.engine.acts import BLIND
from tapewarden.engine.engine import Engine
from tapewarden.engine.settings import Settings
from tapewarden.engine.tables import Tables
from tests.probes import PROBES
from tests.strategies import START, hostile_tapes, market_tapes, small_directory, splits

any_tapes = st.one_of(market_tapes(120), hostile_tapes(80))


class Counting:
    """Brings a signal at every third act of an instrument."""

    name = "counting"
    detectors = ("CNT-01",)
    layout = "1"

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()

    def observe(
        self, part: EventBatch, acts: Table, tables: Tables, directory: Directory
    ) -> Iterable[tuple[int, Signal]]:
        for act in acts:
            number = int(act["instrument"])
            self.counts[number] += 1
            if number and self.counts[number] % 3 == 0:
                yield int(act["event"]), self._signal(act, directory.instruments[number - 1].name)

    def _signal(self, act: Table, instrument: str) -> Signal:
        start, end = int(act["ts"]) - 10**12, int(act["ts"])
        return Signal(
            id=signal_id("CNT-01", 1, "", "", instrument, (start, end)),
            detector="CNT-01",
            version=1,
            parameters="",
            typology="anomaly",
            family="anomaly",
            severity="low",
            score=0.5,
            instrument=instrument,
            actor="",
            parties=(),
            start_ns=start,
            end_ns=end,
            text="three more",
            reasons=(),
            evidence=Evidence(),
            health=DataHealth(blind=bool(act["marks"] & BLIND)),
        )

    def take(self, instrument: int, directory: Directory) -> bytes:
        return json.dumps(self.counts[instrument]).encode()

    def put(self, instrument: int, data: bytes, tables: Tables, directory: Directory) -> None:
        self.counts[instrument] = json.loads(data)


def watched() -> Engine:
    return Engine(small_directory(), PROBES, observers=[Counting()])


def said(engine: Engine, batches: Sequence[EventBatch]) -> list[str]:
    signals = [signal for batch in batches for signal in engine.process(batch)]
    return [signal.to_json() for signal in [*signals, *engine.finish()]]


@given(st.data())
def test_however_a_tape_is_cut_observers_say_and_keep_the_same(data: st.DataObject) -> None:
    tape = data.draw(any_tapes)
    whole, pieces = watched(), watched()

    assert said(whole, [tape]) == said(pieces, data.draw(splits(tape)))
    assert whole.snapshot() == pieces.snapshot()


@given(st.data())
def test_observers_go_on_from_a_snapshot_as_if_nothing_had_been(data: st.DataObject) -> None:
    tape = data.draw(any_tapes)
    cut = data.draw(st.integers(0, len(tape)))
    straight, first, second = watched(), watched(), watched()

    before = [signal.to_json() for signal in first.process(tape[:cut])]
    saved = first.snapshot()
    second.restore(saved)

    assert second.snapshot() == saved
    assert before + said(second, [tape[cut:]]) == said(straight, [tape])


@given(market_tapes(100))
def test_watching_changes_nothing_that_detectors_say(tape: EventBatch) -> None:
    alone = said(Engine(small_directory(), PROBES), [tape])
    together = said(watched(), [tape])

    assert [line for line in together if '"CNT-01"' not in line] == alone


def test_a_snapshot_with_an_observer_is_none_without() -> None:
    with pytest.raises(SnapshotError, match="expected a snapshot of state"):
        Engine(small_directory(), PROBES).restore(watched().snapshot())


def test_observers_of_another_version_refuse_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = watched().snapshot()
    monkeypatch.setattr(Counting, "layout", "2")
    with pytest.raises(SnapshotError, match="expected a snapshot of state"):
        watched().restore(saved)


@given(market_tapes(100))
def test_what_observers_say_is_counted_unless_it_is_disabled(tape: EventBatch) -> None:
    engine, silent = (
        Engine(small_directory(), [], Settings(exceptions=exceptions), observers=[Counting()])
        for exceptions in ({}, {"CNT-01": (False, frozenset[str]())})
    )

    assert len(said(engine, [tape])) == engine.tallies["CNT-01"].signals
    assert said(silent, [tape]) == []


def test_what_observers_say_carries_the_health_of_the_data_as_of_its_row() -> None:
    gap: dict[str, int] = {"kind": EventKind.QUALITY, "reason": QualityKind.GAP}
    order: dict[str, int] = {
        "kind": EventKind.PLACE,
        "side": Side.BUY,
        "price": 1000,
        "size": 1,
        "account": 0,
    }
    rows = [{**order, "order": 1}, gap, {**order, "order": 2}, gap]
    where = {"instrument": 0, "source": 0}
    tape = [{**where, "ts_event": START + at, "sequence": at + 1, **row} for at, row in enumerate(rows)]
    (signal,) = Engine(small_directory(), [], observers=[Counting()]).process(EventBatch.of_rows(tape))

    assert signal.health == DataHealth(quality_facts=1, by_kind=(("gap", 1),), blind=True)
