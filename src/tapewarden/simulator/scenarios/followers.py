"""Followers: traders of a cast who join quick moves of the price, whoever made them, and leave soon after."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tapewarden.domain.kinds import SECOND, Side
from tapewarden.simulator.members.script import Pause
from tapewarden.simulator.scenarios.tactics import depth_near, opposite, toward_nothing, watch

if TYPE_CHECKING:
    from tapewarden.simulator.members.desk import Desk
    from tapewarden.simulator.members.script import Script
    from tapewarden.simulator.scenarios.stage import Stage

GLANCE: Final = 0.5  # seconds between looks
MEMORY: Final = 20  # looks over which a move is measured
LEAST_MOVE: Final = 4.0  # ticks that are worth following
UNUSUAL: Final = 2.0  # usual moves of that time, likewise
EAGERNESS: Final = 0.5  # chance per look to act on a move
ORDERS: Final = 3  # of each follower in one move
TOTAL: Final = 6.0  # of what the market shows, that all of them together take in one move
LEAST_STAY, MOST_STAY = 20.0, 50.0  # seconds until a follower leaves
REST: Final = 90 * SECOND  # in which he then lets moves pass


@dataclass(slots=True)
class Follower:
    """One of them: the move he follows (ticks), his side, orders left, until when he stays, then rests."""

    desk: Desk
    threshold: float
    side: Side = Side.UNKNOWN
    left: int = 0
    until: int = 0
    again: int = 0


class Followers:
    """All followers of a stage: those with desks behind the first one. They see nothing but the price."""

    def __init__(self, stage: Stage, stir: float) -> None:
        self._stage = stage
        desks = [legs[0] for legs in stage.desks[1:]]
        usual = max(LEAST_MOVE, UNUSUAL * stir * (MEMORY * GLANCE) ** 0.5)
        self._all = [Follower(desk, usual * stage.chance.uniform(0.7, 1.2)) for desk in desks]
        self._seen = deque[float](maxlen=MEMORY)

    def attend(self, seconds: float, done: Callable[[], bool] = lambda: False) -> Script:
        """Let time pass, with them at work, until something is done."""
        yield from watch(self._stage, seconds, done, self.look, glance=GLANCE)

    def look(self) -> None:
        """Let each see how the price has moved of late, and act on it."""
        desk, chance = self._stage.desk, self._stage.chance
        self._seen.append(desk.mid)
        move = (desk.last - self._seen[0]) / desk.tick
        for one in self._all:
            if one.until and self._stage.now >= one.until:
                self._leave(one)
            elif one.left and chance.random() < EAGERNESS:
                self._join(one)
            elif not one.until and self._stage.now >= one.again and abs(move) >= one.threshold:
                one.side, one.left = (Side.BUY if move > 0 else Side.SELL), ORDERS
                stay = chance.uniform(LEAST_STAY, MOST_STAY)
                one.until = self._stage.now + int(stay * SECOND)

    def leave(self) -> Script:
        """Let everybody close what he holds."""
        for one in self._all:
            self._leave(one)
        yield Pause(SECOND)

    def _join(self, one: Follower) -> None:
        shown = depth_near(one.desk, opposite(one.side))
        size = max(TOTAL * shown / ORDERS / len(self._all), one.desk.usual_size)
        self._trade(one, one.side, size * self._stage.chance.uniform(0.6, 1.4))
        one.left -= 1

    def _leave(self, one: Follower) -> None:
        one.left, one.until, one.again = 0, 0, self._stage.now + REST
        if one.desk.position:
            self._trade(one, toward_nothing(one.desk), abs(one.desk.position))

    def _trade(self, one: Follower, side: Side, size: float) -> None:
        order = one.desk.place(side, one.desk.lots(size))
        self._stage.note("benign", order)
