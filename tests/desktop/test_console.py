"""The window, its keys and its connection: a real screen, real keys, a real server."""

import pytest

from tapewarden.client import Connection
from tapewarden.desktop.console import Console
from tapewarden.desktop.views import VIEWS
from tests.desktop.driving import Driver


def test_each_view_is_a_key_away_and_escape_goes_back(driver: Driver) -> None:
    for place, view in enumerate(VIEWS):
        driver.press(f"alt+{place + 1}")
        assert driver.snapshot["view"] == view.title
        assert driver.snapshot["focus"] == str(driver.console.view.main)
    driver.press("Escape")
    assert driver.snapshot["view"] == VIEWS[-2].title


def test_trades_come_and_every_one_is_counted(driver: Driver) -> None:
    driver.until(lambda: driver.snapshot["received"] > 20)
    shown = driver.snapshot
    assert shown["received"] == shown["kept"] + shown["evicted"]
    assert shown["rows"][0][1].endswith("@SIM")
    assert shown["dropped"] == 0
    driver.until(lambda: driver.snapshot["received"] > shown["received"])


def test_a_window_that_never_rests_still_makes_room(driver: Driver) -> None:
    root, timers = driver.console.root, [""]

    def hurry() -> None:
        timers[0] = root.after(0, hurry)

    hurry()
    driver.resize(1100, 700)
    driver.until(lambda: driver.console.view.winfo_width() < 1100)
    root.after_cancel(timers[0])


def test_letters_in_the_filter_are_text_and_no_shortcuts(driver: Driver) -> None:
    driver.press("slash")
    driver.press(*"acexfmiu")
    shown = driver.snapshot
    assert shown["filter"] == "acexfmiu"
    assert (shown["view"], shown["overlay"], shown["count"]) == ("Trade Stream", None, 0)
    driver.press("space")
    assert driver.snapshot["paused"] is False
    driver.press("Escape", "Escape")
    assert driver.snapshot["filter"] == ""
    driver.press("space")
    assert driver.snapshot["paused"] is True


def test_rows_stay_where_they_are_while_somebody_reads(driver: Driver) -> None:
    driver.until(lambda: driver.snapshot["count"] > 80)
    driver.press("Next", "Next")
    before = driver.snapshot
    assert before["top"] > 0
    driver.until(lambda: driver.snapshot["fresh"] > before["fresh"] + 10)
    assert driver.snapshot["rows"] == before["rows"]
    assert driver.snapshot["cursor"] == before["cursor"]
    driver.press("Home")
    driver.until(lambda: driver.snapshot["fresh"] == 0)
    assert driver.snapshot["top"] == 0


@pytest.mark.parametrize(
    ("scale", "width", "height"), [(1.0, 1280, 720), (1.5, 1680, 1020), (2.0, 1680, 1020)]
)
def test_times_sides_prices_and_sizes_are_whole_at_any_scale(
    screen: str, market: str, scale: float, width: int, height: int
) -> None:
    with Driver(Console(Connection(address=market, person="ada"), scale)) as driver:
        driver.resize(width, height)
        driver.until(lambda: driver.snapshot["count"] > 20)
        driver.press("space", "Down")
        shown = driver.snapshot
        assert len(shown["rows"]) > 5
        for row, drawn in zip(shown["rows"], shown["drawn"], strict=True):
            assert (drawn[0], drawn[2:5]) == (row[0], row[2:5])


def test_a_range_is_chosen_with_the_keyboard(driver: Driver) -> None:
    driver.until(lambda: driver.snapshot["count"] > 10)
    driver.press("space", "Down", "shift+Down", "shift+Down")
    assert len(driver.snapshot["chosen"]) == 3


def test_the_search_goes_to_a_view(driver: Driver) -> None:
    driver.press("ctrl+k")
    assert driver.snapshot["overlay"] == "Search"
    driver.press(*"heal", "Return")
    assert (driver.snapshot["overlay"], driver.snapshot["view"]) == (None, "Health")


def test_the_list_of_keys_opens_and_closes(driver: Driver) -> None:
    driver.press("F1")
    assert driver.snapshot["overlay"] == "KeyList"
    driver.press("Escape")
    assert driver.snapshot["overlay"] is None
