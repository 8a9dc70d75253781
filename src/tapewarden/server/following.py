"""`Following`: lets those models judge that people chose, also where they did so in the database."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from tapewarden.live.pipeline import Pipeline
from tapewarden.server.repeating import Repeating

EVERY_S: Final = 10.0
"""How long a choice that another process made may go unnoticed."""

_log = structlog.get_logger(__name__)


class Following(Repeating):
    """Looks which models are to judge; one that cannot be used does not."""

    def __init__(self, pipeline: Pipeline, every_s: float = EVERY_S) -> None:
        super().__init__(every_s)
        self._pipeline = pipeline
        self._faults: tuple[str, ...] = ()

    async def look(self) -> None:
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
