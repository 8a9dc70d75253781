"""`Playback`: how fast a replay plays, and how far it has come since it began to."""

from __future__ import annotations

from typing import Final

from tapewarden.domain.kinds import SECOND

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Playback:
    """A clock that runs at one of ``SPEEDS`` while it plays."""

    def __init__(self) -> None:
        self._speed = SPEEDS.index(1.0)
        self._at_ns = 0.0
        self._seen: float | None = None

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._seen is not None

    @property
    def speed(self) -> float:
        """Seconds of the market per second."""
        return SPEEDS[self._speed]

    def change_speed(self, steps: int) -> None:
        """Faster, or slower by a negative number of steps."""
        self._speed = max(0, min(self._speed + steps, len(SPEEDS) - 1))

    def begin(self, at_ns: int, now: float) -> None:
        """Run from a time of the market on; ``now`` is of the monotonic clock, seconds."""
        self._at_ns, self._seen = float(at_ns), now

    def put(self, at_ns: int) -> None:
        """Go on from another time of the market."""
        self._at_ns = float(at_ns)

    def pause(self) -> None:
        """Stand still."""
        self._seen = None

    def advance(self, now: float) -> float:
        """The time of the market now, ns UTC."""
        if self._seen is not None:
            self._at_ns += max(0.0, now - self._seen) * self.speed * SECOND
            self._seen = now
        return self._at_ns
