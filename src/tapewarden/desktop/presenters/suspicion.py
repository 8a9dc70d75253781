"""Saying since when suspicion is reasonable."""

from __future__ import annotations

from datetime import UTC, datetime

from tapewarden.domain.commands import FormSuspicion
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.kinds import SECOND


def suspicion(since: str, reason: str) -> FormSuspicion:
    """The command that says so, from texts that somebody wrote: date and time UTC, and why.

    Raises:
        RefusedError: No date and time.
    """
    try:
        formed = datetime.fromisoformat(since.strip()).replace(tzinfo=UTC)
    except ValueError:
        raise RefusedError(f"expected a date and time such as 2026-11-30 19:20, got {since!r}") from None
    return FormSuspicion(int(formed.timestamp()) * SECOND, reason)


def suspicion_fault(since: str, reason: str) -> str:
    """Why this cannot be said; empty if it can."""
    try:
        suspicion(since, reason)
    except RefusedError as error:
        return str(error)
    return ""
