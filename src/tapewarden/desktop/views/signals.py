"""Signals: what the detectors say, and why."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class SignalsView(PlaceholderView):
    """Signals: what the detectors say, and why."""

    title = "Signals"
    promise = "Signals by score, and why each of them fired, will be here."
