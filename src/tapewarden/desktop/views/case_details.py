"""Case Details: one case, and the market around it."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class CaseDetailsView(PlaceholderView):
    """Case Details: one case, and the market around it."""

    title = "Case Details"
    promise = "One case with its replay, evidence and log will be here."
