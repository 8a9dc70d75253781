"""WSH-04 on markets of random makers and takers, with rings and with honest look-alikes in them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest

from tapewarden.detectors import circular
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EventKind
from tapewarden.runtime.running import Tape, run_scenario, run_tape

HONEST = 200
SPREAD = 10
PRICE = 10_000


class Trade(NamedTuple):
    at: float
    seller: str
    buyer: str
    taker_buys: bool
    price: int
    size: int


Trades = Iterator[Trade]


def crowd(random: np.random.Generator, count: int, seconds: float) -> Trades:
    """Makers and takers who meet at random, accounts as unequal as rank and size of cities."""
    share = 1 / np.arange(1, HONEST + 1)
    takers = random.permutation(HONEST)
    ends = random.choice(HONEST, (count, 2), p=share / share.sum())
    for maker, taker in zip(ends[:, 0], takers[ends[:, 1]], strict=True):
        pair, buys = (f"honest {maker}", f"honest {taker}"), bool(random.integers(2))
        if maker != taker:
            yield Trade(
                random.uniform(0, seconds), *(pair if buys else pair[::-1]), buys, PRICE, lognormal(random)
            )


def lognormal(random: np.random.Generator) -> int:
    return 1 + int(1000 * random.lognormal(0, 1))


def ring(random: np.random.Generator, members: int, rounds: int, seconds: float) -> Trades:
    for start in np.linspace(0, 0.99 * seconds, rounds):
        size = lognormal(random)
        for leg in range(members):
            ends = f"washer {leg}", f"washer {(leg + 1) % members}"
            yield Trade(start + 2 * leg, *ends, bool(random.integers(2)), PRICE, size)


def with_maker(random: np.random.Generator, at: float, buys: bool, middle: int, size: int) -> Trade:
    """A client takes from one maker, and pays half the spread."""
    pair = ("one maker", "one client") if buys else ("one client", "one maker")
    return Trade(at, *pair, buys, middle + (SPREAD if buys else -SPREAD) // 2, size)


def scalping(random: np.random.Generator, wander: float) -> Trades:
    """Opens a position and closes it, to the last unit, while the price wanders."""
    for n in range(200):
        size, buys = lognormal(random), bool(random.integers(2))
        for leg in range(2):
            middle = PRICE + int(random.normal(0, wander))
            yield with_maker(random, 18 * n + 9 * leg, buys == (leg == 0), middle, size)


def reverting(random: np.random.Generator, _: float) -> Trades:
    """Round lots, the more likely toward nothing the larger the position."""
    position = 0
    for n in range(400):
        size = 1000 * int(random.choice([1, 2, 5, 10]))
        buys = bool(random.random() < 0.5 - 0.4 * np.tanh(position / 10_000))
        position += size if buys else -size
        yield with_maker(random, 9 * n, buys, PRICE, size)


def arbitrage(random: np.random.Generator, _: float) -> Trades:
    """Takes from a maker whose price is behind, and gives back when it has come round, at a profit."""
    for n in range(200):
        size, buys = lognormal(random), bool(random.integers(2))
        better = 4 * SPREAD if buys else -4 * SPREAD
        yield with_maker(random, 18 * n, buys, PRICE, size)
        yield with_maker(random, 18 * n + 9, not buys, PRICE + better, size)


def tape_of(*trades: Trades) -> Tape:
    rows = sorted(trade for several in trades for trade in several)
    directory = Directory()
    directory.sources.number("venue")
    directory.add_instrument(
        Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-3, tick=1)
    )
    sellers, buyers = (np.array([directory.add_account(str(row[end])) for row in rows]) for end in (1, 2))
    buys = np.array([row.taker_buys for row in rows])
    book = EventBatch.of(
        2,
        kind=EventKind.LEVEL,
        instrument=0,
        source=0,
        ts_event=10**18 - 1,
        side=np.array([1, -1]),
        price=np.array([PRICE - SPREAD // 2, PRICE + SPREAD // 2]),
        size=10**6,
    )
    batch = EventBatch.of(
        len(rows),
        kind=EventKind.TRADE,
        instrument=0,
        source=0,
        ts_event=10**18 + (SECOND * np.array([row.at for row in rows])).astype(np.int64),
        side=np.where(buys, 1, -1),
        price=np.array([row.price for row in rows]),
        size=np.array([row.size for row in rows]),
        account=np.where(buys, buyers, sellers),
        counter_account=np.where(buys, sellers, buyers),
        trade=np.arange(1, len(rows) + 1),
        sequence=np.arange(1, len(rows) + 1),
    )
    return Tape(EventBatch.concatenate([book, batch]), directory)


@pytest.mark.parametrize("members", [2, 3, 5])
@pytest.mark.parametrize("honest", [300, 3_000, 20_000])
def test_a_ring_is_found_at_any_density_and_nobody_else(members: int, honest: int) -> None:
    for seed in range(2):
        random = np.random.default_rng(seed)
        rounds = max(40, honest // 25)
        tape = tape_of(crowd(random, honest, 3600), ring(random, members, rounds, 3600))
        suspected = {signal.actor for signal in run_tape([circular.DETECTOR], tape)}
        assert suspected == {" + ".join(f"washer {number}" for number in range(members))}


def test_a_market_of_washers_is_told_from_the_few_others_in_it() -> None:
    random = np.random.default_rng(1)
    tape = tape_of(crowd(random, 300, 3600), ring(random, 3, 1000, 3600))
    suspected = {signal.actor for signal in run_tape([circular.DETECTOR], tape)}
    assert suspected == {"washer 0 + washer 1 + washer 2"}


@pytest.mark.parametrize(
    ("look_alike", "wander"),
    [(scalping, 0), (scalping, 5), (scalping, 30), (reverting, 0), (arbitrage, 0)],
)
def test_a_maker_and_his_client_are_not_suspected(
    look_alike: Callable[[np.random.Generator, float], Trades], wander: float
) -> None:
    for seed in range(5):
        random = np.random.default_rng(seed)
        tape = tape_of(crowd(random, 1000, 3600), look_alike(random, wander))
        assert run_tape([circular.DETECTOR], tape) == []


def test_the_signal_names_all_members_and_their_trades() -> None:
    (signal,) = run_scenario(circular.DETECTOR, circular.SCENARIOS[0])
    assert signal.actor == "ann + bob + eve"
    assert {party.account for party in signal.parties} == {"ann", "bob", "eve"}
    assert signal.text.startswith("3 actors sold to each other, all round, 8 times or more each")
    assert len(signal.evidence.trades) == 15
    assert all(reason.value >= 0 for reason in signal.reasons)
