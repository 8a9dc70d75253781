"""The connection as the top bar tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.transport.status import Phase, Status

SILENCE_S: Final = 3.0
"""After how long a silence what is on the screen counts as stale; the server promises a word each second."""

PATIENCE_S: Final = 30.0
"""After how long without a connection one is said to be offline; attempts go on."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word or two."""

    text: str
    tone: Tone


def connection_pill(status: Status, now: float) -> Pill:
    """The connection in words; ``now`` is of the monotonic clock, seconds."""
    if status.phase is Phase.OPEN:
        silent = now - (status.heard_at or now)
        return Pill("LIVE", Tone.GOOD) if silent < SILENCE_S else Pill(f"STALE {silent:.0f} s", Tone.DOUBTFUL)
    if status.phase is Phase.SIGN_IN:
        return Pill("OFFLINE · sign in", Tone.BAD)
    if status.phase is Phase.CLOSED:
        return Pill("OFFLINE", Tone.BAD)
    if status.lost_at is None:
        return Pill("CONNECTING", Tone.MUTED)
    away = now - status.lost_at
    if away < PATIENCE_S:
        return Pill(f"RECONNECTING {away:.0f} s", Tone.DOUBTFUL)
    return Pill(f"OFFLINE {away / 60:.0f} min" if away >= 60 else "OFFLINE", Tone.BAD)
