"""What a benchmark gives: figures beside their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tapewarden.domain.errors import TapewardenError


class DisagreementError(TapewardenError):
    """The two sides of a comparison gave different outputs: their times mean nothing."""


class NotMeasuredError(TapewardenError):
    """A benchmark needs something that is not there; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number and what it should at least, or at most, be; neither: it is only reported."""

    what: str
    measured: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        """The bound in words, empty where there is none."""
        if self.least is not None:
            return f"at least {number_text(self.least)}"
        return f"at most {number_text(self.most)}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        """``ok``, or on which side of its target the figure lies."""
        if self.least is not None:
            return "ok" if self.measured >= self.least else "below"
        if self.most is not None:
            return "ok" if self.measured <= self.most else "above"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one benchmark, how they were measured, and what could not be."""

    name: str
    method: str
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()


def number_text(number: float) -> str:
    """A number with three digits that count."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def middle(numbers: Sequence[float]) -> float:
    """The median: other work on the machine moves it little."""
    return float(median(numbers))
