"""`Rates`: does somebody do a thing oftener during some state of the market than at other times?

Two rates are compared, each a count of doings over the seconds in which he could have done it. If both are
equal, each doing falls into the state with that state's share of the time; how many do so is binomial, and
the test is exact (Przyborowski and Wilenski 1940, Biometrika 31). It assumes nothing of an actor of whom
little is known, and whoever does the thing all the time is never remarkable.
"""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64
from tapewarden.engine.chance import binomial_tail
from tapewarden.engine.trials import Trials, weaken


class Rates(Row):
    """How often a thing was done during the state, and otherwise."""

    during: Trials
    other: Trials
    told: f64  # times during the state as of the last signal


@rule
def weaken_rates(rates: Rates, left: float) -> None:
    """Leave this part of all sums."""
    weaken(rates.during, left)
    weaken(rates.other, left)
    rates.told *= left


@rule
def expected_during(rates: Rates) -> float:
    """How many of all doings fall into the state if both rates are equal."""
    during, other = rates.during, rates.other
    seconds = during.seconds + other.seconds
    if seconds <= 0:
        return during.times
    return (during.times + other.times) * during.seconds / seconds


@rule
def chance_of_equal_rates(rates: Rates) -> float:
    """Chance that so many of all doings, or more, fall into the state. Cost linear in the doings."""
    seconds = rates.during.seconds + rates.other.seconds
    if seconds <= 0:
        return 1.0
    during, other = int(rates.during.times + 0.5), int(rates.other.times + 0.5)
    return binomial_tail(during, during + other, rates.during.seconds / seconds)
