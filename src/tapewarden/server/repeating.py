"""`Repeating`: something that is done at once, and again every few seconds while a block goes on."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from types import TracebackType
from typing import Self


class Repeating(ABC):
    """Looks at something outside this process, or sees to it, again and again.

    Args:
        every_s: Seconds between two looks.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s

    async def __aenter__(self) -> Self:
        await self.look()
        self._task = asyncio.create_task(self._look_again())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    @abstractmethod
    async def look(self) -> None:
        """Look once. What fails must not be raised: it is tried again the next time."""

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self.look()
