"""What can go wrong when a report is set."""

from __future__ import annotations

from tapewarden.domain.errors import TapewardenError


class RenderingError(TapewardenError):
    """A report cannot be made of a case; nothing was given out."""
