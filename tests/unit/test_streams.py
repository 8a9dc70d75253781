"""The stream that benchmarks run on, and the dict engine they compare with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from benchmarks.dict_engine import AMBIENT, CONTEXT, run
from benchmarks.streams import EPISODE_EVERY, Stream, realistic_stream
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.engine.acts import OTHER
from tests.reference.engine import ReferenceEngine
from tests.strategies import market_tapes, small_directory

DICT_ENGINE_KNOWS = [EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.EXPIRE, EventKind.TRADE]


@pytest.fixture(scope="module")
def stream() -> Stream:
    return realistic_stream(300_000, instruments=10, accounts=500, seed=5)


def live_orders(batch: EventBatch) -> int:
    """Orders placed, less those a row took the rest of."""
    return run(batch, realistic_stream(0, 10, 500).directory).live_orders


def test_the_same_seed_gives_the_same_stream() -> None:
    one, again, other = (realistic_stream(2000, seed=seed).batch for seed in (1, 1, 2))
    assert all(np.array_equal(column, getattr(again, name)) for name, column in one.columns())
    assert not np.array_equal(one.price, other.price)


def test_a_longer_stream_begins_with_the_shorter() -> None:
    short, long = realistic_stream(1000).batch, realistic_stream(2000).batch
    assert all(np.array_equal(column, getattr(long, name)[:1000]) for name, column in short.columns())


def test_kinds_of_events_come_in_the_shares_of_a_venue(stream: Stream) -> None:
    shares = np.bincount(stream.batch.kind[100_000:], minlength=7) / 200_000
    assert shares[EventKind.PLACE] == pytest.approx(0.5, abs=0.05)
    assert shares[EventKind.CANCEL] == pytest.approx(0.4, abs=0.05)
    assert shares[EventKind.TRADE] == pytest.approx(0.08, abs=0.03)
    assert shares[EventKind.AMEND] == pytest.approx(0.02, abs=0.01)


def test_books_fill_and_stay_full(stream: Stream) -> None:
    early, late = (live_orders(stream.batch[:rows]) for rows in (100_000, 300_000))
    assert 5_000 < early < 20_000
    assert late == pytest.approx(early, rel=0.2)


def test_some_instruments_and_accounts_are_busier_than_others(stream: Stream) -> None:
    by_instrument = np.bincount(stream.batch.instrument, minlength=10)
    by_account = np.bincount(stream.batch.account, minlength=500)
    assert by_instrument.max() > 5 * by_instrument.min() > 0
    assert np.sort(by_account)[-50:].sum() > 0.3 * by_account.sum()


def test_the_last_accounts_manipulate_now_and_then(stream: Stream) -> None:
    manipulated = np.unique(stream.batch.account[stream.batch.account >= 492])
    assert len(manipulated) == 8
    assert np.count_nonzero(stream.batch.account >= 492) < len(stream.batch) * 400 / EPISODE_EVERY


def test_no_row_of_the_stream_is_refused() -> None:
    directory, batch = realistic_stream(30_000, instruments=5, accounts=100, seed=3)
    assert ReferenceEngine(directory).process(batch[:8000]).facts == []
    assert not run(batch, directory).facts


@given(market_tapes())
def test_the_dict_engine_agrees_with_the_reference(tape: EventBatch) -> None:
    known = np.isin(tape.kind, DICT_ENGINE_KNOWS) & (tape.order != tape.counter_order)
    tape = tape[known & ((tape.kind != EventKind.TRADE) | (tape.side != Side.UNKNOWN))]
    directory = small_directory(owner=None)
    totals = run(tape, directory)
    acts, facts = ReferenceEngine(directory).process(tape)
    kept = [act for act in acts if act["kind"] != OTHER]
    ambient = sum(act[name] for act in kept for name in AMBIENT)
    assert totals.acts == len(kept)
    assert sorted(totals.facts.elements()) == sorted(fact.kind for fact in facts)
    assert totals.context == sum(act[name] for act in kept for name in CONTEXT)
    assert totals.ambient == pytest.approx(ambient, rel=1e-9, abs=1e-9)
