"""Reference windows: when a venue takes the prices that others settle by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tapewarden.domain.kinds import MINUTE, SECOND, WindowKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceWindows:
    """Windows of one kind, ``length`` (ns) at each multiple of ``every`` (ns) since 1970.

    ``instrument`` is a place in the list of instruments, ``None`` for all of them.
    """

    kind: WindowKind = WindowKind.INDEX
    every: int = 4 * MINUTE
    length: int = 30 * SECOND
    instrument: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.length <= self.every:
            raise ValueError(f"length of a window: expected 1 ns to {self.every}, received {self.length}")

    def openings(self, start: int, until: int) -> Iterator[int]:
        """Times from ``start`` on, before ``until`` (ns), at which one opens."""
        first = -(-start // self.every) * self.every
        return iter(range(first, until, self.every))

    def concerns(self, instrument: int) -> bool:
        """Whether the price of an instrument is taken in them."""
        return self.instrument is None or self.instrument == instrument
