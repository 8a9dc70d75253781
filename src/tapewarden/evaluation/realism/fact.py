"""`Fact`: a stylised fact as a statistic with a band, and what it comes to on a record."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tapewarden.evaluation.realism.record import Record

CONFIDENCE = 1.96
"""Standard errors on either side of a value that make an interval of 95 %."""


class Verdict(StrEnum):
    """Whether the statistic lies within its band; *likely* where its interval reaches across an edge."""

    MET = "met"
    LIKELY_MET = "likely met"
    LIKELY_MISSED = "likely missed"
    MISSED = "missed"
    NOT_MEASURABLE = "not measurable"


class NotMeasurableError(Exception):
    """The record cannot tell: its message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where a statistic should lie, the ends left out; ``None`` for an open end."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value lies within."""
        return (self.low is None or value > self.low) and (self.high is None or value < self.high)

    def __str__(self) -> str:
        if self.low is None:
            return f"< {self.high:g}"
        return f"> {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Measured:
    """A statistic: its value, of how many observations, its standard error where a formula gives one."""

    value: float
    sample: int
    error: float | None = None
    note: str = ""


Measure = Callable[[Record, Sequence[Record]], Measured]


@dataclass(frozen=True, slots=True)
class Fact:
    """A stylised fact.

    ``measure`` takes a record and other, recorded markets to compare with, and raises
    ``NotMeasurableError`` where the record cannot tell. ``source`` says where the formula comes from.
    """

    name: str
    statistic: str
    band: Band
    source: str
    measure: Measure

    def on(self, record: Record, others: Sequence[Record] = ()) -> Result:
        """What it comes to on a record, beside other recorded markets where it compares."""
        try:
            return Result(self, self.measure(record, others))
        except NotMeasurableError as error:
            return Result(self, None, str(error))


@dataclass(frozen=True, slots=True)
class Result:
    """A fact on a record: what was measured, or why nothing was."""

    fact: Fact
    measured: Measured | None
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        """What the record says of the fact."""
        if self.measured is None:
            return Verdict.NOT_MEASURABLE
        value, around = self.measured.value, CONFIDENCE * (self.measured.error or 0.0)
        held = {self.fact.band.holds(value + side * around) for side in (-1, 0, 1)}
        if self.fact.band.holds(value):
            return Verdict.LIKELY_MET if False in held else Verdict.MET
        return Verdict.LIKELY_MISSED if True in held else Verdict.MISSED


def need(count: int, least: int, what: str) -> None:
    """``NotMeasurableError`` unless there are at least so many."""
    if count < least:
        raise NotMeasurableError(f"too short: {count:,} of {least:,} {what}")


def need_number(value: float, what: str) -> float:
    """The value; ``NotMeasurableError`` if it is not a number, because nothing varied."""
    if math.isnan(value):
        raise NotMeasurableError(f"constant {what}")
    return value
