"""Pressure on a book: size shown on one side so that something on the other is filled, then taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tapewarden.domain.kinds import Flag, Side
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Script
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.scenarios.tactics import (
    ahead_of,
    behind,
    cycles,
    depth_near,
    distance,
    fill_time,
    flatten,
    is_closing,
    join_best,
    observe,
    opposite,
    safe_distance,
    watch,
    withdraw,
    within_reach,
)

AMENDS_AWAY: Final = 0.25  # of manipulators move the bait out of sight instead of canceling it
OUT_OF_SIGHT: Final = 150  # ticks
TAKES: Final = 0.3  # of cycles in which the intent takes what the pressure brought, instead of waiting
HESITATION: Final = 0.5  # seconds between intent and bait, at most
QUICK: Final = 5.0  # seconds: where a fill usually comes sooner, bait comes first
ATTENTION: Final = 0.25  # seconds between looks at the bait
LESSON: Final = 2  # ticks
EXCUSE: Final = 3.0  # seconds that an order out of sight stays before it is canceled


@dataclass(frozen=True, slots=True)
class Manner:
    """How bait is laid: levels, ticks to the first beyond what is safe, and between levels."""

    levels: int
    first: int
    spacing: int


@dataclass(slots=True)
class Bait:
    """Orders on one side that are to be seen and not to trade."""

    stage: Stage
    desk: Desk
    side: Side
    safe: int  # ticks from the best price at which it will not be hit before somebody looks
    spacing: int = 1  # ticks from one level to the next
    orders: list[Ticket] = field(default_factory=list)

    def show(self, total: float, manner: Manner) -> None:
        """Place so much in a manner."""
        self.spacing = manner.spacing
        for level in range(manner.levels):
            size = self.desk.lots(total / manner.levels * self.stage.chance.uniform(0.9, 1.1))
            price = behind(self.desk, self.side, manner.first + self.safe + level * manner.spacing)
            self.orders.append(self.desk.place(self.side, size, price, flags=Flag.POST_ONLY))
        self.stage.note("bait", *self.orders)
        self.stage.harm()

    @property
    def is_touched(self) -> bool:
        """Whether some of it traded: it is not safe any more."""
        return any(order.filled for order in self.orders)

    @property
    def safer(self) -> int:
        """How far away the next bait should be: farther if this one was hit."""
        return self.safe + LESSON * self.is_touched

    def keep_away(self) -> None:
        """Move back what the best price has come too close to, each order to a level of its own."""
        for level, order in enumerate(self.orders):
            if order.is_open and distance(self.desk, order) <= self.safe:
                away = 2 + 2 * self.safe + level * self.spacing
                self.desk.amend(order, price=behind(self.desk, self.side, away))

    def pull(self, *, amending: bool = False) -> Script:
        """Take it away at once: cancel it, or amend it out of sight and cancel it later."""
        if amending:
            for order in self.orders:
                self.desk.amend(order, price=behind(self.desk, self.side, OUT_OF_SIGHT))
            yield self.stage.pause(EXCUSE)
        yield from withdraw(self.stage, self.desk, *self.orders)


def deceive(stage: Stage, bait: Desk, intent: Desk, manner: Sequence[Manner]) -> Script:
    """Press on the book and be filled on the other side, again and again; buy and sell in turn.

    Knobs: ``ratio``, ``share``, ``delay``, ``patience``, ``cover``, ``cycles``, ``rest``.
    """
    amending = bool(stage.chance.random() < AMENDS_AWAY)
    safe = safe_distance((yield from observe(bait)), ATTENTION)
    for _ in cycles(stage):
        if is_closing(stage):
            break
        stage.begin_cycle()
        side = Side.BUY if intent.position <= 0 else Side.SELL  # of what is meant
        wall = Bait(stage, bait, opposite(side), safe)
        chosen = manner[int(stage.chance.integers(len(manner)))]
        yield from press(wall, intent, chosen, amending)
        safe = wall.safer
        stage.end_cycle()
        yield stage.pause(stage.knobs["rest"])
    yield from flatten(stage, *dict.fromkeys((bait, intent)))


def press(wall: Bait, desk: Desk, manner: Manner, amending: bool) -> Script:
    """One cycle: bait, intent, and the bait away."""
    stage, knobs, side = wall.stage, wall.stage.knobs, opposite(wall.side)
    total = max(depth_near(desk, wall.side) * knobs["share"], knobs["ratio"] * desk.usual_size)
    size = intent_size(desk, side, total / knobs["ratio"])
    usual = fill_time(desk, side, size)
    patience = within_reach(knobs["patience"] * usual)
    cover = show_cover(stage, desk, side, total * knobs["cover"])
    if usual <= patience and stage.chance.random() >= TAKES:
        if usual < QUICK:  # the fill would come before the bait
            wall.show(total, manner)
        intent = wait_in_queue(stage, desk, side, size)
        yield stage.pause(min(HESITATION, usual / 5))
        if usual >= QUICK and intent.is_open:
            wall.show(total, manner)
    else:
        wall.show(total, manner)
        yield from wait_for_move(wall, patience / 2)
        intent = take(stage, desk, side, size)
    yield from wait_for_fill(wall, desk, intent, patience)
    yield stage.pause(knobs["delay"])
    yield from wall.pull(amending=amending)
    yield from withdraw(stage, desk, intent, *cover)


def wait_for_move(wall: Bait, seconds: float) -> Script:
    """Let the bait press until the best price of its side has come a tick nearer."""
    price = wall.desk.best(wall.side)

    def is_time() -> bool:
        return wall.is_touched or ahead_of(wall.side, wall.desk.best(wall.side), price)

    yield from watch(wall.stage, seconds, is_time, wall.keep_away, glance=ATTENTION)


def wait_for_fill(wall: Bait, desk: Desk, intent: Ticket, seconds: float) -> Script:
    """Let the bait press until the intent is filled, keeping the one safe and the other at the best price."""

    def is_time() -> bool:
        return wall.is_touched or intent.has_ended()

    def care() -> None:
        wall.keep_away()
        join_best(desk, intent)

    yield from watch(wall.stage, seconds, is_time, care, glance=ATTENTION)


def intent_size(desk: Desk, side: Side, wanted: float) -> int:
    """What is meant to trade: no more than a quarter of a minute's trading on that side would fill."""
    most = max(7.5 * desk.turnover, 0.5 * desk.usual_size)
    return desk.lots(min(wanted, most))


def wait_in_queue(stage: Stage, desk: Desk, side: Side, size: int) -> Ticket:
    """The genuine order at the best price, or a tick better where there is room."""
    price = desk.best(side)
    if desk.ask is not None and desk.bid is not None and desk.ask - desk.bid > desk.tick:
        price += int(side) * desk.tick
    order = desk.place(side, size, price, flags=Flag.POST_ONLY)
    stage.note("intent", order)
    return order


def take(stage: Stage, desk: Desk, side: Side, size: int) -> Ticket:
    """The genuine order takes what is offered at the best price."""
    price = desk.best(opposite(side))
    order = desk.place(side, min(size, max(desk.level(price), desk.lot)), price, flags=Flag.IMMEDIATE)
    stage.note("intent", order)
    return order


def show_cover(stage: Stage, desk: Desk, side: Side, size: float) -> list[Ticket]:
    """Orders on the side of the intent, behind it, so that the bait is not the only thing shown."""
    if size < desk.lot:
        return []
    order = desk.place(side, desk.lots(size), behind(desk, side, int(stage.chance.integers(3, 9))))
    stage.note("cover", order)
    return [order]
