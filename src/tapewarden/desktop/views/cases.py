"""Cases: what people investigate."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class CasesView(PlaceholderView):
    """Cases: what people investigate."""

    title = "Cases"
    promise = "Cases by priority, with filters and their states, will be here."
