"""`Trials`: how often somebody did a thing, beside the time in which he could have done it."""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64
from tapewarden.domain.kinds import SECOND


class Trials(Row):
    """How often a thing was done, and the seconds in which it could have been."""

    times: f64
    seconds: f64


@rule
def weaken(trials: Trials, left: float) -> None:
    """Keep so much of the sums."""
    trials.times *= left
    trials.seconds *= left


@rule
def add_trial(trials: Trials, times: float, elapsed: int) -> None:
    """It was done ``times`` times within ``elapsed`` ns; 0 times: it was not."""
    trials.times += times
    trials.seconds += elapsed / SECOND
