"""How rare a score is among recent ones, without assuming their distribution: conformal p-values.

Were scores exchangeable, a p-value of at most ``p`` would come with probability ``p`` (Vovk, Gammerman and
Shafer 2005; for outliers Bates et al. 2023). Neighboring windows are not: an event lasts. So a score is
compared with whole past blocks of time, never with its own, and p-values are approximate all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers

BLOCKS: Final = 28
"""Past blocks that a score is compared with."""


def p_values(scores: npt.ArrayLike, calibration: npt.ArrayLike) -> Numbers:
    """``(1 + number of calibration scores at least as high) / (n + 1)`` for each score; 1 without any."""
    ordered = np.sort(np.asarray(calibration, np.float64))
    below = np.searchsorted(ordered, np.asarray(scores, np.float64), side="left")
    return np.asarray((1 + len(ordered) - below) / (len(ordered) + 1), np.float64)


def discoveries(p: npt.ArrayLike, share: float) -> npt.NDArray[np.bool_]:
    """Which p-values stand out so that at most ``share`` of those chosen are expected to be false.

    Benjamini and Hochberg 1995: the largest ``k`` with ``p(k) <= share k / n`` says how many. Holds for
    independent p-values, and those that share a calibration set (Bates et al. 2023, theorem 2).
    """
    values = np.asarray(p, np.float64)
    order = np.argsort(values, kind="stable")
    limits = share * np.arange(1, len(values) + 1) / max(len(values), 1)
    passed = np.flatnonzero(values[order] <= limits)
    chosen = np.zeros(len(values), np.bool_)
    chosen[order[: passed[-1] + 1 if len(passed) else 0]] = True
    return chosen


def digest_of(scores: npt.ArrayLike) -> str:
    """The hash of a calibration set, whatever its order: SHA-256 of its sorted float64, in hex."""
    ordered = np.sort(np.asarray(scores, np.float64)).astype("<f8")
    return hashlib.sha256(ordered.tobytes()).hexdigest()


@dataclass(slots=True)
class RecentScores:
    """The scores of the last ``most_blocks`` blocks of ``block_length`` nanoseconds, and of the present one.

    Scores come in order of time. Memory grows with scores per block. The state is plain numbers.
    """

    block_length: int
    most_blocks: int = BLOCKS
    block: int = -1
    present: list[float] = field(default_factory=list)
    past: list[list[float]] = field(default_factory=list)
    _calibration: Numbers | None = field(default=None, init=False, repr=False, compare=False)

    def p_value(self, ts: int, score: float) -> float | None:
        """The score's p-value among past blocks; ``None`` before the first has ended. The score is added."""
        self._move_to(ts // self.block_length)
        known = self.calibration
        self.present.append(score)
        if len(known) == 0:
            return None
        at_least = len(known) - int(np.searchsorted(known, score, side="left"))
        return (1 + at_least) / (len(known) + 1)

    @property
    def calibration(self) -> Numbers:
        """The scores of past blocks in order: what a score is compared with now."""
        if self._calibration is None:
            self._calibration = np.sort(np.array([one for block in self.past for one in block], np.float64))
        return self._calibration

    def state(self) -> Mapping[str, Any]:
        """Everything as plain numbers and lists; ``RecentScores(**state)`` takes it back."""
        state = asdict(self)
        del state["_calibration"]
        return state

    def _move_to(self, block: int) -> None:
        """Close the present block if another one begins; blocks without scores leave no trace."""
        if block == self.block:
            return
        if self.present:
            self.past = [*self.past, self.present][-self.most_blocks :]
            self._calibration = None
        self.present, self.block = [], block
