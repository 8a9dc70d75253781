"""The demo in a window: the desktop, in a process of its own, on the demo's server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress

from tapewarden.cli.demo_show import Ending, ending_of
from tapewarden.client import CasesClient, Connection, SimulationClient, SurveillanceClient
from tapewarden.domain.simulation import MarketWish


def why_no_window() -> str | None:
    """Why no window can be opened here; ``None`` where one can."""
    try:
        import tkinter

        import ttkbootstrap  # noqa: F401 - the desktop needs it
    except ImportError as error:
        return str(error)
    try:
        tkinter.Tk().destroy()
    except tkinter.TclError as error:
        return str(error)
    return None


def watch_in_window(connection: Connection, wish: MarketWish) -> Ending:
    """Let a market run and show it in a window, with the lessons offered, until the window is closed.

    Raises:
        TapewardenError: As the server says.
    """
    asyncio.run(_begin(connection, wish))
    command = [sys.executable, "-m", "tapewarden", "desktop", "--lessons", "--server", connection.address]
    if connection.person is not None:
        command += ["--as", connection.person]
    with subprocess.Popen(command) as window:
        while window.poll() is None:
            with suppress(KeyboardInterrupt):  # the window hears it too, and closes
                window.wait()
    return asyncio.run(_end(connection))


async def _begin(connection: Connection, wish: MarketWish) -> None:
    async with SimulationClient(connection) as simulation:
        await simulation.start(wish)


async def _end(connection: Connection) -> Ending:
    async with (
        SimulationClient(connection) as simulation,
        SurveillanceClient(connection) as surveillance,
        CasesClient(connection) as cases,
    ):
        await simulation.stop()
        return await ending_of(simulation, surveillance, cases)
