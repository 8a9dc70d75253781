"""Much of everything: long lists, long names, names of any script."""

import tkinter as tk
from functools import partial
from pathlib import Path

from tapewarden.client import Connection
from tapewarden.desktop.console import Console
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.table import VirtualTable
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tests.desktop.trading import venue

MANY = 100_000
NAMES = (
    "alice",
    "x" * 200,
    "حساب تجريبي ١٢٣",
    "חשבון 45",
    "🦈🐳 whales & sharks 🏴‍☠️",
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
            driver.console.root.geometry(f"{width}x{height}")
            driver.until(partial(is_as_wide, driver, width))
            driver.until(lambda: {"BUY", "60,000.00", "0.1000"} <= set(driver.snapshot["drawn"][0]))
        assert {row[7] for row in driver.snapshot["rows"]} == set(NAMES[1:])
        for name in NAMES[1:]:
            driver.console.view.take(name)
            assert driver.snapshot["filter_error"] is None
            driver.until(lambda: driver.snapshot["count"] == 10)
            assert {row[7] for row in driver.snapshot["rows"]} == {name}


def is_as_wide(driver: Driver, width: int) -> bool:
    return driver.console.root.winfo_width() == width


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
