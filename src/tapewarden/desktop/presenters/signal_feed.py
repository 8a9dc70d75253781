"""`SignalFeed`: signals as they become visible, once for the whole window."""

from __future__ import annotations

from collections.abc import Callable

from tapewarden.desktop.transport.link import Server
from tapewarden.domain.signal import Signal

BACKLOG = 500
"""Of the latest signals, with which the feed begins."""


class SignalFeed:
    """The latest signals when the window opened, and all since then, in the order in which they came.

    After a loss of the connection the feed begins anew; a signal that was there already is not told again.
    """

    def __init__(self, server: Server) -> None:
        self.signals: list[Signal] = []
        self._ids: set[str] = set()
        self._listeners: list[Callable[[int, Signal], None]] = []
        server.watch(lambda services: services.surveillance.watch_signals(BACKLOG), self._add)

    def listen(self, listener: Callable[[int, Signal], None]) -> None:
        """Tell of each signal and its place in ``signals``: those that are there, and each that comes."""
        for place, signal in enumerate(self.signals):
            listener(place, signal)
        self._listeners.append(listener)

    def find(self, signal_id: str) -> Signal | None:
        """The signal of an id if it is among them."""
        return next((one for one in self.signals if one.id == signal_id), None)

    def _add(self, signal: Signal) -> None:
        if signal.id in self._ids:
            return
        self._ids.add(signal.id)
        self.signals.append(signal)
        for listener in self._listeners:
            listener(len(self.signals) - 1, signal)
