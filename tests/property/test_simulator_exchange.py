"""The simulator's exchange beside an independent one, on random requests."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.kinds import Flag
from tests.reference.exchange import BUY, SELL, Exchange, Order
from tests.samples.exchange import PREVENTIONS, Floor

MEMBERS = 3
KINDS = (
    "limit",
    "limit",
    "limit",
    "market",
    "immediate",
    "fill or kill",
    "post only",
    "iceberg",
    "stop",
    "stop limit",
)

prevention = st.tuples(*[st.sampled_from(sorted(PREVENTIONS))] * MEMBERS)


@dataclass(frozen=True)
class Wish:
    """A request in the terms of the market: prices in ticks from the first price, sizes in usual sizes."""

    what: str
    account: int
    side: int
    offset: int
    size: int
    kind: str
    choice: int
    extra: int


requests = st.lists(
    st.builds(
        Wish,
        what=st.sampled_from(("new", "new", "new", "new", "cancel", "amend", "amend price")),
        account=st.integers(0, MEMBERS - 1),
        side=st.sampled_from((BUY, SELL)),
        offset=st.integers(-4, 4),
        size=st.integers(1, 9),
        kind=st.sampled_from(KINDS),
        choice=st.integers(0, 30),
        extra=st.integers(-4, 4),
    ),
    min_size=1,
    max_size=40,
)


class Both:
    """The two exchanges, given the same requests."""

    def __init__(self, preventions: tuple[str, ...]) -> None:
        self.floor = Floor.of(*preventions)
        self.rules = self.floor.rules
        self.plain = Exchange(self.rules, dict(enumerate(preventions)))
        self.sent: list[tuple[int, int]] = []

    def price(self, offset: int) -> int:
        return self.rules.first_price + offset * self.rules.tick

    def ask(self, wish: Wish) -> None:
        """One request to both; what they tell is the same, and so is the book they have then."""
        if wish.what == "new":
            actual = self.new(wish)
        elif not self.sent:
            return
        else:
            actual = self.change(wish)
        assert actual == self.plain.told
        self.plain.told.clear()
        self.compare_books()

    def new(self, wish: Wish) -> list[tuple[object, ...]]:
        size = wish.size * 100 * self.rules.lot
        is_market = wish.kind in ("market", "stop")
        price = None if is_market else self.price(wish.offset)
        peak = (1 + abs(wish.extra)) * 100 * self.rules.lot if wish.kind == "iceberg" else 0
        trigger = self.price(wish.extra) if wish.kind.startswith("stop") else 0
        order = Order(
            0,
            0,
            wish.account,
            wish.side,
            price,
            size,
            peak=peak,
            trigger=trigger,
            immediate=is_market or wish.kind in ("immediate", "fill or kill"),
            fill_or_kill=wish.kind == "fill or kill",
            post_only=wish.kind == "post only",
        )
        flags = {"immediate": Flag.IMMEDIATE, "post only": Flag.POST_ONLY}.get(wish.kind, Flag.NONE)
        told = self.floor.place(
            wish.account,
            wish.side,
            price,
            size,
            peak=peak,
            trigger=trigger,
            flags=flags,
            fill_or_kill=order.fill_or_kill,
        )
        self.plain.new(order)
        self.sent.append((order.number, wish.account))
        return told

    def change(self, wish: Wish) -> list[tuple[object, ...]]:
        number, account = self.sent[wish.choice % len(self.sent)]
        if wish.what == "cancel":
            self.plain.cancel(number)
            return self.floor.cancel(account, number)
        price = self.price(wish.offset) if wish.what == "amend price" else 0
        size = wish.size * 100 * self.rules.lot
        self.plain.amend(number, price, size)
        return self.floor.amend(account, number, price=price, size=size)

    def compare_books(self) -> None:
        expected = {
            side: {price: [(one.account, one.shown) for one in queue] for price, queue in prices.items()}
            for side, prices in self.plain.sides.items()
        }
        assert self.floor.book() == expected
        bid, ask = self.plain.best(BUY), self.plain.best(SELL)
        market = self.floor.simulation.world.instruments[0]
        assert market["best_bid"] * self.rules.tick == (-self.rules.tick if bid is None else bid)
        assert market["best_ask"] * self.rules.tick == (
            self.rules.ladder * self.rules.tick if ask is None else ask
        )
        assert bid is None or ask is None or bid < ask


@settings(max_examples=120)
@given(prevention, requests)
def test_the_exchange_does_what_the_plain_one_does(preventions: tuple[str, ...], wishes: list[Wish]) -> None:
    both = Both(preventions)
    for wish in wishes:
        both.ask(wish)
    world = both.floor.simulation.world
    held = world.positions["size"].tolist()
    assert held == [both.plain.held.get(account, 0) for account in range(MEMBERS)]
    paid = (world.accounts["cash"] + world.accounts["fees"]).tolist()
    assert paid == [both.plain.cash.get(account, 0) for account in range(MEMBERS)]
    assert sum(held) == sum(paid) == 0


@settings(max_examples=60)
@given(prevention, requests)
def test_nothing_is_lost_from_the_tables(preventions: tuple[str, ...], wishes: list[Wish]) -> None:
    both = Both(preventions)
    for wish in wishes:
        both.ask(wish)
    world = both.floor.simulation.world
    counters = world.counters[0]
    live = np.flatnonzero(world.orders["number"])
    assert set(world.orders["number"][live].tolist()) == set(both.plain.live)
    free = world.order_free[1 : int(counters["orders"]) + 1].tolist()
    assert sorted([*free, *live.tolist()]) == list(range(1, len(world.orders)))
    clock = 1  # the only message under way
    assert counters["due"] == clock
    assert counters["messages"] == len(world.messages) - 1 - clock
