"""A line that is slow, or dead for a while: the window obeys its keys, and says how it stands."""

import asyncio
from pathlib import Path

from benchmarks.journaled import trades_in
from tapewarden.client import Connection, SurveillanceClient
from tapewarden.desktop.console import Console
from tapewarden.desktop.views import VIEWS
from tests.desktop.driving import Driver
from tests.desktop.slow_line import DEAD, QUICK, SLOW, slow_line
from tests.desktop.trading import venue
from tests.desktop.trail import deeds
from tests.unit.desktop.triage.at_a_desk import filled_server, many

TRADES = 1_000
SIGNALS = many(10, "BTC-USD@SIM")


def walk_through_views(driver: Driver) -> None:
    for place, view in enumerate(VIEWS):
        driver.press(f"alt+{place + 1}")
        assert driver.snapshot["view"] == view.title
        assert driver.snapshot["focus"] == str(driver.console.view.main)


def test_on_a_slow_line_keys_are_obeyed_and_nothing_is_lost(screen: str, tmp_path: Path) -> None:
    with (
        filled_server(tmp_path / "server", SIGNALS) as address,
        slow_line(address, DEAD) as line,
        Driver(Console(Connection(address=line.address, person="ada"))) as driver,
    ):
        walk_through_views(driver)
        assert driver.snapshot["pill"].startswith(("CONNECTING", "RECONNECTING"))
        line.bytes_per_beat = SLOW
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        with venue(address, ["alice", "bob"]) as market:
            for _ in range(10):
                market.trade(TRADES // 10)
        driver.press("alt+2")
        driver.until(lambda: driver.snapshot["count"] == len(SIGNALS))
        driver.press("Home", "a")
        driver.until(lambda: driver.snapshot["notice"] == "1 case assigned to ada.")
        walk_through_views(driver)
        driver.press("alt+1")
        last, tape = asyncio.run(last_frame(address)), driver.console.desk.tape
        driver.until(lambda: tape.frame == last)
        told = driver.snapshot["received"] + tape.left_out
        assert told == trades_in(tmp_path / "server" / "journal", last, tape.missed)
        assert driver.snapshot["dropped"] == 0


async def last_frame(address: str) -> int:
    async with SurveillanceClient(Connection(address=address)) as surveillance:
        return (await surveillance.health()).last_frame


def test_what_was_asked_on_a_line_that_dies_may_have_been_done_and_is_looked_at_again(
    screen: str, tmp_path: Path
) -> None:
    with (
        filled_server(tmp_path / "server", SIGNALS[:3]) as address,
        slow_line(address, QUICK) as line,
        Driver(Console(Connection(address=line.address, person="ada"))) as driver,
    ):
        driver.press("alt+2")
        driver.until(lambda: driver.snapshot["count"] == 3)
        line.bytes_per_beat = DEAD
        driver.press("Home", "a")
        assert driver.snapshot["notice"] == "1 case: asking the server …"
        driver.until(lambda: driver.snapshot["pill"].startswith("STALE"))
        walk_through_views(driver)
        driver.until(lambda: "lost before the server answered" in driver.snapshot["notice"])
        assert driver.snapshot["losses"] > 0
        line.bytes_per_beat = QUICK
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        assert "lost before the server answered" in driver.snapshot["notice"]
        assert deeds(address, "ada") == [("case.assign", "case 1")]
        driver.press("alt+3")
        driver.until(lambda: "ada" in [cell for row in driver.snapshot["rows"] for cell in row])
