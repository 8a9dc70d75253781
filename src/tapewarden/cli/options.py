"""What options take besides texts and numbers."""

from __future__ import annotations

from tapewarden.domain.errors import ConfigurationError


def duration(option: str, text: str) -> int:
    """Nanoseconds in a duration such as ``1.5s``; ``ConfigurationError`` naming the option if it is none."""
    from tapewarden.domain.durations import to_nanoseconds

    try:
        return to_nanoseconds(text)
    except ValueError as error:
        raise ConfigurationError(f"{option}: expected {error}, received {text!r}") from None


def instant(option: str, text: str) -> int:
    """Nanoseconds UTC of a time with its offset; ``ConfigurationError`` naming the option if it is none."""
    from datetime import UTC, datetime

    from tapewarden.domain.kinds import SECOND

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = datetime.min
    if time.tzinfo is None:
        expected = "a time with its offset, such as 2026-01-31T09:30:00Z"
        raise ConfigurationError(f"{option}: expected {expected}, received {text!r}")
    since = time - datetime.fromtimestamp(0, UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1000
