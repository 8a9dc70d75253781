"""`Timings`: how long updates of the window take, and how late its clock comes."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

_KEPT: Final = 12_000  # ten minutes of ticks


class Timings:
    """The latest updates."""

    def __init__(self) -> None:
        self._cpu: deque[float] = deque(maxlen=_KEPT)
        self._late: deque[float] = deque(maxlen=_KEPT)

    def add(self, cpu_s: float, late_s: float) -> None:
        """Tell of an update: its time on the processor, and how late it came."""
        self._cpu.append(cpu_s)
        self._late.append(late_s)

    def clear(self) -> None:
        """Begin anew, such as after a warm-up."""
        self._cpu.clear()
        self._late.clear()

    def summary(self) -> dict[str, float]:
        """Updates, and of both times the median, the 99th percentile and the longest, milliseconds."""
        told: dict[str, float] = {"updates": len(self._cpu)}
        for name, times in (("cpu", self._cpu), ("late", self._late)):
            if times:
                p50, p99, most = np.percentile(np.array(times) * 1_000, [50, 99, 100]).round(3).tolist()
                told |= {f"{name}_p50_ms": p50, f"{name}_p99_ms": p99, f"{name}_max_ms": most}
        return told
