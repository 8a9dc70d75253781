"""`HealthMonitor`: looks at a server's health again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from tapewarden.client import DetectorFacts, ServerHealth
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.health.figures import Figure, figures
from tapewarden.desktop.presenters.health.lines import (
    Line,
    detector_lines,
    market_line,
    model_lines,
    source_line,
)
from tapewarden.desktop.presenters.rows import ListRows
from tapewarden.desktop.transport.polling import every
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.drift import ModelsStatus
from tapewarden.domain.errors import RefusedError, TapewardenError

LOOK_S: Final = 2.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a server; ``models`` is ``None`` for who may not see them."""

    health: ServerHealth
    models: ModelsStatus | None


class HealthMonitor:
    """What the view of the health shows.

    Attributes:
        figures: The server in a few figures; none before the first look.
        detectors: Rows of a table; likewise ``markets``, ``sources`` and ``models``.
        error: Why the server does not tell.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._look: Look | None = None
        self._facts: dict[str, DetectorFacts] = {}
        self.figures: tuple[Figure, ...] = ()
        self.detectors, self.markets, self.sources, self.models = (_rows() for _ in range(4))
        self.error: str | None = None
        desk.server.watch(looks, self._take, failed=self._refused)

    @property
    def badge(self) -> int | None:
        """How many markets are blind now."""
        blind = 0 if self._look is None else sum(one.blind for one in self._look.health.instruments)
        return blind or None

    def _take(self, look: Look) -> None:
        if not self._facts:
            self._desk.server.ask(lambda server: server.surveillance.detectors(), self._know, self._desk.fail)
        self._look, self.error = look, None
        self._show(look)

    def _show(self, look: Look) -> None:
        health = look.health
        self.figures = figures(health, self._desk.tape.events_per_second)
        self.detectors.replace(detector_lines(health.detectors, self._facts, len(health.instruments)))
        worst_first = sorted(health.instruments, key=lambda one: (not one.blind, -one.blind_seconds))
        self.markets.replace(map(market_line, worst_first))
        self.sources.replace(map(source_line, health.sources))
        self.models.replace(() if look.models is None else model_lines(look.models))

    def _know(self, detectors: tuple[DetectorFacts, ...]) -> None:
        self._facts = {one.id: one for one in detectors}
        if self._look is not None:
            self._show(self._look)

    def _refused(self, error: TapewardenError) -> None:
        self.error = str(error)


async def looks(server: Services) -> AsyncIterator[Look]:
    """A look every few seconds."""
    async for health in every(LOOK_S, server.surveillance.health):
        yield Look(health, await _models(server))


async def _models(server: Services) -> ModelsStatus | None:
    try:
        return await server.models.status()
    except RefusedError:
        return None


def _rows() -> ListRows[Line]:
    return ListRows(lambda line: line.key, lambda line: line.cells)
