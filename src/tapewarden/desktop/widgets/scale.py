"""`Scale`: values of an axis as pixels, and back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line through two points: ``low`` is at pixel ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, value: float) -> float:
        """Where a value is."""
        return self.start + (value - self.low) * self._slope

    def value(self, pixel: float) -> float:
        """What is at a pixel."""
        return self.low + (pixel - self.start) / self._slope if self._slope else self.low

    @property
    def _slope(self) -> float:
        span = self.high - self.low
        return (self.end - self.start) / span if span else 0.0
