"""How the way to the server is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where the connection stands."""

    CONNECTING = "connecting"
    """Asked, and nothing heard yet."""
    OPEN = "open"
    """Something was heard."""
    WAITING = "waiting"
    """Lost or refused; the next attempt comes by itself."""
    SIGN_IN = "sign in"
    """The server wants to know who calls; waits for a token."""
    CLOSED = "closed"
    """Ended here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The connection at a moment. Times are of the monotonic clock, seconds.

    Attributes:
        phase: Where it stands.
        heard_at: When the server was heard last; ``None`` if it never was.
        lost_at: Since when it is not as it should be; ``None`` while it is.
        error: What was wrong last, for people; ``None`` while nothing is.
        losses: How often it was lost.
    """

    phase: Phase = Phase.CONNECTING
    heard_at: float | None = None
    lost_at: float | None = None
    error: str | None = None
    losses: int = 0
