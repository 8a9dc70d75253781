"""The compiled kernel against the reference: every field of every act, every quality fact."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.dict_engine import run, totals_of
from benchmarks.streams import realistic_stream
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import HOUR, EndReason, EventKind, Flag, QualityKind, Side
from tapewarden.engine.engine import Engine
from tests.probes import PROBES
from tests.reference.comparing import differences, event, kernel_run, reference_run, rows
from tests.strategies import PAUSES, hostile_tapes, market_tapes, small_directory, splits


def check_agreement(tape: EventBatch) -> None:
    directory = small_directory()
    # Couples are numbered only where a detector asks for them.
    ours = kernel_run(Engine(directory, PROBES), [tape])
    theirs = reference_run(directory, tape)
    assert differences(ours.acts, theirs.acts) == []
    assert sorted(ours.facts) == sorted(theirs.facts)


@settings(max_examples=100)
@given(market_tapes())
def test_kernel_and_reference_agree_on_any_market(tape: EventBatch) -> None:
    check_agreement(tape)


@settings(max_examples=100)
@given(hostile_tapes())
def test_kernel_and_reference_agree_on_any_hostile_tape(tape: EventBatch) -> None:
    check_agreement(tape)


def test_kernel_and_reference_agree_on_a_realistic_stream() -> None:
    directory, tape = realistic_stream(15_000, instruments=5, accounts=200, seed=7)
    ours, theirs = kernel_run(Engine(directory, PROBES), [tape]), reference_run(directory, tape)
    assert differences(ours.acts, theirs.acts) == []
    assert ours.facts == theirs.facts == []


@given(st.data())
def test_cutting_a_tape_changes_no_act(data: st.DataObject) -> None:
    tape = data.draw(st.one_of(market_tapes(), hostile_tapes()))
    whole = kernel_run(Engine(small_directory(), PROBES), [tape])
    pieces = kernel_run(Engine(small_directory(), PROBES), data.draw(splits(tape)))
    assert pieces == whole


@given(market_tapes(pauses=[pause for pause in PAUSES if pause < HOUR]))
def test_one_number_stands_for_one_pair_while_it_is_not_forgotten(tape: EventBatch) -> None:
    ours = kernel_run(Engine(small_directory(), PROBES), [tape]).acts
    theirs = reference_run(small_directory(), tape).acts
    for name in ("pair", "couple"):
        pairs = {(act[name], other[name]) for act, other in zip(ours, theirs, strict=True) if other[name]}
        assert len({number for number, _ in pairs}) == len({meant for _, meant in pairs}) == len(pairs)


def test_dict_engine_of_the_benchmarks_agrees_with_the_kernel() -> None:
    directory, tape = realistic_stream(20_000, seed=11)
    engine = Engine(directory, [])
    totals = run(tape, directory)
    context, ambient, acts = 0, 0.0, 0
    for _, part, facts in engine.passes(tape):
        sums = totals_of(part, facts["kind"].tolist(), 0)
        acts, context, ambient = acts + sums.acts, context + sums.context, ambient + sums.ambient
        assert not sums.facts
    assert (totals.acts, totals.context, totals.facts) == (acts, context, {})
    assert totals.ambient == pytest.approx(ambient, rel=1e-9)


PLACE, TRADE = EventKind.PLACE, EventKind.TRADE
BUY, SELL = Side.BUY, Side.SELL
BID = event(PLACE, side=BUY, order=1, price=1000, size=5, account=1)
ASK = event(PLACE, side=SELL, order=2, price=1010, size=5)

EXAMPLES = {
    "an order of a snapshot has no age": [BID | {"flags": Flag.SNAPSHOT}],
    "a row without a side has no depth": [BID, event(EventKind.QUALITY, reason=QualityKind.CHECKSUM)],
    "a cancel of an unknown order has no distance": [BID, event(EventKind.CANCEL, order=9, price=998)],
    "a taker never announced has no distance": [
        BID,
        ASK,
        event(TRADE, side=BUY, counter_order=2, price=1010, size=1),
    ],
    "the distance of an order on the other side is the act's": [
        BID,
        ASK,
        event(TRADE, side=BUY, order=2, price=1010, size=1),
    ],
    "a duplicate is described as the order it repeats": [BID, ASK | {"order": 1}],
    "a trade tells the account of an order placed without one": [
        ASK,
        event(TRADE, side=BUY, account=3, counter_account=2, counter_order=2, price=1010, size=2),
    ],
    "a side that is neither is unknown": [BID | {"side": 2}],
    "an order that expires full is expired": [
        BID,
        event(EventKind.EXPIRE, reason=EndReason.FILLED, order=1),
    ],
    "a level set before an order joined outlives the order": [
        event(EventKind.LEVEL, side=BUY, price=1000, size=11),
        BID,
        event(EventKind.CANCEL, order=1),
        event(EventKind.REFERENCE),
    ],
    "a quality row of any kind is a fact": [event(EventKind.QUALITY, reason=0), event(EventKind.REFERENCE)],
    "a window beyond the end of time stays open": [
        event(EventKind.WINDOW, reason=1, size=2**63 - 1),
        event(EventKind.REFERENCE),
    ],
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_kernel_and_reference_agree_that(example: str) -> None:
    check_agreement(rows(*EXAMPLES[example]))


def test_kernel_and_reference_agree_that_a_level_without_a_side_had_no_size() -> None:
    level = event(EventKind.LEVEL, side=BUY, price=1000, size=2)
    check_agreement(rows(level, level | {"side": Side.UNKNOWN}))
