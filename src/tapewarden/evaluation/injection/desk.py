"""`InjectedDesk`: what a script of the simulator sees and does, on a recorded market."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import ClientStage, Flag, Side
from tapewarden.evaluation.injection.venue import InjectedOrder, Venue
from tapewarden.simulator.members.desk import Desk, State, Ticket


class Agenda:
    """What is to be done at which time (ns), in the order of time and, at one time, of asking."""

    def __init__(self) -> None:
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._asked = count()

    def add(self, time: int, deed: Callable[[], None]) -> None:
        """Do this at that time."""
        heapq.heappush(self._due, (time, next(self._asked), deed))

    def next_before(self, time: int) -> tuple[int, Callable[[], None]] | None:
        """Take out the next thing due at or before a time, ``None`` if there is none."""
        if not self._due or self._due[0][0] > time:
            return None
        moment, _, deed = heapq.heappop(self._due)
        return moment, deed


class InjectedDesk(Desk):
    """An account on the recorded market. What it sends and hears comes ``latency`` ns late."""

    def __init__(
        self, venue: Venue, agenda: Agenda, listed: Instrument, name: str, account: int, latency: int
    ) -> None:
        self._venue = venue
        self._agenda = agenda
        self._number = account
        self._orders: dict[Ticket, InjectedOrder] = {}
        self._waits = 0
        super().__init__(name, listed, latency)

    # --- what it sees -------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Event time, ns."""
        return self._venue.now

    @property
    def tick(self) -> int:
        """Least step of prices; a unit where the recording does not say."""
        return self.listed.tick or 1

    @property
    def lot(self) -> int:
        """Least step of sizes; a unit where the recording does not say."""
        return self.listed.lot or 1

    @property
    def usual_size(self) -> int:
        """The median size of recent recorded trades, in lots."""
        return self.lots(self._venue.usual_size)

    @property
    def bid(self) -> int | None:
        """Best bid."""
        return self._venue.best(Side.BUY)

    @property
    def ask(self) -> int | None:
        """Best ask."""
        return self._venue.best(Side.SELL)

    @property
    def last(self) -> int:
        """Price of the last recorded trade."""
        return self._venue.last

    @property
    def position(self) -> int:
        """What the account holds, sold short: negative."""
        return self._venue.positions.get(self._number, 0)

    @property
    def paid(self) -> int:
        """What it paid for that, price units times size units."""
        return self._venue.costs.get(self._number, 0)

    @property
    def volume(self) -> int:
        """Size traded on the recorded market so far."""
        return self._venue.volume

    @property
    def trades(self) -> int:
        """Recorded trades so far."""
        return self._venue.trades

    def level(self, price: int) -> int:
        """Size displayed at a price."""
        return self._venue.level(price)

    def depth(self, side: Side, distance: int) -> int:
        """Size displayed on a side, up to ``distance`` (units of price) from its best price."""
        return self._venue.depth(side, distance)

    def ahead(self, ticket: Ticket) -> int:
        """Size displayed at an order's price that trades before it; 0 once it has left the book."""
        return self._venue.ahead(self._orders[ticket])

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
        """Send an order, without a price at the market. Icebergs and stops cannot be injected."""
        if peak or trigger:
            raise ConfigurationError("injection: expected plain orders, received an iceberg or a stop")
        ticket = Ticket(side, price or 0, size)
        kinds = flags if price is not None else flags | Flag.MARKET | Flag.IMMEDIATE
        order = InjectedOrder(
            int(side), price or 0, size, 0, account=self._number, flags=kinds, on_fill=self._filled(ticket)
        )
        self._orders[ticket] = order
        self._send(lambda: self._arrive(ticket, order))
        return ticket

    def cancel(self, *tickets: Ticket) -> None:
        """Send cancels; an order that is not known to be live cannot be canceled."""
        for ticket in tickets:
            if ticket.state is State.LIVE:
                self._send(lambda ticket=ticket: self._withdraw(ticket))  # type: ignore[misc]

    def amend(self, ticket: Ticket, *, price: int | None = None, size: int | None = None) -> None:
        """Send a change of price, of remaining size, or both."""
        if ticket.state is State.LIVE:
            self._send(lambda: self._change(ticket, price, size))

    def report_client_order(
        self, stage: ClientStage, client: str, side: Side, size: int, order: int = 0
    ) -> int:
        """Nobody on a recorded market sends this account orders of clients."""
        raise ConfigurationError("injection: expected a scenario without clients' orders")

    def announce(self, at: int, change: float) -> None:
        """Nothing new can be made known to a recorded market."""
        raise ConfigurationError("injection: expected a scenario without news of its own")

    def persuade(self, change: float) -> None:
        """Nothing: what is injected has no impact on a recorded market."""

    # --- waiting ------------------------------------------------------------------------------------------

    def wait_until(self, time: int) -> None:
        """Ask to be woken at a time; a later call replaces an earlier one."""
        self._waits += 1
        self._agenda.add(max(time, self.now), lambda waits=self._waits: self._time_has_come(waits))  # type: ignore[misc]

    def _time_has_come(self, waits: int) -> None:
        if waits == self._waits:
            self._wake(False)

    def _send(self, deed: Callable[[], None]) -> None:
        self._agenda.add(self.now + self.latency, deed)

    def _answer(self, change: Callable[[], None]) -> None:
        def hear() -> None:
            change()
            self._wake(True)

        self._agenda.add(self.now + self.latency, hear)

    def _arrive(self, ticket: Ticket, order: InjectedOrder) -> None:
        self._answer(lambda: self._note(ticket, order, State.LIVE))
        if not self._venue.place(order):
            self._answer(lambda: self._note(ticket, order, State.REJECTED))
        elif order.size and not self._venue.is_resting(order):
            self._answer(lambda: self._note(ticket, order, State.CANCELED))

    def _withdraw(self, ticket: Ticket) -> None:
        order = self._orders[ticket]
        if self._venue.is_resting(order):
            self._venue.cancel(order)
            self._answer(lambda: self._note(ticket, order, State.CANCELED))

    def _change(self, ticket: Ticket, price: int | None, size: int | None) -> None:
        order = self._orders[ticket]
        if self._venue.is_resting(order):
            ticket.price, ticket.size = price or order.price, ticket.filled + (size or order.size)
            self._venue.amend(order, ticket.price, size or order.size)

    def _filled(self, ticket: Ticket) -> Callable[[int, int], None]:
        def hear(size: int, trade: int) -> None:
            def learn() -> None:
                ticket.filled += size
                ticket.trades = (*ticket.trades, trade)
                if ticket.remaining == 0:
                    ticket.state = State.FILLED

            self._answer(learn)

        return hear

    @staticmethod
    def _note(ticket: Ticket, order: InjectedOrder, state: State) -> None:
        ticket.number = order.number
        if ticket.is_open:
            ticket.state = state
