"""Servers that are not there, are slow, fall silent, die and come again; trades that are too many to take."""

import asyncio
import signal
import socket
from pathlib import Path

from benchmarks.journaled import trades_in
from tapewarden.client import Connection, SimulationClient, SurveillanceClient
from tapewarden.desktop.console import Console
from tests.desktop.conftest import MARKET
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tests.desktop.trading import venue


def test_a_window_without_a_server_says_so_and_finds_one_that_comes(screen: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    with Driver(Console(Connection(address=address, person="ada"))) as driver:
        driver.until(lambda: driver.snapshot["pill"].startswith("RECONNECTING"))
        assert address in driver.snapshot["error"]
        driver.press("alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+1")
        assert driver.snapshot["view"] == "Trade Stream"
        with served(tmp_path, address):
            driver.until(lambda: driver.snapshot["pill"] == "LIVE")


def test_a_server_that_does_not_answer_is_waited_for_and_one_that_falls_silent_is_stale(
    screen: str, tmp_path: Path
) -> None:
    with served(tmp_path) as server:
        server.process.send_signal(signal.SIGSTOP)
        with Driver(Console(Connection(address=server.address, person="ada"))) as driver:
            driver.press("alt+3", "alt+1")
            assert driver.snapshot["pill"] == "CONNECTING"
            server.process.send_signal(signal.SIGCONT)
            driver.until(lambda: driver.snapshot["pill"] == "LIVE")
            server.process.send_signal(signal.SIGSTOP)
            driver.until(lambda: driver.snapshot["pill"].startswith("STALE"))
            driver.leave()
            assert driver.console.exit_clean


def test_every_frame_of_the_journal_is_shown_or_counted_as_missed_when_a_server_dies(
    screen: str, tmp_path: Path
) -> None:
    with served(tmp_path) as server:
        address = server.address
        with Driver(Console(Connection(address=address, person="ada"))) as driver:
            driver.until(lambda: driver.snapshot["pill"] == "LIVE")
            asyncio.run(simulate(address))
            driver.until(lambda: driver.snapshot["received"] > 20)
            server.kill()
            driver.until(lambda: driver.snapshot["pill"] != "LIVE")
            with served(tmp_path, address):
                driver.until(lambda: driver.snapshot["pill"] == "LIVE")
                asyncio.run(simulate(address))
                before = driver.snapshot["received"]
                driver.until(lambda: driver.snapshot["received"] > before + 20)
                end = asyncio.run(stopped(address))
                driver.until(lambda: driver.snapshot["frame"] >= end)
            shown, missed = driver.snapshot, driver.console.desk.tape.missed
    assert shown["received"] == trades_in(tmp_path / "journal", shown["frame"], missed)
    assert shown["dropped"] == 0


async def simulate(address: str) -> None:
    async with SimulationClient(Connection(address=address)) as simulation:
        await simulation.start(MARKET)


async def stopped(address: str) -> int:
    """End the market; the last frame of the journal."""
    connection = Connection(address=address)
    async with SimulationClient(connection) as simulation, SurveillanceClient(connection) as surveillance:
        await simulation.stop()
        return (await surveillance.health()).last_frame


def test_a_window_that_stands_still_drops_what_it_cannot_keep_and_says_how_many(
    screen: str, tmp_path: Path
) -> None:
    with (
        served(tmp_path) as server,
        Driver(Console(Connection(address=server.address, person="ada"))) as driver,
        venue(server.address, ["alice", "bob"]) as market,
    ):
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        mailbox = driver.console.tape.mailbox
        while mailbox.received < 30_000:  # nothing else happens here: the window stands still
            received = mailbox.received
            market.trade(2_000)
            while mailbox.received == received:
                pass
        driver.until(lambda: mailbox.received == market.traded == mailbox.taken + mailbox.dropped)
        shown = driver.snapshot
        assert shown["dropped"] > 0
        assert shown["dropped"] + shown["received"] == mailbox.received
        assert f"dropped {shown['dropped']:,}" in shown["facts"]
        market.trade(10)
        driver.until(lambda: driver.snapshot["received"] == shown["received"] + 10)
