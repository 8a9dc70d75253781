"""`Grounds`: why a signal was given and what speaks against it, for who sees the first one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An ordinary window that is most like one that a model found unusual.

    Attributes:
        actor: Whose; empty for a window of an instrument.
        instrument: Where.
        start_ns: Event time, ns UTC.
        end_ns: Likewise.
        distance: How far the two are apart, in widths of the middle half of ordinary windows.
        differences: The features in which they differ most, in words.
    """

    actor: str
    instrument: str
    start_ns: int
    end_ns: int
    distance: float
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one feature did to a model's score.

    Attributes:
        feature: Its name.
        value: In this window.
        median: Of the windows that were learned from.
        effect: How far it moved the window away from these; below zero, how much it made it ordinary.
        meaning: The feature in words; empty where a server tells none.
        words: Its value and the median with their unit; likewise.
    """

    feature: str
    value: float
    median: float
    effect: float
    meaning: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """One line each, in this order.

    Attributes:
        seen: What was seen, with numbers.
        usual: What is usual, or from where on the rule speaks.
        reasons: What weighs most.
        against: What speaks against the suspicion most.
        next: What to look at now.
        alike: The ordinary windows that ``next`` names, nearest first; none for rules.
        contributions: The features that moved the score most, the most unusual first; none for rules.
    """

    seen: str
    usual: str
    reasons: str
    against: str
    next: str
    alike: tuple[Alike, ...] = ()
    contributions: tuple[Contribution, ...] = ()
