"""`Rates`: does somebody do a thing oftener during some state of the market than at other times?

Two rates are compared, each a count of doings over the seconds in which he could have done it. If both are
equal, each doing falls into the state with that state's share of the time; how many do so is binomial, and
the test is exact (Przyborowski and Wilenski 1940, Biometrika 31). It assumes nothing of an actor of whom
little is known, and whoever does the thing all the time is never remarkable.
"""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.chance import binomial_tail


class Rates(Row):
    """How often a thing was done during the state, and otherwise."""

    during: f64
    during_seconds: f64  # in which he could have done it
    other: f64
    other_seconds: f64
    told: f64  # `during` as of the last signal


@rule
def weaken(rates: Rates, left: float) -> None:
    """Leave this part of all sums."""
    rates.during *= left
    rates.during_seconds *= left
    rates.other *= left
    rates.other_seconds *= left
    rates.told *= left


@rule
def note_during(rates: Rates, times: float, elapsed: int) -> None:
    """He did it ``times`` times within ``elapsed`` ns of the state; 0 times: he did not."""
    rates.during += times
    rates.during_seconds += elapsed / SECOND


@rule
def note_other(rates: Rates, times: float, elapsed: int) -> None:
    """He did it ``times`` times within ``elapsed`` ns of other time."""
    rates.other += times
    rates.other_seconds += elapsed / SECOND


@rule
def expected_during(rates: Rates) -> float:
    """How many of all doings fall into the state if both rates are equal."""
    seconds = rates.during_seconds + rates.other_seconds
    if seconds <= 0:
        return rates.during
    return (rates.during + rates.other) * rates.during_seconds / seconds


@rule
def chance_of_equal_rates(rates: Rates) -> float:
    """Chance that so many of all doings, or more, fall into the state. Cost linear in the doings."""
    seconds = rates.during_seconds + rates.other_seconds
    if seconds <= 0:
        return 1.0
    during, other = int(rates.during + 0.5), int(rates.other + 0.5)
    return binomial_tail(during, during + other, rates.during_seconds / seconds)
