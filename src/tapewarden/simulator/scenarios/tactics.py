"""What members of every scenario do: choose prices, judge how long a fill takes, wait, trade back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from math import ceil, sqrt
from typing import TYPE_CHECKING, Final

from tapewarden.domain.kinds import SECOND, Flag, Side
from tapewarden.simulator.members.script import Pause

if TYPE_CHECKING:
    from tapewarden.simulator.members.desk import Desk, Ticket
    from tapewarden.simulator.members.script import Script
    from tapewarden.simulator.scenarios.stage import Stage

NEAR: Final = 0.0025  # of the price: where size is seen and taken seriously
CLOSING: Final = 90 * SECOND  # before the end of the tape nothing new begins,
LAST_CALL: Final = 75 * SECOND  # nobody waits any longer
LAST_TRADE: Final = 5 * SECOND  # and nobody trades
LEAST_WAIT, MOST_WAIT = 2.0, 75.0  # seconds in which anybody hopes for a fill
GLANCES: Final = 20  # at the market during a wait
LEAST_GLANCE: Final = 0.1  # seconds between two
LOOKS: Final = 20  # at the market before acting
LOOK: Final = 0.5  # seconds between two
SAFETY: Final = 2.0  # typical moves that rarely happen in their time
FARTHEST: Final = 200  # ticks from the best price that anybody looks
MOST_SLICES: Final = 40  # in which a position is traded back


def toward_nothing(desk: Desk) -> Side:
    """The side that makes a position smaller."""
    return Side.SELL if desk.position > 0 else Side.BUY


def opposite(side: Side) -> Side:
    """The side across."""
    return Side.SELL if side is Side.BUY else Side.BUY


def a_side(stage: Stage) -> Side:
    """Buy or sell."""
    return Side.BUY if stage.chance.random() < 0.5 else Side.SELL


def behind(desk: Desk, side: Side, ticks: int) -> int:
    """A price so many ticks behind the best of a side, at least one tick."""
    return max(desk.best(side) - int(side) * ticks * desk.tick, desk.tick)


def ahead_of(side: Side, price: int, other: int) -> bool:
    """Whether a price of a side would trade before another one of it."""
    return (price - other) * int(side) > 0


def distance(desk: Desk, order: Ticket) -> int:
    """Ticks from the best price of an order's side back to the order."""
    return (desk.best(order.side) - order.price) * int(order.side) // desk.tick


def join_best(desk: Desk, order: Ticket) -> None:
    """Amend an order to the best price of its side, once that has moved on."""
    if distance(desk, order) > 0:
        desk.amend(order, price=desk.best(order.side))


def depth_near(desk: Desk, side: Side) -> int:
    """Size that the market shows on a side where it counts."""
    return desk.depth(side, int(desk.mid * NEAR))


def fill_time(desk: Desk, side: Side, size: int) -> float:
    """Seconds until an order at the best price of a side is filled, as trading has gone so far."""
    return 2 * (desk.level(desk.best(side)) + size) / max(desk.turnover, 1e-9)


def within_reach(seconds: float) -> float:
    """A wait as people bear it: never shorter than a look, never endless."""
    return min(max(seconds, LEAST_WAIT), MOST_WAIT)


def cycles(stage: Stage) -> range:
    """The repetitions that a performance means to do."""
    return range(max(round(stage.knobs["cycles"]), 1))


def is_closing(stage: Stage) -> bool:
    """Whether it is too late to begin anything."""
    return stage.now > stage.until - CLOSING


def watch(
    stage: Stage,
    seconds: float,
    done: Callable[[], bool],
    care: Callable[[], None] | None = None,
    *,
    glance: float | None = None,
) -> Script:
    """Wait until something is done, ``seconds`` at most, and look after things at every ``glance``."""
    until = min(stage.now + int(seconds * SECOND), stage.until - LAST_CALL)
    step = int(max(seconds / GLANCES if glance is None else glance, LEAST_GLANCE) * SECOND)
    while stage.now < until and not done():
        yield Pause(min(step, until - stage.now), until_answer=done)
        if care is not None and not done():
            care()


def perform_in_time(stage: Stage, acts: Iterable[tuple[float, Callable[[], None]]]) -> Script:
    """Do things, each so many seconds from now, in the order of time."""
    began = stage.now
    for seconds, act in sorted(acts, key=lambda one: one[0]):
        yield Pause(max(began + int(seconds * SECOND) - stage.now, 0))
        act()


def reach(desk: Desk, side: Side, levels: int) -> tuple[int, int]:
    """Price of the last of so many occupied levels of a side, from its best on, and what they show."""
    price, shown, found = desk.best(side), 0, 0
    for away in range(FARTHEST):
        here = behind(desk, side, away)
        size = desk.level(here)
        if size:
            price, shown, found = here, shown + size, found + 1
        if found == levels:
            break
    return price, shown


def sweep(stage: Stage, desk: Desk, side: Side, levels: int, role: str) -> Ticket:
    """Take everything that stands across on so many levels, at once."""
    price, _ = reach(desk, opposite(side), levels)
    return take_up_to(stage, desk, side, price, role)


def take_up_to(
    stage: Stage, desk: Desk, side: Side, price: int, role: str, most: float | None = None
) -> Ticket:
    """Take at once what stands across up to a price, ``most`` of it at most."""
    ahead = max((price - desk.best(opposite(side))) * int(side), 0)
    size = max(desk.depth(opposite(side), ahead), desk.usual_size)
    order = desk.place(
        side, desk.lots(size if most is None else min(size, most)), price, flags=Flag.IMMEDIATE
    )
    stage.note(role, order)
    return order


def observe(desk: Desk, look: float = LOOK, looks: int = LOOKS) -> Generator[Pause, None, float]:
    """Look at the market before acting, so often, so many seconds apart.

    Gives the ticks that it moves in a second, typically.
    """
    moves = []
    for _ in range(looks):
        before = desk.mid
        yield Pause(int(look * SECOND))
        moves.append(desk.mid - before)
    return sqrt(sum(move * move for move in moves) / len(moves) / look) / desk.tick


def safe_distance(stir: float, seconds: float) -> int:
    """Ticks that a market which moves ``stir`` ticks in a second rarely moves in so many seconds."""
    return ceil(SAFETY * stir * sqrt(seconds))


def withdraw(stage: Stage, desk: Desk, *tickets: Ticket) -> Script:
    """Cancel orders, and see that they have ended."""

    def is_done() -> bool:
        return not any(ticket.is_open for ticket in tickets)

    for _ in range(3):
        if is_done():
            return
        desk.cancel(*tickets)
        yield Pause(SECOND, until_answer=is_done)


def flatten(stage: Stage, *desks: Desk) -> Script:
    """Trade back to nothing, in slices that the market bears."""
    for desk in desks:
        for _ in range(MOST_SLICES):
            if desk.position == 0 or stage.now > stage.until - LAST_TRADE:
                break
            yield from take_slice(stage, desk, toward_nothing(desk), abs(desk.position), "cover")


def take_slice(stage: Stage, desk: Desk, side: Side, size: int, role: str) -> Script:
    """Take of a size what stands at the best price across, if anything, and wait a moment."""
    price = desk.best(opposite(side))
    offered = min(size, desk.level(price))
    if offered:
        order = desk.place(side, offered, price, flags=Flag.IMMEDIATE)
        stage.note(role, order)
        yield Pause(SECOND, until_answer=order.has_ended)
    yield stage.pause(0.5)
