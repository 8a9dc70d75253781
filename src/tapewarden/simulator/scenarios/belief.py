"""`Belief`: what others come to think an asset is worth because somebody keeps buying, or selling, it.

Whoever trades persistently may know something, so prices move by what he trades and do not come back (Kyle
1985, Continuous auctions and insider trading). The market's own agents know what an asset is worth, as where
it is traded on many venues, and would trade any price back to that. A ramp is done where the price is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tapewarden.simulator.scenarios.stage import Stage

IMPACT: Final = 0.3  # ticks by which a usual order, bought for good, lifts the belief


class Belief:
    """Follows what a cast holds, up and down alike: to and fro leaves nothing."""

    def __init__(self, stage: Stage) -> None:
        self._desks = [legs[0] for legs in stage.desks]
        self._held = self._position()

    def learn(self) -> None:
        """See what the cast has traded since last time. To be called every few seconds."""
        desk, held = self._desks[0], self._position()
        bought, self._held = (held - self._held) / desk.usual_size, held
        desk.persuade(IMPACT * bought * desk.tick / desk.mid)

    def _position(self) -> int:
        return sum(desk.position for desk in self._desks)
