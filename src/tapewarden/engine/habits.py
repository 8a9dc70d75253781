"""`Habit`: does an actor do a thing more often when he has a reason to than he does anyway?

Two rates are compared, each a count of doings over the time in which he could have done it: one *after*
the suspected reason, one at all *other* times. Under the hypothesis of mere habit both are equal, and the
doings after the reason are about Poisson, expected at the other rate times the time at risk: the indirect
standardization of Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2. Whoever
does it all the time, such as a market maker who cancels 99 % of his orders, has a high rate of his own and
is never remarkable, at any density of the market.

All sums fade with one half-life.
"""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64, i64
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.measures import half_power


class Habit(Row):
    """How often an actor did a thing after the suspected reason, and otherwise."""

    after: f64
    after_seconds: f64  # in which he could have done it
    other: f64
    other_seconds: f64
    told: f64  # `after` as of the last signal
    ts: i64


@rule
def fade(habit: Habit, ts: int, half_life: int) -> None:
    """Let the sums lose what they lose until ``ts``."""
    left = half_power(ts - habit.ts, half_life)
    habit.after *= left
    habit.after_seconds *= left
    habit.other *= left
    habit.other_seconds *= left
    habit.told *= left
    habit.ts = ts


@rule
def add_after(habit: Habit, times: float, elapsed: int) -> None:
    """He did it ``times`` times within ``elapsed`` ns after the reason; 0 times: he did not."""
    habit.after += times
    habit.after_seconds += elapsed / SECOND


@rule
def add_other(habit: Habit, times: float, elapsed: int) -> None:
    """He did it ``times`` times within ``elapsed`` ns without the reason."""
    habit.other += times
    habit.other_seconds += elapsed / SECOND


@rule
def expected(habit: Habit, patience: int) -> float:
    """How often he would have done it after the reason at the rate of the other times.

    An actor of whom nothing is known is taken to do it once in ``patience`` ns.
    """
    return habit.after_seconds * (habit.other + 1.0) / (habit.other_seconds + patience / SECOND)


@rule
def chance_by_habit(habit: Habit, patience: int) -> float:
    """Chance that mere habit makes him do it after the reason as often as he did, or oftener."""
    by_habit = expected(habit, patience)
    # Not remarkable, and a long sum: the tail's cost grows with the count.
    if habit.after < 1.5 * by_habit:
        return 1.0
    return poisson_tail(int(habit.after + 0.5), by_habit)
