"""Much of everything: long lists, long names, names of any script."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapewarden.client import Connection
from tapewarden.desktop.console import Console
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.table import VirtualTable
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tests.desktop.trading import venue

MANY = 100_000
LONG = "long name " * 29 + "long names"  # of 300 characters
ARABIC = "حساب تجريبي ١٢٣"
EMOJI = "🦈🐳 whales & sharks 🏴‍☠️"
BUSY = "busy"
ORDERS = 2_500
NAMES = (
    "alice",
    LONG,
    ARABIC,
    "חשבון 45",
    EMOJI,
    'the "quoted" one',
    "tab\tand  blanks",
    "-",
)


def test_names_of_any_length_and_script_are_shown_and_filtered_by_and_leave_numbers_whole(
    screen: str, tmp_path: Path
) -> None:
    with (
        served(tmp_path) as server,
        Driver(Console(Connection(address=server.address, person="ada"))) as driver,
    ):
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        with venue(server.address, NAMES) as market:
            market.trade(70)
        driver.until(lambda: driver.snapshot["received"] == 70)
        for width, height in ((960, 600), (1280, 720), (1680, 1020)):
            driver.resize(width, height)
            driver.until(lambda: {"BUY", "60,000.00", "0.1000"} <= set(driver.snapshot["drawn"][0]))
        assert {row[8] for row in driver.snapshot["rows"]} == set(NAMES[1:])
        for name in NAMES[1:]:
            driver.console.view.take(name)
            assert driver.snapshot["filter_error"] is None
            driver.until(lambda: driver.snapshot["count"] == 10)
            assert {row[8] for row in driver.snapshot["rows"]} == {name}


@pytest.fixture(scope="module")
def accused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server where accounts with such names, and one with many orders, met themselves."""
    with served(tmp_path_factory.mktemp("accused")) as server:
        with venue(server.address, (*NAMES, BUSY)) as market:
            meeting = [(*NAMES, BUSY).index(name) for name in (LONG, ARABIC, EMOJI, BUSY)]
            market.place_and_cancel(meeting[-1], ORDERS)
            for account in meeting:
                market.meet(account, 1)
            market.trade(2_000)  # by which to measure how often chance would have them meet
            for account in meeting:
                market.meet(account, 30)
            market.rest()
        yield server.address


@pytest.mark.parametrize("name", [LONG, ARABIC, EMOJI])
def test_an_accused_of_any_name_is_whole_in_signals_case_and_files(
    screen: str, accused: str, name: str
) -> None:
    with Driver(Console(Connection(address=accused, person="ada"))) as driver:
        driver.press("alt+2")
        driver.until(lambda: driver.snapshot["count"])
        driver.console.view.take(f'acct:"{name}"')
        driver.until(lambda: [row[4] for row in driver.snapshot["rows"]] == [name])
        driver.press("Home", "c")
        driver.until(lambda: driver.snapshot["cursor"] is not None)
        assert driver.snapshot["view"] == "Case Details"
        assert name in [one.name for one in driver.console.view.presenter.related.items]


def test_a_case_with_thousands_of_order_events_is_walked_with_the_keyboard(screen: str, accused: str) -> None:
    with Driver(Console(Connection(address=accused, person="ada"))) as driver:
        driver.press("alt+2")
        driver.until(lambda: driver.snapshot["count"])
        driver.console.view.take(f"acct:{BUSY}")
        driver.until(lambda: driver.snapshot["count"] == 1)
        driver.press("Home", "Return")
        driver.until(lambda: driver.snapshot["cursor"] is not None)
        rows = driver.snapshot["rows"]
        assert rows >= 2 * ORDERS
        driver.press("End")
        assert driver.snapshot["event"] == driver.snapshot["row"] == rows - 1
        driver.press("Home", "Right", "Right", "Left")
        assert driver.snapshot["event"] == driver.snapshot["row"] == 1
        driver.press("f")
        assert 2 * ORDERS <= driver.snapshot["rows"] < rows


def test_a_list_of_a_hundred_thousand_is_walked_with_the_keyboard(driver: Driver) -> None:
    rows: ListRows[int] = ListRows(
        lambda one: one, lambda one: [Cell(f"s{one}" * 50), Cell(f"{one / MANY:.3f}")]
    )
    rows.replace(range(MANY))
    window = tk.Toplevel(driver.console.root)
    columns = [Column("Signal", 200), Column("Score", 80, Kind.NUMBER)]
    table = VirtualTable(window, driver.console.theme, columns, rows)
    table.pack(fill="both", expand=True)
    driver.until(lambda: table.winfo_viewable() and table.winfo_height() > 100)
    table.focus_force()
    driver.until(lambda: driver.console.root.focus_get() is table)
    items = len(table.find_all())
    driver.press("End")
    assert table.selection.cursor == MANY - 1
    driver.press("Prior", "Up", "shift+Down", "shift+Down")
    assert len(table.selection.keys) == 3
    driver.press("ctrl+a")
    assert len(table.selection.keys) == MANY
    driver.press("Home")
    assert (table.top, table.selection.cursor) == (0, 0)
    assert len(table.find_all()) == items
