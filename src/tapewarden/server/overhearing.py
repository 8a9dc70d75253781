"""`Overhearing`: tells watchers of cases that another process changed in the same database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

from tapewarden.cases.store import Store
from tapewarden.server.changes import Changes

EVERY_S: Final = 1.0
"""How long a change that another process made may go untold."""

_log = structlog.get_logger(__name__)


class Overhearing:
    """Reads the audit trail again and again while its block goes on: no case changes without an entry."""

    def __init__(self, store: Store, changes: Changes, every_s: float = EVERY_S) -> None:
        self._store = store
        self._changes = changes
        self._every_s = every_s
        self._last: int | None = None
        self._failed = False

    async def __aenter__(self) -> Self:
        await self._listen()
        self._task = asyncio.create_task(self._listen_again())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _listen_again(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self._listen()

    async def _listen(self) -> None:
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
