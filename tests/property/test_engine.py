"""What must hold for the engine on any tape, whatever the detectors."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY, SECOND, EventKind
from tapewarden.engine.engine import Engine
from tests.probes import PROBES
from tests.strategies import hostile_tapes, market_tapes, small_directory, splits

any_tapes = st.one_of(market_tapes(120), hostile_tapes(80))


def said(engine: Engine, batches: Sequence[EventBatch]) -> list[str]:
    """The signals of a tape in these batches, as the bytes that must agree."""
    signals = [signal for batch in batches for signal in engine.process(batch)]
    return [signal.to_json() for signal in [*signals, *engine.finish()]]


def fresh(directory: Directory | None = None) -> Engine:
    return Engine(directory or small_directory(), PROBES)


def renumbered() -> Directory:
    """The small directory with every dense number one higher, the last becoming the first."""
    old, new = small_directory(), Directory()
    sources = list(old.sources)
    for instrument in [old.instruments[-1], *old.instruments[:-1]]:
        new.add_instrument(instrument)
    for account in [old.accounts[-1], *old.accounts[:-1]]:
        new.add_account(account.name, account.owner)
    for source in [sources[-1], *sources[:-1]]:
        new.sources.number(source)
    return new


def translated(batch: EventBatch) -> EventBatch:
    """The same events under the numbers of the renumbered directory."""
    old = small_directory()
    sizes = {
        "instrument": len(old.instruments),
        "account": len(old.accounts),
        "counter_account": len(old.accounts),
        "source": len(old.sources),
    }
    columns = dict(batch.columns())
    for name, size in sizes.items():
        column = columns[name]
        known = (column >= 0) & (column < size)
        columns[name] = np.where(known, (column + 1) % size, column).astype(column.dtype)
    return EventBatch(**columns)


@given(st.data())
def test_however_a_tape_is_cut_signals_and_state_are_the_same(data: st.DataObject) -> None:
    tape = data.draw(any_tapes)
    whole, pieces = fresh(), fresh()

    assert said(whole, [tape]) == said(pieces, data.draw(splits(tape)))
    assert whole.snapshot() == pieces.snapshot()


@given(st.data())
def test_going_on_from_a_snapshot_changes_nothing(data: st.DataObject) -> None:
    tape = data.draw(any_tapes)
    cut = data.draw(st.integers(0, len(tape)))
    straight, first, second = fresh(), fresh(), fresh()

    before = [signal.to_json() for signal in first.process(tape[:cut])]
    saved = first.snapshot()
    second.restore(saved)

    assert second.snapshot() == saved
    assert before + said(second, [tape[cut:]]) == said(straight, [tape])
    assert second.snapshot() == straight.snapshot()


@given(st.data())
def test_a_snapshot_restores_under_other_dense_numbers(data: st.DataObject) -> None:
    tape = data.draw(market_tapes(100))
    cut = data.draw(st.integers(0, len(tape)))
    here, there = fresh(), fresh(renumbered())
    here.process(tape[:cut])
    there.restore(here.snapshot())

    assert there.snapshot() == here.snapshot()
    assert said(there, [translated(tape[cut:])]) == said(here, [tape[cut:]])


def test_both_sides_of_a_trade_are_kept_in_one_order_under_any_numbers() -> None:
    times = [1_700_000_000 * SECOND + offset for offset in (0, 0, 3600 * SECOND)]
    tape = EventBatch.of(
        3,
        kind=[EventKind.PLACE, EventKind.PLACE, EventKind.TRADE],
        side=[1, 1, 0],
        flags=[4, 0, 0],
        instrument=[0] * 3,
        account=[0] * 3,
        counter_account=[-1, -1, 5],
        order=[1, 1, 0],
        price=[997] * 3,
        size=[1] * 3,
        ts_event=times,
        ts_receive=[-1] * 3,
        sequence=[1, 2, 3],
    )
    here, there = fresh(), fresh(renumbered())
    here.process(tape)
    there.restore(here.snapshot())

    assert there.snapshot() == here.snapshot()


@given(any_tapes)
def test_dense_numbers_never_show_in_signals_or_snapshots(tape: EventBatch) -> None:
    one, other = fresh(), fresh(renumbered())

    assert said(one, [tape]) == said(other, [translated(tape)])
    assert one.snapshot() == other.snapshot()


@given(st.data())
def test_an_instrument_alone_gives_the_signals_it_gives_among_others(data: st.DataObject) -> None:
    tape = data.draw(market_tapes(100))
    detectors = [detector for detector in PROBES if not detector.key.everywhere]
    together = Engine(small_directory(), detectors)
    expected = [signal for signal in together.process(tape) if signal.instrument.startswith("COIN0")]
    alone = Engine(small_directory(), detectors)
    mine = alone.partition("COIN0-USD@SIM").route(tape)
    received = [signal for signal in alone.process(mine) if signal.instrument.startswith("COIN0")]

    assert [signal.to_json() for signal in received] == [signal.to_json() for signal in expected]
    assert alone.partition("COIN0-USD@SIM").snapshot() == together.partition("COIN0-USD@SIM").snapshot()


@given(market_tapes(100), st.integers(1, 1000).map(lambda days: days * DAY))
def test_shifting_time_shifts_signals_and_changes_nothing_else(tape: EventBatch, shift: int) -> None:
    times = np.where(tape.ts_event >= 0, tape.ts_event + shift, tape.ts_event)
    later = EventBatch(**{**dict(tape.columns()), "ts_event": times})
    one = [signal for signal in fresh().process(tape) if signal.end_ns > SECOND]
    other = [signal for signal in fresh().process(later) if signal.end_ns > SECOND]

    assert [(s.end_ns + shift, s.text, s.actor) for s in one] == [(s.end_ns, s.text, s.actor) for s in other]


@settings(max_examples=5)
@given(market_tapes(60))
def test_uncompiled_rules_say_what_compiled_ones_say(tape: EventBatch) -> None:
    plain = Engine(small_directory(), PROBES, compiled=False)

    assert said(plain, [tape]) == said(fresh(), [tape])


@given(hostile_tapes(80))
def test_nothing_in_a_tape_makes_the_engine_raise(tape: EventBatch) -> None:
    engine = fresh()
    engine.process(tape)

    assert engine.position == len(tape)


@pytest.mark.parametrize("detector", PROBES, ids=lambda detector: detector.id)
def test_every_probe_fires_on_a_crowded_market(detector: object) -> None:
    tape = market_tapes(120)
    fired = 0

    @settings(max_examples=40, derandomize=True, database=None)
    @given(tape)
    def run(batch: EventBatch) -> None:
        nonlocal fired
        engine = Engine(small_directory(), [detector])  # type: ignore[list-item]
        fired += len(engine.process(batch)) + len(engine.finish())

    run()
    assert fired > 0
