"""A threshold that learns while scores come in: SPOT, and DSPOT where they drift (Siffer et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from tapewarden.anomaly.tails import FEWEST, TAIL, Tail, fit_tail, tail_of

WARM_UP: Final = 1_000
"""Scores learned before the first is judged."""

CUT: Final = 1.5
"""What an alert is learned as at most, in excesses of the threshold."""

MEMORY: Final = 1_000
"""Latest excesses that the tail is fitted to."""


@dataclass(slots=True)
class RunningThreshold:
    """Judges scores one by one against what chance reaches with probability ``chance``.

    With ``drift`` > 0 a score is compared after subtracting the mean of the last ``drift`` ordinary ones
    (DSPOT). The first ``warm_up`` scores are learned, not judged. Unlike in the paper alerts are learned too,
    but cut to 1.5 times the excess of the threshold: a tail without its end seems shorter than it is, and at
    budgets of some per thousand the threshold would sink from alert to alert; learned in full, a burst would
    hide the next one. The state is plain numbers; the same scores give the same state, however often it was
    kept and restored.
    """

    chance: float
    drift: int = 0
    warm_up: int = WARM_UP
    recent: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    excesses: list[float] = field(default_factory=list)
    tail: Tail | None = None
    threshold: float = 0.0
    """Above it a score, less the mean of recent ones where there is ``drift``, is an alert."""

    def exceeds(self, score: float) -> bool | None:
        """Whether the score is beyond chance; ``None`` while too little is known. Learns it."""
        if len(self.recent) < self.drift:
            self.recent.append(score)
            return None
        above = score - (sum(self.recent) / self.drift if self.drift else 0.0)
        alert = self._judge(above)
        if not alert and self.drift:
            self.recent.pop(0)
            self.recent.append(score)
        return alert

    def state(self) -> Mapping[str, Any]:
        """Everything as plain numbers and lists, for snapshots; ``restored`` takes it back."""
        return asdict(self)

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> RunningThreshold:
        """The threshold as it was when ``state`` was called."""
        tail = state["tail"]
        return cls(**{**state, "tail": None if tail is None else Tail(**tail)})

    def _judge(self, above: float) -> bool | None:
        if self.tail is None:
            self.first.append(above)
            if len(self.first) >= self.warm_up:
                self._begin()
            return None
        alert, level = above > self.threshold, self.tail.level
        excess = min(above - level, CUT * (self.threshold - level))
        if excess > 0:
            self.excesses = [*self.excesses[-MEMORY + 1 :], excess]
        self._fit(level, self.tail.observed + 1, self.tail.exceeded + (excess > 0), excess > 0)
        return alert

    def _begin(self) -> None:
        """Fit the first tail; where too many scores are equal for one, wait for others."""
        try:
            tail = fit_tail(self.first, max(TAIL, 2 * self.chance, 2 * FEWEST / len(self.first)))
        except ValueError:
            self.first = self.first[len(self.first) // 2 :]
            return
        self.excesses = [score - tail.level for score in self.first if score > tail.level][-MEMORY:]
        self.first = []
        self._fit(tail.level, tail.observed, tail.exceeded, True)

    def _fit(self, level: float, observed: int, exceeded: int, anew: bool) -> None:
        """Count the score, and fit the tail again where it grew."""
        old = self.tail
        if anew or old is None:
            self.tail = tail_of(level, self.excesses, observed, exceeded)
        else:
            self.tail = Tail(level, old.shape, old.scale, observed, exceeded)
        self.threshold = self.tail.threshold(min(self.chance, exceeded / observed))
