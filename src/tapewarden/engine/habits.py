"""`Habit`: does an actor do a thing more often when he has a reason to than he does anyway?

Rates are compared, each a count of doings over the time in which he could have done it: *after* the suspected
reason, and at all *other* times. Under the hypothesis of mere habit both are equal, and the doings after the
reason are about Poisson, expected at the other rate times the time at risk: the indirect standardization of
Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2. Whoever does it all the time,
such as a market maker who cancels 99 % of his orders, has a high rate of his own and is never remarkable, at
any density of the market.

The reason may be that an order began to fill, or that it was filled to the end: on a slow market the one
comes long before the other. Both are tried, and the chance of the better one is doubled for it (Bonferroni).

All sums fade with one half-life.
"""

from __future__ import annotations

from typing import Final

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64, i64
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.measures import half_power
from tapewarden.engine.trials import Trials, weaken

REASONS: Final = 2
CARE: Final = 10.0
"""How many times as long as with little people wait with much, to assume before it is known."""


class Habit(Row):
    """How often an actor did a thing after the suspected reason, in two readings of it, and otherwise."""

    after: Trials  # an order of his began to fill
    done: Trials  # an order of his was filled to the end
    other: Trials
    small: Trials  # otherwise, with little: it tells how patient he is
    told: f64  # `after.times` as of the last signal
    ts: i64


@rule
def fade(habit: Habit, ts: int, half_life: int) -> None:
    """Let the sums lose what they lose until ``ts``."""
    left = half_power(ts - habit.ts, half_life)
    weaken(habit.after, left)
    weaken(habit.done, left)
    weaken(habit.other, left)
    weaken(habit.small, left)
    habit.told *= left
    habit.ts = ts


@rule
def expected(habit: Habit, trials: Trials, patience: int) -> float:
    """How often it would have been done in the time of the trials at the rate of the other times.

    As long as an actor was not seen doing it, he is taken to do it a tenth as often as he does with little,
    and if nothing is known of that either, once in ``patience`` ns. An assumption weighs the less, the
    oftener he was seen.
    """
    assumed = min(CARE * seconds_apart(habit.small, patience / SECOND), patience / SECOND)
    return trials.seconds / seconds_apart(habit.other, assumed)


@rule
def seconds_apart(trials: Trials, assumed: float) -> float:
    """Seconds from one time to the next, ``assumed`` before anything was seen."""
    known = trials.times + 1.0
    return (trials.seconds + assumed / known) / known


@rule
def chance_of(habit: Habit, trials: Trials, patience: int) -> float:
    """Chance that mere habit makes him do it as often as he did in these trials, or oftener."""
    by_habit = expected(habit, trials, patience)
    # Not remarkable, and a long sum: the tail's cost grows with the count.
    if trials.times < 1.5 * by_habit:
        return 1.0
    return poisson_tail(int(trials.times + 0.5), by_habit)


@rule
def chance_by_habit(habit: Habit, patience: int) -> float:
    """Chance of the more remarkable reading, for having looked at both."""
    begun, ended = chance_of(habit, habit.after, patience), chance_of(habit, habit.done, patience)
    return min(REASONS * min(begun, ended), 1.0)


def better(habit: Habit, patience: int) -> Trials:
    """The trials of the more remarkable reading."""
    begun, ended = chance_of(habit, habit.after, patience), chance_of(habit, habit.done, patience)
    return habit.done if ended < begun else habit.after
