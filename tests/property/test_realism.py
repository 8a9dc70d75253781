"""Facts do not depend on the units in which prices and sizes are counted, nor on when a tape was recorded."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.fact import Result
from tapewarden.evaluation.realism.measuring import measure
from tapewarden.evaluation.realism.record import Depth, Record
from tests.unit.evaluation.realism.making import START, chance, lives, quotes, record, scaled, trades

COUNT = 4_000


def market() -> Record:
    """A made-up market that shows everything: twenty hours of orders, quotes, trades and accounts."""
    rng = chance(21)
    ts = START + np.cumsum(np.round(rng.weibull(0.6, COUNT) * 12 * SECOND)).astype(np.int64)
    sign = np.sign(np.cumsum(rng.standard_normal(COUNT)) % 2 - 1)
    size = np.ceil(rng.lognormal(7, 1.5, COUNT)).astype(np.int64)
    moves = sign * np.sqrt(size / 1_000) + rng.standard_t(3, COUNT)
    mid = 1e9 * np.exp(1e-5 * np.cumsum(moves))
    return record(
        trades(ts, price=mid, size=size, sign=sign),
        tier=3,
        touches=quotes(ts, np.concatenate([[1e9], mid[:-1]])),
        depth=Depth(rng.uniform(1, 2, 1_000), 240),
        lives=lives(
            rng.exponential(3, COUNT), canceled=0.9, account=np.arange(COUNT) % 2, traded=np.full(COUNT, 9)
        ),
        accounts={0: "maker-0", 1: "retail-1"},
    )


MARKET = market()
OTHER = replace(MARKET, simulated=False, lives=lives(np.arange(1.0, 2_000.0)), name="other")


def results(one: Record) -> list[Result]:
    return measure([one, OTHER])[0]


def compare(first: list[Result], second: list[Result]) -> None:
    for before, after in zip(first, second, strict=True):
        assert before.why == after.why
        assert before.verdict == after.verdict, before.fact.name
        if before.measured is not None and after.measured is not None:
            assert after.measured.value == pytest.approx(before.measured.value, rel=1e-6), before.fact.name
            assert after.measured.sample == before.measured.sample


def test_the_made_up_market_allows_every_fact() -> None:
    whys = {result.fact.name: result.why for result in results(MARKET) if result.measured is None}
    assert whys == {}


@settings(max_examples=8)
@given(price=st.integers(1, 1_000), decades=st.integers(0, 3))
def test_facts_do_not_depend_on_units(price: int, decades: int) -> None:
    compare(results(MARKET), results(scaled(MARKET, price=price, size=10**decades)))


@settings(max_examples=8)
@given(days=st.integers(0, 3_000))
def test_facts_do_not_depend_on_the_time_of_recording(days: int) -> None:
    shift = 86_400 * SECOND * days
    touches = MARKET.touches
    assert touches is not None
    moved = replace(
        MARKET,
        first=MARKET.first + shift,
        last=MARKET.last + shift,
        trades=replace(MARKET.trades, ts=MARKET.trades.ts + shift),
        touches=replace(touches, ts=touches.ts + shift),
    )
    compare(results(MARKET), results(moved))
