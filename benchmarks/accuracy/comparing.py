"""What a comparison with a recorded market gives: how many points there were, and how many agree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import NotMeasuredError
from benchmarks.recorded import FOLDER


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the table. ``least`` is the share that is wanted, ``None`` where it is only reported."""

    market: str
    what: str
    agreed: int
    compared: int
    least: float | None = None

    @property
    def share(self) -> float:
        """The part that agrees, 0 where nothing could be compared."""
        return self.agreed / self.compared if self.compared else 0.0

    @property
    def verdict(self) -> str:
        """Whether the target is met; never by rounding."""
        if self.least is None:
            return ""
        return "met" if self.share >= self.least else "missed"


def share_text(agreed: int, compared: int) -> str:
    """A share in percent, cut off and not rounded: what falls short of a target must not look like it."""
    thousandths = 100_000 * agreed // compared if compared else 0
    return f"{thousandths // 1000}.{thousandths % 1000:03d} %"


def recording(path: str) -> Path:
    """A file of the recorded markets; ``NotMeasuredError`` where it is not there."""
    found = sorted(FOLDER.glob(path))
    if not found:
        raise NotMeasuredError(f"no ../shared/data/{path}")
    return found[0]
