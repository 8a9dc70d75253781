"""`Following`: lets those models judge that people chose, also where they did so in the database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

from tapewarden.live.pipeline import Pipeline

EVERY_S: Final = 10.0
"""How long a choice that another process made may go unnoticed."""

_log = structlog.get_logger(__name__)


class Following:
    """Looks at once, and while its block goes on every few seconds, which models are to judge.

    What fails is told, and tried again the next time; a model that cannot be used does not judge.
    """

    def __init__(self, pipeline: Pipeline, every_s: float = EVERY_S) -> None:
        self._pipeline = pipeline
        self._every_s = every_s
        self._faults: tuple[str, ...] = ()

    async def __aenter__(self) -> Self:
        await self.follow()
        self._task = asyncio.create_task(self._follow_again())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def follow(self) -> None:
        """Let those judge that are chosen now."""
        try:
            await asyncio.to_thread(self._pipeline.follow_models)
        except Exception as error:
            _log.warning("what models are to judge could not be learned", error=str(error))
        faults = self._pipeline.model_faults
        for fault in faults:
            if fault not in self._faults:
                _log.warning("a model cannot be used and does not judge", error=fault)
        self._faults = faults

    async def _follow_again(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self.follow()
