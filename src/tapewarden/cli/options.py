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
