"""Small quantities of the book that several rules use, all as of just before the act."""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.activity import RATE_PER_SUM
from tapewarden.engine.acts import Act
from tapewarden.engine.measures import half_power


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
