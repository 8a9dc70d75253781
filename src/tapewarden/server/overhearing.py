"""`Overhearing`: tells watchers of cases that another process changed in the same database."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from tapewarden.cases.store import Store
from tapewarden.server.changes import Changes
from tapewarden.server.repeating import Repeating

EVERY_S: Final = 1.0
"""How long a change that another process made may go untold."""

_log = structlog.get_logger(__name__)


class Overhearing(Repeating):
    """Reads the audit trail again and again: no case changes without an entry."""

    def __init__(self, store: Store, changes: Changes, every_s: float = EVERY_S) -> None:
        super().__init__(every_s)
        self._store = store
        self._changes = changes
        self._last: int | None = None
        self._failed = False

    async def look(self) -> None:
        """Look what is new; what fails is told once, and looked at the next time."""
        try:
            self._last, counts = await asyncio.to_thread(self._store.changed_cases, self._last)
        except Exception as error:
            if not self._failed:
                _log.warning("the audit trail could not be read", error=str(error))
            self._failed = True
        else:
            self._failed = False
            self._changes.announce_others(counts)
