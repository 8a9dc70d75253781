"""`CaseFeed`: cases as they are now, once for the whole window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

from tapewarden.client import Changed
from tapewarden.desktop.transport.link import Server
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.casework import Queued


class CaseFeed:
    """The latest version of each case that somebody has looked at or that has changed since.

    Args:
        server: Whose cases; they are watched.
    """

    def __init__(self, server: Server) -> None:
        self._known: dict[int, Queued] = {}
        self._listeners: list[Callable[[Changed], object]] = []
        server.watch(_watched, self._changed)

    def find(self, case_id: int | None) -> Queued | None:
        """A case by its number; ``None`` if nobody looked at it yet."""
        return None if case_id is None else self._known.get(case_id)

    def learn(self, cases: Iterable[Queued]) -> None:
        """Know cases; an older version than the one known is passed over."""
        for one in cases:
            known = self._known.get(one.case.id)
            if known is None or known.case.version <= one.case.version:
                self._known[one.case.id] = one

    def listen(self, listener: Callable[[Changed], object]) -> None:
        """Tell of changes. One comes at least each second; ``more`` says that others may have changed too."""
        self._listeners.append(listener)

    def _changed(self, changed: Changed) -> None:
        self.learn(changed.cases)
        for listener in self._listeners:
            listener(changed)


async def _watched(services: Services) -> AsyncIterator[Changed]:
    """Changes; before the first one others may have been missed."""
    began = True
    async for changed in services.cases.watch():
        yield replace(changed, more=changed.more or began)
        began = False
