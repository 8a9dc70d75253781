"""Running measures that fit in a row: medians, rates that fade, trails of order ids.

Each is O(1) in time and memory and exact to reproduce: additions, multiplications and comparisons only,
because the ``exp`` and ``log`` of different machines may differ in the last bit.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, f64, i64

TRAIL_LENGTH: Final = 8
MAD_TO_SIGMA: Final = 1.4826
"""Standard deviations per median absolute deviation of a normal distribution."""

Trail = Annotated[npt.NDArray[np.uint64], np.uint64, (TRAIL_LENGTH,)]
"""The last eight ids remembered; a signal says how many there were in all."""


class Baseline(Row):
    """Running median and median absolute deviation of a stream of numbers.

    Stochastic approximation of quantiles: the median moves by a step proportional to the deviation
    toward each new value (Robbins and Monro 1951; step-size idea of Ma, Muthukrishnan and Sandler 2013,
    "Frugal streaming"). An outlier moves it as little as any other value. It forgets with a memory of
    about ``LONGEST`` values; it is slow where the level shifts by many deviations at once.
    """

    median: f64
    deviation: f64
    count: i64


LONGEST: Final = 512


@rule
def learn(baseline: Baseline, value: float) -> None:
    """Take one more value into the running median and deviation."""
    baseline.count += 1
    if baseline.count == 1:
        baseline.median = value
        return
    distance = value - baseline.median
    away = distance if distance > 0 else -distance
    if baseline.count == 2:
        baseline.median = baseline.median + 0.5 * distance
        baseline.deviation = 0.5 * away
        return
    memory = baseline.count if baseline.count < LONGEST else LONGEST
    # Far values are told from near ones only by their side, so a step is bounded by the deviation.
    spread = baseline.deviation if baseline.deviation > 0 else away
    step = 2.5 * spread / memory
    step = step if step < away else away
    baseline.median = baseline.median + step if distance > 0 else baseline.median - step
    gap = away - baseline.deviation
    reach = gap if gap > 0 else -gap
    pull = 2.5 * spread / memory
    pull = pull if pull < reach else reach
    baseline.deviation = baseline.deviation + pull if gap > 0 else baseline.deviation - pull


@rule
def robust_z(baseline: Baseline, value: float, floor: float) -> float:
    """Standard deviations of ``value`` above the running median; ``floor`` > 0 bounds the deviation below.

    0 while fewer than two values were learned. Where the caller needs a longer warm-up it asks ``count``.
    """
    if baseline.count < 2:
        return 0.0
    sigma = MAD_TO_SIGMA * baseline.deviation
    sigma = sigma if sigma > floor else floor
    return (value - baseline.median) / sigma if sigma > 0 else 0.0


class Decay(Row):
    """A sum that loses half its value every half-life."""

    value: f64
    ts: i64


MOST_HALVINGS: Final = 60
HALVES: Final = np.append(0.5 ** np.arange(MOST_HALVINGS + 1), 0.0)


@rule
def half_power(elapsed: int, half_life: int) -> float:
    """``2 ** -(elapsed / half_life)`` to within 1e-4, by halving and a cubic; 1 for no or negative time."""
    # Without branches: how long ago somebody acted cannot be predicted.
    halvings = elapsed // half_life
    part = (elapsed - halvings * half_life) * (1.0 / half_life)  # a constant where the half-life is one
    power = 1.0 - part * (0.6916774 - part * (0.2312999 - part * 0.0396225))
    power *= float(HALVES[min(max(halvings, 0), MOST_HALVINGS + 1)])
    return power if elapsed > 0 else 1.0


@rule
def decayed(decay: Decay, ts: int, half_life: int) -> float:
    """What is left of the sum at ``ts``."""
    return decay.value * half_power(ts - decay.ts, half_life)


@rule
def add(decay: Decay, amount: float, ts: int, half_life: int) -> float:
    """Add to the sum at ``ts`` and return the new value."""
    decay.value = decayed(decay, ts, half_life) + amount
    decay.ts = ts
    return decay.value


@rule
def ones(bits: int, most: int) -> int:
    """How many of the last ``most`` bits are set: a history of yes and no, shifted by one for each."""
    number = 0
    for i in range(most):
        number += bits >> i & 1
    return number


@rule
def remember(trail: Any, position: int, number: int) -> None:
    """Keep ``number`` as the ``position``-th id of the trail, from 0 on; the ninth replaces the first."""
    trail[position % TRAIL_LENGTH] = number


def last(trail: npt.NDArray[np.uint64], count: int) -> tuple[int, ...]:
    """The ids a trail still holds of the ``count`` remembered, oldest first."""
    first = max(0, count - TRAIL_LENGTH)
    return tuple(int(trail[position % TRAIL_LENGTH]) for position in range(first, count))
