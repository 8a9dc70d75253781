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
QUICK: Final = 10.0  # seconds over which quick moves are measured
LEAST_MOVE: Final = 6.0  # ticks that are worth following
UNUSUAL: Final = 3.0  # usual moves of that time, likewise,
LEARNING: Final = 1 / 400  # part of each look in what is usual
EAGERNESS: Final = 0.2  # chance per look that one of them takes more,
SHARE: Final = 0.25  # of what the market shows
MINUTES: Final = 6.0  # of usual trading, that all of them together want in a quick move
LEAST_STAY, MOST_STAY = 20.0, 50.0  # seconds until a follower leaves
REST: Final = 60 * SECOND  # in which he then lets moves pass


@dataclass(slots=True)
class Follower:
    """One of them: how far a move must go beside what strikes anybody, his side, size still wanted, times.

    He stays until the first of these times (ns), and then rests until the second.
    """

    desk: Desk
    caution: float
    side: Side = Side.UNKNOWN
    wanted: float = 0.0
    until: int = 0
    again: int = 0


class Followers:
    """All followers of a stage: those with desks behind the first one. They see nothing but the price.

    In a move over so many ``seconds`` they want ``minutes`` of usual trading together; those who are not
    ``greedy`` take no more at once than is offered at the best price. ``usual`` is how far the price has
    typically moved (ticks) in that time.
    """

    def __init__(
        self,
        stage: Stage,
        stir: float,
        seconds: float = QUICK,
        minutes: float = MINUTES,
        *,
        greedy: bool = True,
    ) -> None:
        self._stage, self._minutes, self._greedy = stage, minutes, greedy
        desks = [legs[0] for legs in stage.desks[1:]]
        self.usual = stir * seconds**0.5
        self._all = [Follower(desk, stage.chance.uniform(0.7, 1.2)) for desk in desks]
        self._seen = deque[float](maxlen=round(seconds / GLANCE))

    def attend(self, seconds: float, done: Callable[[], bool] = lambda: False) -> Script:
        """Let time pass, with them at work, until something is done."""
        yield from watch(self._stage, seconds, done, self.look, glance=GLANCE)

    def look(self) -> None:
        """Let each see how the price has moved of late, and act on it."""
        desk, chance = self._stage.desk, self._stage.chance
        self._seen.append(desk.mid)
        move = (desk.last - self._seen[0]) / desk.tick
        self.usual += LEARNING * (abs(desk.mid - self._seen[0]) / desk.tick - self.usual)
        striking = max(LEAST_MOVE, UNUSUAL * self.usual)
        for one in self._all:
            if one.until and self._stage.now >= one.until:
                self._leave(one)
            elif one.wanted > 0 and chance.random() < EAGERNESS:
                self._take_more(one)
            elif not one.until and self._stage.now >= one.again and abs(move) >= one.caution * striking:
                self._join(one, Side.BUY if move > 0 else Side.SELL)

    def leave(self) -> Script:
        """Let everybody close what he holds."""
        for one in self._all:
            self._leave(one)
        yield Pause(SECOND)

    def _join(self, one: Follower, side: Side) -> None:
        one.side, one.wanted = side, self._minutes * 60 * one.desk.turnover / len(self._all)
        one.until = self._stage.now + int(self._stage.chance.uniform(LEAST_STAY, MOST_STAY) * SECOND)

    def _take_more(self, one: Follower) -> None:
        across = opposite(one.side)
        size = SHARE * depth_near(one.desk, across) * self._stage.chance.uniform(0.6, 1.4)
        if not self._greedy:
            size = min(size, one.desk.level(one.desk.best(across)))
        self._trade(one, one.side, size)
        one.wanted -= size

    def _leave(self, one: Follower) -> None:
        one.wanted, one.until, one.again = 0.0, 0, self._stage.now + REST
        if one.desk.position:
            self._trade(one, toward_nothing(one.desk), abs(one.desk.position))

    def _trade(self, one: Follower, side: Side, size: float) -> None:
        order = one.desk.place(side, one.desk.lots(size))
        self._stage.note("benign", order)
