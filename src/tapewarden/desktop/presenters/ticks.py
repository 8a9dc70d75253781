"""Round numbers for axes."""

from __future__ import annotations

import math
from typing import Final

from tapewarden.domain.kinds import DAY, HOUR, MINUTE, SECOND

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_TIMES: Final = (
    *(SECOND * one for one in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * one for one in (1, 2, 5, 10, 15, 30)),
    *(HOUR * one for one in (1, 2, 6, 12)),
    DAY,
)


def round_numbers(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` + 1 round numbers evenly between two, both included where they are round."""
    if not high > low or most < 1:
        return []
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((power * one for one in _STEPS if power * one >= raw * (1 - 1e-9)), power * 10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def round_times(from_ns: int, until_ns: int, most: int) -> list[int]:
    """Likewise of times, ns UTC: at whole seconds, minutes, hours or days."""
    if until_ns <= from_ns or most < 1:
        return []
    step = next((one for one in _TIMES if (until_ns - from_ns) // one <= most), None)
    if step is None:
        step = DAY * math.ceil((until_ns - from_ns) / DAY / most)
    return list(range(-(-from_ns // step) * step, until_ns + 1, step))
