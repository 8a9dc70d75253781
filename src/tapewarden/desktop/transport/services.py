"""The clients of one server, opened together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tapewarden.client import (
    AccessClient,
    CasesClient,
    Connection,
    ModelsClient,
    SimulationClient,
    SurveillanceClient,
)


@dataclass(frozen=True, slots=True)
class Services:
    """What questions and streams ask of: the typed clients of ``tapewarden.client``."""

    surveillance: SurveillanceClient
    cases: CasesClient
    simulation: SimulationClient
    models: ModelsClient
    access: AccessClient


@asynccontextmanager
async def services_of(connection: Connection) -> AsyncIterator[Services]:
    """The clients of a server; their channels close at the end of the block."""
    async with (
        SurveillanceClient(connection) as surveillance,
        CasesClient(connection) as cases,
        SimulationClient(connection) as simulation,
        ModelsClient(connection) as models,
        AccessClient(connection) as access,
    ):
        yield Services(surveillance, cases, simulation, models, access)
