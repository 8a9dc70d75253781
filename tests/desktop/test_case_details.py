"""Case Details: a real window with real keys, on a server with a case that a simulated market brought."""

from __future__ import annotations

import asyncio
import tkinter as tk
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

import pytest
import ttkbootstrap as ttk

from tapewarden.client import CasesClient, Connection, SimulationClient
from tapewarden.desktop.console import Console
from tapewarden.desktop.presenters.replay.replay import Replay
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.case_details import CaseDetailsView
from tapewarden.domain.casework import CaseFile
from tapewarden.domain.commands import Assign, Decline
from tapewarden.domain.signal import Party
from tapewarden.domain.simulation import MarketWish, Phase, Wish
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tests.unit.desktop.case_server import FIRST, CaseScene

MARKET = MarketWish(
    seed=4,
    instruments=1,
    accounts=40,
    rate=10,
    minutes=5,
    speed=0,
    wishes=(Wish(scenario="self-match", severity=1.0),),
)
CASE = 1
CYCLES = 200
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with one case."""
    with served(tmp_path_factory.mktemp("cases")) as server:
        asyncio.run(_finish_market(server.address))
        yield server.address


async def _finish_market(address: str) -> None:
    async with SimulationClient(Connection(address=address)) as simulation:
        state = await simulation.start(MARKET)
        while state.phase is not Phase.ENDED:
            await asyncio.sleep(0.05)
            state = await simulation.state()


@pytest.fixture
def driver(screen: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """A console with the case open and its market shown; files go to a folder of their own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with Driver(Console(Connection(address=address, person="ada"))) as driver:
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        open_case(driver)
        yield driver


def open_case(driver: Driver) -> None:
    driver.console.open_view("Case Details", CASE)
    driver.until(lambda: driver.snapshot["cursor"] is not None)


def replay(driver: Driver) -> Replay:
    shown = driver.console.view.presenter.replay
    assert isinstance(shown, Replay)
    return shown


def ask(address: str, question: Callable[[CasesClient], Awaitable[Result]], person: str = "sam") -> Result:
    async def asking() -> Result:
        async with CasesClient(Connection(address=address, person=person)) as cases:
            return await question(cases)

    return asyncio.run(asking())


def case_file(address: str) -> CaseFile:
    return ask(address, lambda cases: cases.case(CASE))


def cursors(driver: Driver) -> set[int]:
    shown = driver.snapshot
    return {shown[name] for name in ("cursor", "chart_cursor", "map_cursor")}


def test_one_cursor_moves_everywhere(driver: Driver) -> None:
    begun = driver.snapshot
    for key in ("Left", "Left", "shift+Left", "shift+Right", "Right", "bracketright", "p", "n"):
        driver.press(key)
        shown = driver.snapshot
        assert cursors(driver) == {replay(driver).timeline.at_ns}
        assert shown["row"] == shown["event"]
        assert abs(shown["dimmed_from"] - shown["cursor_at"]) < 1e-6
    assert driver.snapshot["speed"] == 2
    assert begun["event"] == begun["row"]
    driver.press("Left", "Right", "Up", "Down")
    assert driver.snapshot["event"] == shown["event"]
    assert driver.snapshot["focus"] == str(driver.console.view.main)


def test_it_plays_until_somebody_stops_it(driver: Driver) -> None:
    replay(driver).seek(replay(driver).scene.from_ns)
    driver.press("space")
    begun = driver.snapshot["event"]
    driver.until(lambda: driver.snapshot["event"] > begun + 3)
    driver.press("space")
    assert driver.snapshot["playing"] is False
    assert cursors(driver) == {replay(driver).timeline.at_ns}


def test_a_range_of_time_filters_the_table_until_escape(driver: Driver) -> None:
    every = driver.snapshot["rows"]
    driver.press("r", "shift+Left", "r")
    shown = driver.snapshot
    assert 0 < shown["rows"] < every
    begin, end = shown["range"]
    assert begin < end
    driver.press("f")
    assert driver.snapshot["rows"] < shown["rows"]
    driver.press("f", "Escape")
    assert (driver.snapshot["rows"], driver.snapshot["case"]) == (every, CASE)
    driver.press("Escape")
    assert driver.snapshot["view"] != "Case Details"
    driver.press("alt+4")
    assert driver.snapshot["case"] == CASE


def test_an_outlined_order_is_gone_at_the_time_of_its_end(driver: Driver) -> None:
    track = max(replay(driver).scene.tracks, key=lambda one: one.until_ns - one.from_ns)
    replay(driver).seek(track.from_ns)
    assert track.order in driver.snapshot["outlined"]
    replay(driver).seek(track.until_ns)
    assert track.order not in driver.snapshot["outlined"]


def test_a_case_is_worked_with_the_keyboard_alone(driver: Driver, address: str, tmp_path: Path) -> None:
    def log(text: str) -> Callable[[], bool]:
        return lambda: any(line.startswith(text) for line in driver.snapshot["log"])

    driver.press("i")
    driver.until(lambda: driver.snapshot["case_state"] == "investigating")
    driver.press("a")
    driver.until(log("assigned to ada"))
    driver.press("m")
    assert driver.snapshot["overlay"] == "Prompt"
    driver.press(*"ace", "less", "b", "greater", "Return")
    driver.until(log("commented: ace<b>"))
    driver.press(*["Tab"] * 5, "Return")
    assert driver.snapshot["overlay"] == "Reader"
    driver.press("Escape")
    (tmp_path / "note.txt").write_text("hello")
    driver.press("t", *("slash" if one == "/" else _KEYS.get(one, one) for one in str(tmp_path / "note.txt")))
    driver.press("Return")
    driver.until(log("attached note.txt"))
    driver.press("ctrl+e", "Return")
    driver.until(lambda: driver.snapshot["notice"].startswith("Case 1 exported"))
    with ZipFile(tmp_path / "CASE-0001.zip") as bundle:
        assert bundle.testzip() is None
    driver.press("ctrl+e", "Tab", "Down", "Return")
    driver.until(lambda: driver.snapshot["notice"].endswith("CASE-0001.pdf."))
    assert (tmp_path / "CASE-0001.pdf").read_bytes().startswith(b"%PDF")
    driver.press("c", "Return")
    assert "Outcome" in driver.snapshot["fault"]
    driver.press("Down", "Return", *"news", "Return")
    assert "suspicion was formed" in driver.snapshot["fault"]
    driver.press("Escape", "c", "Down", "Down", "Return")
    driver.until(lambda: "second person must approve" in driver.snapshot["standing"])
    driver.press("y")
    assert "a second person must approve" in driver.snapshot["notice"]
    actions = [link.entry.action for link in case_file(address).history]
    expected = ["case.investigate", "case.assign", "case.comment", "case.attach", "case.close"]
    assert [one for one in actions if one not in ("case.open", "case.grow")] == expected
    version = case_file(address).case.version
    ask(address, lambda cases: cases.decide(CASE, version, Decline("look again")))
    driver.until(log("declined the closing: look again"))


def test_who_decides_on_what_has_changed_is_told_and_sees_it_as_it_is(driver: Driver, address: str) -> None:
    seen = driver.console.view.presenter
    version = case_file(address).case.version
    ask(address, lambda cases: cases.decide(CASE, version, Assign("sam")))
    driver.press("a")  # of the version before, unless the news was faster
    driver.until(lambda: seen.warning or seen.file.case.assignee == "ada")
    if seen.warning:
        assert "you saw version" in driver.snapshot["warning"]
        driver.until(lambda: seen.file.case.assignee == "sam")
        driver.press("Escape")
        assert driver.snapshot["warning"] == ""


def test_opening_and_closing_leaves_nothing_behind(window: ttk.App) -> None:
    scene = CaseScene()
    view = CaseDetailsView(window, scene.desk, Theme(window), scene.details)
    view.pack(fill="both", expand=True)

    def cycle() -> None:
        view.take(CASE)
        window.update()
        assert view.snapshot()["map_cursor"] == scene_cursor(scene)
        scene.details.close()
        view.refresh()
        window.update()
        assert view.snapshot()["cursor"] is None

    cycle()
    before = leftovers(window)
    for _ in range(CYCLES):
        cycle()
    assert leftovers(window) == before


def test_a_step_moves_items_and_makes_none(window: ttk.App) -> None:
    scene = CaseScene()
    view = CaseDetailsView(window, scene.desk, Theme(window), scene.details)
    view.pack(fill="both", expand=True)
    view.take(CASE)
    window.update()
    keys = {binding.key: binding.act for binding in view.bindings}
    before, images = leftovers(window), window.image_names()
    for key in ("Left", "Right", "Shift+Left", "Shift+Right") * 40:
        keys[key]()
        window.update_idletasks()
    assert leftovers(window) == before
    assert window.image_names() == images


def test_names_of_any_length_and_script_break_nothing(window: ttk.App) -> None:
    names = ("a" * 300, "شركة التداول المحدودة", "🙂‍🙂 trader 🐋", "line\nbreak")
    for name in names:
        scene = CaseScene(replace(FIRST, actor=name, parties=(Party(name, "actor"),)))
        view = CaseDetailsView(window, scene.desk, Theme(window), scene.details)
        view.pack(fill="both", expand=True)
        view.take(CASE)
        window.update()
        assert name in [one.name for one in scene.details.related.items]
        view.destroy()


def scene_cursor(scene: CaseScene) -> int:
    shown = scene.details.replay
    assert shown is not None
    return shown.timeline.at_ns


def leftovers(root: tk.Tk) -> dict[str, int]:
    """Items on canvases, widgets, images, and what waits to be called."""
    widgets: list[tk.Misc] = [root]
    for widget in widgets:
        widgets += widget.winfo_children()
    return {
        "items": sum(len(one.find_all()) for one in widgets if isinstance(one, tk.Canvas)),
        "widgets": len(widgets),
        "images": len(root.image_names()),
        "waiting": len(root.tk.splitlist(root.tk.call("after", "info"))),
    }


_KEYS = {"-": "minus", "_": "underscore", ".": "period"}
