"""Health: how well the server sees."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class HealthView(PlaceholderView):
    """Health: how well the server sees."""

    title = "Health"
    promise = "What the server sees, and what it cannot, will be here."
