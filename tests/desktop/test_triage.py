"""Triage by real keys on a real screen: many signals at once, and cases."""

from collections.abc import Iterator

import pytest

from tapewarden.client import Connection
from tapewarden.desktop.console import Console
from tests.desktop.driving import Driver
from tests.unit.desktop.triage.at_a_desk import filled_server, many

LONG = "account " + "long " * 60
HEBREW = "חשבון 🐋 מספר שבע"
SIGNALS = (
    *many(120, "BTC-USD@SIM"),
    *many(1, "ETH-USD@SIM", actor=LONG, text=LONG),
    *many(1, "SOL-USD@SIM", actor=HEBREW, text=HEBREW),
)


@pytest.fixture
def analyst(screen: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """A console on a server with many signals."""
    with (
        filled_server(tmp_path_factory.mktemp("triage") / "server", SIGNALS) as address,
        Driver(Console(Connection(address=address, person="ada"))) as driver,
    ):
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        yield driver


def chosen(driver: Driver) -> int:
    return len(driver.snapshot["chosen"])


def test_fifty_signals_are_dismissed_and_restored_by_keys_alone(analyst: Driver) -> None:
    analyst.press("alt+2")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS))
    analyst.press("Home", *["shift+Down"] * 49)
    analyst.until(lambda: chosen(analyst) == 50)
    analyst.press("x")
    assert analyst.snapshot["overlay"] == "Prompt"
    analyst.press("Return")
    assert analyst.snapshot["overlay"] == "Prompt", "a reason is required"
    analyst.write("axe harmless")
    analyst.press("Return")
    analyst.until(lambda: analyst.snapshot["notice"] == "50 cases dismissed.")
    assert {row[-1] for row in analyst.snapshot["rows"][:30]} == {"DISMISSED"}
    analyst.press("u")
    analyst.until(lambda: analyst.snapshot["notice"] == "50 cases as they were before.")
    assert {row[-1] for row in analyst.snapshot["rows"]} == {"NEW"}


def test_letters_in_the_filter_do_nothing_else_and_names_of_any_kind_are_shown(analyst: Driver) -> None:
    analyst.press("alt+2")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS))
    analyst.press("slash")
    analyst.write("acex")
    assert (analyst.snapshot["overlay"], analyst.snapshot["notice"]) == (None, "")
    analyst.until(lambda: analyst.snapshot["count"] == 0)
    analyst.press("ctrl+a")
    analyst.write("ETH-USD")
    analyst.until(lambda: analyst.snapshot["count"] == 1)
    assert analyst.snapshot["rows"][0][4] == LONG
    analyst.press("ctrl+a")
    analyst.write("SOL-USD")
    analyst.until(lambda: [row[4] for row in analyst.snapshot["rows"]] == [HEBREW])


def test_a_signal_is_taken_up_its_case_is_shown_and_closed_in_the_queue(analyst: Driver) -> None:
    analyst.press("alt+2")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS))
    analyst.press("c")
    analyst.until(lambda: analyst.snapshot["view"] == "Case Details")
    analyst.until(lambda: analyst.snapshot["notice"] == "1 case in review.")
    analyst.press("alt+3")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS))
    analyst.press("f")
    analyst.until(lambda: analyst.snapshot["saved_filter"] == "Mine" and analyst.snapshot["count"] == 0)
    analyst.press("shift+f")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS) and analyst.snapshot["moves"])
    analyst.press("a")
    analyst.until(lambda: analyst.snapshot["notice"] == "1 case assigned to ada.")


def test_groups_are_folded_and_one_of_them_is_decided_on_by_keys_alone(analyst: Driver) -> None:
    analyst.press("alt+2")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS))
    analyst.press("g", "g", "g", "g")
    analyst.until(lambda: analyst.snapshot["count"] == len(SIGNALS) + 3)
    analyst.press("shift+Left")
    headings = [row[0].split("   ")[0] for row in analyst.snapshot["rows"]]
    assert headings == ["▸  SOL-USD@SIM", "▸  ETH-USD@SIM", "▸  BTC-USD@SIM"]
    analyst.press("Home", "Return", "Down")
    assert analyst.snapshot["rows"][1][4] == HEBREW
    analyst.press("Left", "End", "a")
    analyst.until(lambda: analyst.snapshot["notice"] == "120 cases assigned to ada.")
    assert analyst.snapshot["count"] == 3
