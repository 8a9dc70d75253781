"""`Desk`: what a member of the exchange sees of one instrument and can do there, in plain Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import SECOND, ClientStage, EventKind, Flag, Side
from tapewarden.simulator.exchange.agenda import (
    ACCEPTED,
    AMEND,
    CANCEL,
    CANCELED,
    FILLED,
    NEW,
    REJECTED,
    RESUME,
)
from tapewarden.simulator.exchange.doors import request, schedule, tell
from tapewarden.simulator.exchange.tables import BUY, SELL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapewarden.simulator.simulation import Simulation

FIRST_TICKET: Final = 1 << 16  # so that no ticket is mistaken for a compiled agent's slot


class State(Enum):
    """What became of an order, as far as its member knows."""

    SENT = "sent"
    LIVE = "live"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"


@dataclass(slots=True, eq=False)
class Ticket:
    """An order as its member knows it, a delay behind the exchange. Prices and sizes in units."""

    side: Side
    price: int
    size: int
    state: State = State.SENT
    number: int = 0
    row: int = 0
    filled: int = 0
    trades: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self.state in (State.SENT, State.LIVE)

    def has_ended(self) -> bool:
        """Whether it can trade no more."""
        return not self.is_open

    @property
    def remaining(self) -> int:
        """Size not filled yet."""
        return self.size - self.filled


class Desk(ABC):
    """An account on one instrument: what its member sees there and can do.

    What it sends arrives after ``latency`` ns, what it hears is as late. Prices and sizes are in the units of
    ``listed``; ``tick`` and ``lot`` are the least steps. The view of the book is the market's own, without
    delay: members' decisions are slower than that anyway.
    """

    def __init__(self, name: str, listed: Instrument, latency: int) -> None:
        self.name = name
        self.listed = listed
        self.latency = latency
        self._wake: Callable[[bool], None] = lambda answered: None
        self._opened, self._volume_before, self._trades_before = self.now, self.volume, self.trades

    # --- what it sees -------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def now(self) -> int:
        """Event time, ns."""

    @property
    @abstractmethod
    def tick(self) -> int:
        """Least step of prices."""

    @property
    @abstractmethod
    def lot(self) -> int:
        """Least step of sizes."""

    @property
    @abstractmethod
    def usual_size(self) -> int:
        """A usual order here, in lots."""

    @property
    @abstractmethod
    def bid(self) -> int | None:
        """Best bid."""

    @property
    @abstractmethod
    def ask(self) -> int | None:
        """Best ask."""

    @property
    @abstractmethod
    def last(self) -> int:
        """Price of the last trade."""

    @property
    @abstractmethod
    def position(self) -> int:
        """What the account holds, sold short: negative."""

    @property
    @abstractmethod
    def paid(self) -> int:
        """What it paid for that, price units times size units, without fees."""

    @property
    @abstractmethod
    def volume(self) -> int:
        """Size traded on the instrument so far."""

    @property
    @abstractmethod
    def trades(self) -> int:
        """Trades of the instrument so far."""

    @abstractmethod
    def level(self, price: int) -> int:
        """Size displayed at a price."""

    @abstractmethod
    def depth(self, side: Side, distance: int) -> int:
        """Size displayed on a side, up to ``distance`` (units of price) from its best price."""

    @abstractmethod
    def ahead(self, ticket: Ticket) -> int:
        """Size displayed at an order's price that trades before it; 0 once it has left the book."""

    @property
    def mid(self) -> float:
        """Between the best prices; the last price where a side is empty."""
        bid, ask = self.bid, self.ask
        return (bid + ask) / 2 if bid is not None and ask is not None else float(self.last)

    @property
    def gain(self) -> float:
        """What trading here brought, in quote currency without fees, the rest valued at the middle."""
        scale = 10.0 ** (self.listed.price_exponent + self.listed.size_exponent)
        return float((self.position * self.mid - self.paid) * scale)

    @property
    def turnover(self) -> float:
        """Size traded per second since the desk was set up."""
        return self._since_opened(self.volume, self._volume_before)

    @property
    def pace(self) -> float:
        """Trades per second since the desk was set up."""
        return self._since_opened(self.trades, self._trades_before)

    def best(self, side: Side) -> int:
        """Best price of a side; the last price where it is empty."""
        best = self.bid if side is Side.BUY else self.ask
        return best if best is not None else self.last

    def lots(self, size: float) -> int:
        """The nearest size in lots, at least one."""
        return max(round(size / self.lot), 1) * self.lot

    # --- what it does -------------------------------------------------------------------------------------

    @abstractmethod
    def place(
        self,
        side: Side,
        size: int,
        price: int | None = None,
        *,
        flags: Flag = Flag.NONE,
        peak: int = 0,
        trigger: int = 0,
    ) -> Ticket:
        """Send an order: without a price at the market, with ``peak`` an iceberg, with ``trigger`` a stop."""

    @abstractmethod
    def cancel(self, *tickets: Ticket) -> None:
        """Send cancels; an order that is not known to be live cannot be canceled."""

    @abstractmethod
    def amend(self, ticket: Ticket, *, price: int | None = None, size: int | None = None) -> None:
        """Send a change of price, of remaining size, or both."""

    @abstractmethod
    def report_client_order(
        self, stage: ClientStage, client: str, side: Side, size: int, order: int = 0
    ) -> int:
        """Tell that a client's order was received, routed or completed by this account; gives its number.

        ``order`` is that number, 0 for a new one.
        """

    @abstractmethod
    def announce(self, at: int, change: float) -> None:
        """Let the world learn at a time (ns) that the asset is worth this part more, or less."""

    @abstractmethod
    def persuade(self, change: float) -> None:
        """Let others believe from now on, without news, that the asset is worth this part more, or less."""

    # --- waiting ------------------------------------------------------------------------------------------

    def on_wake(self, wake: Callable[[bool], None]) -> None:
        """Call this when the time of ``wait_until`` has come (False), or an answer of the market (True)."""
        self._wake = wake

    @abstractmethod
    def wait_until(self, time: int) -> None:
        """Ask to be woken at a time; a later call replaces an earlier one."""

    def _since_opened(self, count: int, before: int) -> float:
        return (count - before) * SECOND / max(self.now - self._opened, SECOND)


class ExchangeDesk(Desk):
    """A desk at the simulated exchange."""

    def __init__(
        self, simulation: Simulation, name: str, instrument: int, *, owner: str | None = None, latency: int
    ) -> None:
        self.instrument = instrument
        self._simulation = simulation
        self._tickets: dict[int, Ticket] = {}
        self._waits = 0
        self._agent = simulation.add_member(name, owner, instrument, latency, self._hear)
        self._account = simulation.directory.account_number(name)
        super().__init__(name, simulation.listings[instrument].instrument, latency)
        self._tick, self._lot = int(self._market["tick"]), int(self._market["lot"])

    # --- what it sees -------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Event time, ns."""
        return self._simulation.now

    @property
    def tick(self) -> int:
        """Least step of prices."""
        return self._tick

    @property
    def lot(self) -> int:
        """Least step of sizes."""
        return self._lot

    @property
    def usual_size(self) -> int:
        """A usual order here, in lots."""
        return int(self._market["size_scale"]) // self.lot * self.lot

    @property
    def bid(self) -> int | None:
        """Best bid."""
        best = int(self._market["best_bid"])
        return best * self.tick if best >= 0 else None

    @property
    def ask(self) -> int | None:
        """Best ask."""
        best = int(self._market["best_ask"])
        return best * self.tick if best < self._market["ladder"] else None

    @property
    def last(self) -> int:
        """Price of the last trade."""
        return int(self._market["last"]) * self.tick

    @property
    def position(self) -> int:
        """What the account holds, sold short: negative."""
        return int(self._held["size"])

    @property
    def paid(self) -> int:
        """What it paid for that, price units times size units, without fees."""
        return int(self._held["cost"])

    @property
    def volume(self) -> int:
        """Size traded on the instrument so far."""
        return int(self._market["volume"])

    @property
    def trades(self) -> int:
        """Trades of the instrument so far."""
        return int(self._market["trades"])

    def level(self, price: int) -> int:
        """Size displayed at a price."""
        place = int(self._market["first"]) + price // self.tick
        return int(self._simulation.world.levels[place]["size"])

    def depth(self, side: Side, distance: int) -> int:
        """Size displayed on a side, up to ``distance`` (units of price) from its best price."""
        best = self.bid if side is Side.BUY else self.ask
        if best is None:
            return 0
        first = int(self._market["first"])
        at, steps = best // self.tick, distance // self.tick
        low, high = (at - steps, at) if side is Side.BUY else (at, at + steps)
        sizes = self._simulation.world.levels["size"][first + max(low, 0) : first + high + 1]
        return int(sizes.sum())

    def ahead(self, ticket: Ticket) -> int:
        """Size displayed at an order's price that trades before it; 0 once it has left the book."""
        orders, size = self._simulation.world.orders, 0
        if int(orders[ticket.row]["number"]) != ticket.number:
            return 0
        row = int(orders[ticket.row]["before"])
        while row:
            size += int(orders[row]["shown"])
            row = int(orders[row]["before"])
        return size

    # --- what it does -------------------------------------------------------------------------------------

    def place(
        self,
        side: Side,
        size: int,
        price: int | None = None,
        *,
        flags: Flag = Flag.NONE,
        peak: int = 0,
        trigger: int = 0,
    ) -> Ticket:
        """Send an order: without a price at the market, with ``peak`` an iceberg, with ``trigger`` a stop."""
        ticket = Ticket(side, price or 0, size)
        place = FIRST_TICKET + len(self._tickets)
        self._tickets[place] = ticket
        kinds = flags if price is not None else flags | Flag.MARKET | Flag.IMMEDIATE
        self._request(NEW, place, side, ticket.price, size, peak=peak, trigger=trigger, flags=int(kinds))
        return ticket

    def cancel(self, *tickets: Ticket) -> None:
        """Send cancels; an order the exchange has not confirmed yet cannot be canceled."""
        for ticket in tickets:
            if ticket.state is State.LIVE:
                self._request(CANCEL, 0, ticket.side, 0, 0, ticket=ticket)

    def amend(self, ticket: Ticket, *, price: int | None = None, size: int | None = None) -> None:
        """Send a change of price, of remaining size, or both."""
        if ticket.state is State.LIVE:
            ticket.price = price or ticket.price
            self._request(AMEND, 0, ticket.side, price or 0, size or 0, ticket=ticket)

    def report_client_order(
        self, stage: ClientStage, client: str, side: Side, size: int, order: int = 0
    ) -> int:
        """As ``Desk`` says; the row names the client and this account."""
        world, number = self._simulation.world, self._simulation.directory.add_account(client)
        if order == 0:
            world.counters[0]["number"] += 1
            order = int(world.counters[0]["number"])
        kind, reason = int(EventKind.CLIENT_ORDER), int(stage)
        tell(world, kind, self.instrument, number, self._account, reason, int(side), -1, size, order)
        return order

    def announce(self, at: int, change: float) -> None:
        """Let the world learn at a time (ns) that the asset is worth this part more, or less."""
        self._simulation.announce(at, int(self._market["asset"]), change)

    def persuade(self, change: float) -> None:
        """Let others believe from now on, without news, that the asset is worth this part more, or less."""
        self._simulation.world.assets["value"][int(self._market["asset"])] *= 1 + change

    # --- waiting ------------------------------------------------------------------------------------------

    def wait_until(self, time: int) -> None:
        """Ask to be woken at a time; a later call replaces an earlier one."""
        self._waits += 1
        moment = max(time, self.now)
        schedule(self._simulation.world, RESUME, self._agent, moment, self._waits, self.instrument, 0)

    def _hear(self, message: Any) -> None:
        kind = int(message["kind"])
        if kind != RESUME:
            self._learn(kind, self._tickets[int(message["slot"])], message)
            self._wake(True)
        elif int(message["number"]) == self._waits:
            self._wake(False)

    def _learn(self, kind: int, ticket: Ticket, message: Any) -> None:
        ticket.number, ticket.row = int(message["number"]), int(message["order"])
        if kind == ACCEPTED:
            ticket.state = State.LIVE
        elif kind == FILLED:
            ticket.filled += int(message["size"])
            ticket.size = ticket.filled + int(message["life"])  # an amend may have changed it
            ticket.trades = (*ticket.trades, int(message["trigger"]))
            if ticket.remaining == 0:
                ticket.state = State.FILLED
        elif kind == CANCELED:
            ticket.state = State.CANCELED
        elif kind == REJECTED and ticket.state is State.SENT:  # a refused amend changes nothing
            ticket.state = State.REJECTED

    def _request(
        self,
        kind: int,
        place: int,
        side: Side,
        price: int,
        size: int,
        *,
        ticket: Ticket | None = None,
        peak: int = 0,
        trigger: int = 0,
        flags: int = 0,
    ) -> None:
        number, row = (ticket.number, ticket.row) if ticket else (0, 0)
        code = BUY if side is Side.BUY else SELL
        request(
            self._simulation.world,
            kind,
            self._agent,
            number,
            row,
            code,
            price,
            size,
            peak,
            trigger,
            flags,
            place,
        )

    @property
    def _market(self) -> Any:
        return self._simulation.world.instruments[self.instrument]

    @property
    def _held(self) -> Any:
        world = self._simulation.world
        return world.positions[self._account * len(world.instruments) + self.instrument]
