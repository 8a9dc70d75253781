"""A virtual screen, started once; without one the tests are skipped, or fail where they must run."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import ttkbootstrap as ttk

from tapewarden.client import Connection, SimulationClient
from tapewarden.desktop import theme as look
from tapewarden.desktop.console import Console
from tapewarden.domain.simulation import MarketWish
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tools.virtual_screen import missing_programs, virtual_screen

MARKET = MarketWish(seed=4, instruments=2, accounts=60, rate=10, minutes=10_000, speed=80)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("screen")


@pytest.fixture(autouse=True)
def collected() -> None:
    """Collect what is left of earlier windows here: Tk cannot bear that a server's thread does."""
    gc.collect()


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """The name of a virtual screen."""
    if missing := missing_programs():
        pytest.skip(f"needs {' and '.join(missing)} for a virtual screen")
    with virtual_screen() as name:
        yield name


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a small simulated market that goes on, but not while others test."""
    with served(tmp_path_factory.mktemp("server")) as server:
        asyncio.run(begin(server.address))
        yield server.address


async def begin(address: str) -> None:
    async with SimulationClient(Connection(address=address)) as simulation:
        await simulation.start(MARKET)


@pytest.fixture
def driver(screen: str, market: str) -> Iterator[Driver]:
    """A console on the screen, connected."""
    with Driver(Console(Connection(address=market, person="ada"))) as driver:
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        yield driver


@pytest.fixture
def window(screen: str) -> Iterator[ttk.App]:
    """A window with nothing in it."""
    look.register()
    window = ttk.App("tapewarden", theme=look.NAME, size=(1280, 720))
    window.update()
    yield window
    window.destroy()
