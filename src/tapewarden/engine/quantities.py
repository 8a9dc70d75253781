"""Small quantities of the market that several rules use, of the book as of just before the act."""

from __future__ import annotations

import math

from tapewarden.compiled.compiling import rule
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.activity import MOVE_WINDOW, RATE_PER_SUM
from tapewarden.engine.acts import Act
from tapewarden.engine.measures import MAD_TO_SIGMA, half_power


@rule
def is_two_sided(act: Act) -> bool:
    """Whether both best prices are known and do not cross."""
    return 0 < act.bid < act.ask


@rule
def mid_price(act: Act) -> float:
    """Half way between the best prices, in price units; 0 unless the book is two-sided."""
    return 0.5 * (act.bid + act.ask) if is_two_sided(act) else 0.0


@rule
def spread(act: Act) -> int:
    """Best ask minus best bid, in price units; 0 unless the book is two-sided."""
    return act.ask - act.bid if is_two_sided(act) else 0


@rule
def imbalance(act: Act) -> float:
    """How far displayed depth near the touch leans to the act's side, from -1 to 1; 0 for an empty book."""
    both = act.depth_own + act.depth_opposite
    # As machine code divides: Python would round the quotient of two integers beyond 2**53 once, not thrice.
    return float(act.depth_own - act.depth_opposite) / float(both) if both > 0 else 0.0


@rule
def other_rate(act: Act) -> float:
    """The actor's messages per second but for the one that entered the act's order, whose age is known."""
    return max(act.rate - RATE_PER_SUM * half_power(act.age, SECOND), 0.0)


@rule
def usual_move(scale: float, length: int) -> float:
    """Standard deviation of the mid price's move over ``length`` ns, in price units.

    ``scale`` is ``act.move_scale``, the median move in ten seconds; the move of a random walk grows with the
    square root of time. Too large where prices keep coming back, too small in a trend.
    """
    return MAD_TO_SIGMA * scale * math.sqrt(max(length, 0) / MOVE_WINDOW)
