"""Signing the head of the audit trail again and again, into a file to be copied to where others keep it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tapewarden.cases.audit import head_line
from tapewarden.cases.store import Store
from tapewarden.server.repeating import Repeating

HEADS: Final = "heads.jsonl"
"""The file in the data folder that every new head is appended to; `audit verify --held` takes it."""

EVERY_S: Final = 60.0
"""How long what is written to the trail may go without a signature."""

_log = structlog.get_logger(__name__)


class HeadSigning(Repeating):
    """Signs while its block goes on, and once more at the end; a head that did not move is not signed again.

    Args:
        store: Whose trail.
        key: Signs.
        folder: Where the file of heads is.
        clock: The time, ns UTC.
        every_s: Seconds between two heads.
    """

    def __init__(
        self,
        store: Store,
        key: Ed25519PrivateKey,
        folder: Path,
        clock: Callable[[], int],
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__(every_s)
        self._store = store
        self._key = key
        self._file = folder / HEADS
        self._clock = clock
        self._signed = 0

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        await self.look()

    async def look(self) -> None:
        """Sign on another thread; what fails is told, and tried again the next time."""
        try:
            await asyncio.to_thread(self._sign)
        except Exception as error:
            _log.warning("the head of the audit trail could not be signed", error=str(error))

    def _sign(self) -> None:
        head = self._store.sign(self._key, self._clock())
        if head.number == self._signed:
            return
        with self._file.open("a", encoding="utf-8", newline="\n") as file:
            file.write(head_line(head))
            file.flush()
            os.fsync(file.fileno())
        self._signed = head.number
