"""Trade Stream: trades as they come, prices and depth."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class TradeStreamView(PlaceholderView):
    """Trade Stream: trades as they come, prices and depth."""

    title = "Trade Stream"
    promise = "Trades as they come, prices and depth, will be here."
