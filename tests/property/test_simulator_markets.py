"""What holds on every simulated market."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Initiator, ReferenceKind, Side
from tapewarden.engine.engine import Engine
from tapewarden.runtime.books import levels
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation
from tests.samples.markets import SMALL, Run, run, small_run, tape_of

LENGTH = 60 * SECOND
plans = st.builds(
    MarketPlan,
    seed=st.integers(0, 1000),
    instruments=st.integers(1, 7),
    accounts=st.integers(20, 300),
    rate=st.sampled_from((2.0, 20.0, 200.0)),
    book_readers=st.booleans(),
    funding_interval=st.just(10 * SECOND),
    news_per_day=st.sampled_from((0.0, 1000.0)),
)


def assert_same(one: EventBatch, other: EventBatch) -> None:
    for name in COLUMN_TYPES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert_same(run(SMALL, 300).tape, small_run().tape)


def test_seeds_give_different_markets() -> None:
    other = run(replace(SMALL, seed=6), 300).tape
    assert len(other) != len(small_run().tape) or (other.price != small_run().tape.price).any()


@settings(max_examples=10)
@given(st.lists(st.integers(0, LENGTH), max_size=8))
def test_it_does_not_matter_how_time_is_cut(cuts: list[int]) -> None:
    simulation = paced(SMALL)
    start = simulation.now
    parts = [tape_of(simulation, start + cut) for cut in sorted([*cuts, LENGTH])]
    whole = small_run().tape
    assert_same(EventBatch.concatenate(parts), whole[whole.ts_event < start + LENGTH])


@settings(max_examples=15)
@given(plans)
def test_the_engine_sees_the_books_of_the_exchange(plan: MarketPlan) -> None:
    simulation = paced(plan)
    engine = Engine(simulation.directory, [])
    for batch in simulation.run(simulation.now + 30 * SECOND):
        engine.process(batch)
    assert not any(engine.ledger.counts(number) for number in range(plan.instruments + 1))
    for instrument in range(plan.instruments):
        for side in (Side.BUY, Side.SELL):
            assert levels(engine, instrument, side) == book(simulation, instrument, side)


def book(simulation: Simulation, instrument: int, side: Side) -> list[tuple[int, int]]:
    """Levels of a side of the exchange's book, best first."""
    market = simulation.world.instruments[instrument]
    first = int(market["first"])
    shown = simulation.world.levels["size"][first : first + int(market["ladder"])]
    used = np.flatnonzero(shown)
    bids = used[used <= market["best_bid"]][::-1]
    chosen = bids if side is Side.BUY else used[len(bids) :]
    return [(int(position * market["tick"]), int(shown[position])) for position in chosen]


@settings(max_examples=15)
@given(plans)
def test_nothing_comes_from_nowhere(plan: MarketPlan) -> None:
    """Each trade, fee, funding and liquidation moves size and money, and makes none."""
    world = run(plan, 30).simulation.world
    held = world.positions["size"].reshape(-1, plan.instruments)
    assert not held.sum(axis=0).any()
    money = world.accounts
    assert money["cash"].sum() + money["fees"].sum() == money["deposited"].sum()


@settings(max_examples=10)
@given(plans)
def test_books_are_never_crossed(plan: MarketPlan) -> None:
    simulation = paced(plan)
    markets = simulation.world.instruments
    for _ in range(30):
        tape_of(simulation, simulation.now + SECOND)
        assert (markets["best_bid"] < markets["best_ask"]).all()


def test_books_mostly_have_two_sides() -> None:
    """Not all of them: where few orders come, a side that was swept stays empty until the next one."""
    two_sided = []
    for seed, rate in enumerate((2.0, 2.0, 20.0, 20.0, 200.0, 200.0)):
        simulation = paced(MarketPlan(seed=seed, instruments=4, accounts=200, rate=rate))
        markets = simulation.world.instruments
        for _ in range(30):
            tape_of(simulation, simulation.now + SECOND)
            two_sided += ((markets["best_bid"] >= 0) & (markets["best_ask"] < markets["ladder"])).tolist()
    assert len(two_sided) == 6 * 30 * 4
    assert np.mean(two_sided) >= 0.95


def test_the_tape_begins_with_the_book_as_it_stands() -> None:
    tape = small_run().tape
    restated = (tape.flags & Flag.SNAPSHOT) > 0
    first = int(np.flatnonzero(restated)[0])
    count = int(restated.sum())
    assert count > 50
    assert restated[first : first + count].all()
    assert set(tape.kind[:first].tolist()) == {EventKind.LINK, EventKind.WINDOW}
    assert (tape.ts_event[: first + count] == SMALL.start).all()


def test_every_row_is_marked_as_simulated_and_numbered() -> None:
    tape = small_run().tape
    assert (tape.flags & Flag.SIMULATED).all()
    assert (np.diff(tape.sequence.astype(np.int64)) == 1).all()
    assert (np.diff(tape.ts_event) >= 0).all()
    assert tape.sequence[0] == 1


def test_perpetuals_tell_index_mark_and_funding() -> None:
    tape = small_run().tape
    told = tape[tape.kind == EventKind.REFERENCE]
    assert set(told.instrument.tolist()) == {1}
    count = {kind: int((told.reason == kind).sum()) for kind in set(told.reason.tolist())}
    assert count == {ReferenceKind.INDEX: 5, ReferenceKind.MARK: 5, ReferenceKind.FUNDING: 3}


def test_orders_are_ended_by_members_venue_and_system_for_a_reason() -> None:
    tape = small_run().tape
    ends = tape[tape.kind == EventKind.CANCEL]
    assert set(ends.initiator.tolist()) <= {Initiator.MEMBER, Initiator.VENUE}
    assert (ends.reason > 0).all()


def test_members_of_the_plan_have_orders_on_every_instrument() -> None:
    market: Run = small_run()
    placed = market.tape[market.tape.kind == EventKind.PLACE]
    for instrument in range(SMALL.instruments):
        assert len(set(placed.account[placed.instrument == instrument].tolist())) > 20
