"""The market beneath a scenario: a few dozen accounts that quote, amend, cancel and trade around 100.00.

Synthetic and always the same: every choice is the next number of a counter-based generator with a fixed
seed. It never crosses the book, and it never trades with an order of the text: where one of those is
first in line, takers of that side wait.

The fair price wanders by a tick about every two seconds, within some ticks of 100.00; the spread is two
to six ticks. Makers keep about sixty orders a side within thirty ticks, of 0.5 to 4 each, so that near the
touch rest 60 to 100 on a side. A trade is of 0.1 to 2, half of them below 0.6. The market ``prints`` shows
trades alone, one every two seconds.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Side
from tapewarden.engine.chance import uniform
from tapewarden.engine.scenarios.draft import Draft, Order

CENTER: Final = 100_00
"""Where the fair price begins and returns to, in price units."""

LOT: Final = 100
"""Sizes are multiples of 0.01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """How lively a market is: steps per second, accounts, and how far the fair price wanders, in ticks."""

    rate: float
    makers: int
    takers: int
    reach: int
    public_only: bool = False


CHARACTERS: Final = {
    "calm": Character(rate=8.0, makers=20, takers=10, reach=8),
    "busy": Character(rate=40.0, makers=40, takers=30, reach=25),
    "prints": Character(rate=0.5, makers=0, takers=0, reach=8, public_only=True),
}

_ORDERS: Final = 120  # live orders of all makers that the market tends to
_DEPTH: Final = 30  # ticks from the fair price within which makers quote


class Ambient:
    """The ambient market of one instrument; ``next`` is when it acts again, in ns since the beginning."""

    def __init__(self, draft: Draft, instrument: int, market: str) -> None:
        self.next = 0
        self._character = CHARACTERS[market]
        self._instrument = instrument
        self._seed = instrument + 1
        self._draws = 0
        self._fair = CENTER
        self._orders: list[int] = []
        self._makers = [draft.directory.add_account(f"maker-{i + 1}") for i in range(self._character.makers)]
        self._takers = [draft.directory.add_account(f"taker-{i + 1}") for i in range(self._character.takers)]

    def copy(self) -> Ambient:
        """An independent market in the same state."""
        twin = copy.copy(self)
        twin._orders = self._orders.copy()
        return twin

    def step(self, draft: Draft) -> None:
        """Act once, at ``next``."""
        draft.now = self.next
        if self._draw() < 0.5 / self._character.rate:
            self._wander()
        if self._character.public_only:
            self._print(draft)
        else:
            self._act(draft)
        filling = len(self._orders) < _ORDERS // 2 and not self._character.public_only
        pause = 0.01 if filling else 2.0 / self._character.rate
        self.next += 1 + int(self._draw() * pause * SECOND)

    def _draw(self) -> float:
        self._draws += 1
        return uniform(self._seed, self._draws)

    def _pick(self, numbers: list[int]) -> int:
        return numbers[int(self._draw() * len(numbers))]

    def _size(self, least: float, most: float) -> int:
        """A size in units, small ones oftener."""
        draw = self._draw()
        return LOT * round((least + (most - least) * draw * draw) * 100)

    def _wander(self) -> None:
        away = self._fair - CENTER
        up = self._draw() < 0.5 - 0.5 * away / self._character.reach
        self._fair += 1 if up else -1

    def _print(self, draft: Draft) -> None:
        side = Side.BUY if self._draw() < 0.5 else Side.SELL
        draft.write(
            EventKind.TRADE,
            self._instrument,
            trade=draft.next_number(),
            side=side,
            price=self._fair + side,
            size=self._size(0.1, 2.0),
        )

    def _act(self, draft: Draft) -> None:
        stale = self._stale(draft)
        choice = self._draw()
        if stale is not None and choice < 0.5:
            self._cancel(draft, stale)
        elif len(self._orders) < _ORDERS // 2 or (choice < 0.5 and len(self._orders) < _ORDERS):
            self._place(draft)
        elif choice < 0.74:
            self._cancel(draft, self._live(draft))
        elif choice < 0.86:
            self._amend(draft, self._live(draft))
        else:
            self._trade(draft)

    def _live(self, draft: Draft) -> Order:
        """One of the makers' orders; those that the text has taken are forgotten on the way."""
        live = draft.book(self._instrument).orders
        self._orders = [number for number in self._orders if number in live]
        if not self._orders:
            self._place(draft)
        return live[self._pick(self._orders)]

    def _stale(self, draft: Draft) -> Order | None:
        """A maker's order at the touch that the fair price has reached."""
        book = draft.book(self._instrument)
        for side in (Side.BUY, Side.SELL):
            first = book.first(side)
            if first and first.account in self._makers and (first.price - self._fair) * side >= 0:
                return first
        return None

    def _price(self, draft: Draft, side: Side) -> int:
        """A price behind the fair one, and never through the other side."""
        draw = self._draw()
        price = self._fair - side * (1 + int(_DEPTH * draw * draw))
        other = draft.book(self._instrument).best(Side(-side))
        if other is not None and (price - other) * side >= 0:
            price = other - side
        return price

    def _place(self, draft: Draft) -> None:
        live = draft.book(self._instrument).orders
        lean = sum(live[number].side for number in self._orders if number in live)
        side = Side.BUY if self._draw() < (0.25 if lean > 0 else 0.75) else Side.SELL
        maker, number = self._pick(self._makers), draft.next_number()
        order = Order(number, maker, side, self._price(draft, side), self._size(0.5, 4.0))
        draft.place(self._instrument, order)
        self._orders.append(number)

    def _cancel(self, draft: Draft, order: Order) -> None:
        self._orders.remove(order.number)
        draft.end(EventKind.CANCEL, self._instrument, order, None, EndReason.USER)

    def _amend(self, draft: Draft, order: Order) -> None:
        price = self._price(draft, order.side)
        draft.amend(self._instrument, order, self._size(0.5, 4.0), price, EndReason.USER)

    def _trade(self, draft: Draft) -> None:
        side = Side.BUY if self._draw() < 0.5 else Side.SELL
        resting = draft.book(self._instrument).first(Side(-side))
        if resting is None or resting.account not in self._makers:
            return
        size = min(resting.size, self._size(0.1, 2.0))
        taker = Order(
            draft.next_number(), self._pick(self._takers), side, resting.price, size, Flag.IMMEDIATE
        )
        draft.place(self._instrument, taker)
        draft.trade(self._instrument, taker, resting, size, resting.price)
        if resting.size == 0:
            self._orders.remove(resting.number)


def advance(draft: Draft, markets: tuple[Ambient, ...], until: int) -> None:
    """Let the markets act, in time order, up to but not at a time."""
    while markets:
        market = min(markets, key=lambda market: market.next)
        if market.next >= until:
            return
        market.step(draft)


def warmed(market: str, symbols: tuple[str, ...], seconds: int) -> tuple[Draft, tuple[Ambient, ...]]:
    """A draft with the instruments listed and their ambient markets run for some seconds; none if so."""
    draft, markets = _warmed(market, symbols, seconds)
    return draft.copy(), tuple(market.copy() for market in markets)


@lru_cache(maxsize=8)
def _warmed(market: str, symbols: tuple[str, ...], seconds: int) -> tuple[Draft, tuple[Ambient, ...]]:
    draft = Draft()
    instruments = [draft.instrument(symbol) for symbol in symbols]
    if market == "none":
        return draft, ()
    markets = tuple(Ambient(draft, instrument, market) for instrument in instruments)
    advance(draft, markets, seconds * SECOND)
    return draft, markets
