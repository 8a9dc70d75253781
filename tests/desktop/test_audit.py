"""What is done at the desk is found in the audit trail: each step once, in order, and none is left out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tapewarden.client import CasesClient, Connection, SimulationClient
from tapewarden.desktop.console import Console
from tapewarden.desktop.views import VIEWS
from tapewarden.domain.case import Disposition
from tapewarden.domain.casework import CaseFilter
from tapewarden.domain.commands import Close, Investigate
from tests.desktop.conftest import MARKET
from tests.desktop.driving import Driver
from tests.desktop.serving import served
from tests.desktop.trail import deeds, entries, is_deed
from tests.unit.cases.signals import signal
from tests.unit.desktop.triage.at_a_desk import filled_server, many


def test_from_the_scheme_to_the_bundle_each_step_is_one_key_and_one_entry(
    screen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with served(tmp_path / "server", detector="spoofing") as server:
        asyncio.run(simulate(server.address))
        with Driver(Console(Connection(address=server.address, person="ada"))) as driver:
            driver.until(lambda: driver.snapshot["pill"] == "LIVE")
            driver.press("alt+5", "F6")
            driver.until(lambda: "spoofing was let loose" in driver.snapshot["notice"])
            driver.press("alt+2")
            driver.until(lambda: driver.snapshot["count"])
            driver.press("c")
            driver.until(lambda: driver.snapshot["notice"] == "1 case in review.")
            assert driver.snapshot["view"] == "Case Details"
            driver.until(lambda: driver.snapshot["case_state"] == "investigating")
            driver.press("m")
            driver.write("a wall that nobody may fill")
            driver.press("Return")
            driver.until(lambda: driver.snapshot["notice"].startswith("Comment added"))
            driver.press("ctrl+e", "Return")
            driver.until(lambda: "exported to" in driver.snapshot["notice"])
            case = driver.snapshot["case"]
        with ZipFile(tmp_path / f"CASE-{case:04}.zip") as bundle:
            assert bundle.testzip() is None
        trail = [one.entry for one in entries(server.address)]
    about = ("simulation 1", f"case {case}")
    told = [
        (one.actor.split()[0], one.action)
        for one in trail
        if one.subject in about and is_deed(one) and one.action != "case.grow"
    ]
    assert told == [
        ("sam", "simulation.start"),
        ("ada", "simulation.inject"),
        ("tapewarden", "case.open"),
        ("ada", "case.investigate"),
        ("ada", "case.comment"),
        ("ada", "case.export"),
    ]
    assert len([one for one in trail if one.actor == "ada" and is_deed(one)]) == 4


async def simulate(address: str) -> None:
    async with SimulationClient(Connection(address=address, person="sam")) as simulation:
        await simulation.start(MARKET)


EVERYWHERE = "everywhere"
LOOKS = {
    EVERYWHERE: "Alt+1 Alt+2 Alt+3 Alt+4 Alt+5 Alt+6 Ctrl+K Ctrl+Q F1 F2 Escape",
    "Trade Stream": "/ Space F M I",
    "Signals": "/ S G R ] [ Left Right Shift+Left Shift+Right",
    "Cases": "/ F Shift+F R",
    "Case Details": "Space Left Right Shift+Left Shift+Right ] [ N P R F V L Enter",
    "Simulation": "F9 L",
    "Health": "N",
}
"""Keys that change nothing on the server, by view."""


@dataclass(frozen=True)
class Step:
    """A key, what is to be seen before and written after it, and the entry that it leaves.

    What is written begins with ``=``; anything else is a key.
    """

    view: str
    key: str
    action: str
    account: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


REASON = ("=because", "Return")
MORE = ("Return", *REASON)  # the first field is filled
OUTCOME = ("Down", *MORE)
STEPS = (
    Step("Signals", "A", "case.assign", "acct-0000"),
    Step(EVERYWHERE, "U", "case.undo", "acct-0000"),
    Step("Signals", "Shift+A", "case.assign", "acct-0001", after=("=sam", "Return")),
    Step("Signals", "X", "case.close", "acct-0002", after=REASON),
    Step("Signals", "E", "case.escalate", "acct-0003", after=REASON),
    Step("Signals", "C", "case.investigate", "acct-0004"),
    Step("Cases", "A", "case.assign", "acct-0005"),
    Step("Cases", "Shift+A", "case.assign", "acct-0005", after=("=sam", "Return")),
    Step("Cases", "I", "case.investigate", "acct-0005"),
    Step("Cases", "S", "case.form suspicion", "acct-0005", after=MORE),
    Step("Cases", "E", "case.escalate", "acct-0005", after=REASON),
    Step("Cases", "C", "case.close", "acct-0005", after=OUTCOME),
    Step("Cases", "X", "case.close", "acct-0006", after=REASON),
    Step("Cases", "Y", "case.approve", "grave-0", after=("Return",)),
    Step("Cases", "D", "case.decline", "grave-1", after=REASON),
    Step("Cases", "O", "case.reopen", "acct-0005", before=("shift+f",), after=REASON),
    Step("Case Details", "M", "case.comment", "acct-0007", after=REASON),
    Step("Case Details", "T", "case.attach", "acct-0007", after=("=~/note.txt", "Return")),
    Step("Case Details", "Ctrl+E", "case.export", "acct-0007", after=("Return",)),
    Step("Case Details", "A", "case.assign", "acct-0007"),
    Step("Case Details", "Shift+A", "case.assign", "acct-0007", after=("=sam", "Return")),
    Step("Case Details", "I", "case.investigate", "acct-0007"),
    Step("Case Details", "S", "case.form suspicion", "acct-0007", after=MORE),
    Step("Case Details", "E", "case.escalate", "acct-0007", after=REASON),
    Step("Case Details", "C", "case.close", "acct-0007", after=OUTCOME),
    Step("Case Details", "O", "case.reopen", "acct-0007", after=REASON),
    Step("Case Details", "Y", "case.approve", "grave-2", after=("Return",)),
    Step("Case Details", "D", "case.decline", "grave-3", after=REASON),
    Step("Simulation", "F5", "simulation.start"),
    Step("Simulation", "F6", "simulation.inject"),
    Step("Simulation", "F7", "simulation.inject"),
    Step("Simulation", "F8", "simulation.inject", before=("l", "Down")),
    Step("Simulation", "Shift+F5", "simulation.stop"),
    Step("Simulation", "Y", "simulation.reset", before=("F9",)),
)
"""All that can be done at the desk, in an order in which it may be."""

SIGNALS = (
    *many(8, "BTC-USD@SIM"),
    *(signal(f"grave-{one}", actor=f"grave-{one}", severity="high", score=0.1) for one in range(4)),
)


def test_every_key_either_leaves_an_entry_or_changes_nothing(driver: Driver) -> None:
    offered: set[tuple[str, str]] = set()
    for place, view in enumerate(VIEWS):
        driver.press(f"alt+{place + 1}")
        own = {one.key for one in driver.console.view.bindings}
        (commands, *_) = driver.console.desk.finders
        offered |= {(view.title if one.hint in own else EVERYWHERE, one.hint) for one in commands("")}
    known = {(view, key) for view, keys in LOOKS.items() for key in keys.split()}
    assert offered == known | {(one.view, one.key) for one in STEPS}


def test_whatever_is_done_leaves_its_entry_and_no_other(
    screen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "note.txt").write_text("hello")
    with filled_server(tmp_path / "server", SIGNALS) as address:
        cases = asyncio.run(prepared(address))
        with Driver(Console(Connection(address=address, person="ada"))) as driver:
            driver.until(lambda: driver.snapshot["pill"] == "LIVE")
            for step in STEPS:
                look_at(driver, step, cases)
                do(driver, step)
        told = deeds(address, "ada")
    assert told == [(one.action, subject_of(one, cases)) for one in STEPS]


async def prepared(address: str) -> dict[str, int]:
    """The number of each account's case; somebody else proposes to close those of grave ones."""
    async with CasesClient(Connection(address=address, person="sam")) as client:
        found = [one.case for one in (await client.queue(CaseFilter())).cases]
        for case in found:
            if case.actor.startswith("grave"):
                seen = await client.decide(case.id, case.version, Investigate())
                await client.decide(case.id, seen.version, Close(Disposition.FALSE_POSITIVE, "a habit"))
    return {case.actor: case.id for case in found}


def look_at(driver: Driver, step: Step, cases: dict[str, int]) -> None:
    """Have the view of a step, and in it the case that the step is about."""
    if step.view == EVERYWHERE:
        return
    driver.press(f"alt+{1 + [view.title for view in VIEWS].index(step.view)}")
    view, details = driver.console.view, driver.console.view.presenter
    if step.view == "Case Details" and details.case_id != cases[step.account]:
        view.take(cases[step.account])
        driver.until(lambda: details.file is not None)
    if step.view == "Simulation":
        details.market.texts |= {"instruments": "1", "accounts": "40", "rate": "10"}
        driver.until(lambda: driver.snapshot["scenarios"])
    for key in step.before:
        driver.press(key)
    if "F9" in step.before:
        driver.until(lambda: driver.snapshot["question"])
    if step.view in ("Signals", "Cases"):
        view.take(f"acct:{step.account}" if step.view == "Signals" else step.account)
        driver.until(lambda: [row for row in driver.snapshot["rows"] if step.account in row])
        driver.until(lambda: driver.snapshot["count"] == 1)
        driver.press("Home")


def do(driver: Driver, step: Step) -> None:
    """Take a step, and wait until the window has said that it was done and shows what came of it."""
    desk, seen, noticed = driver.console.desk, version(driver), driver.console.desk.notice
    *modifiers, key = step.key.split("+")
    driver.press("+".join([*map(str.lower, modifiers), key.lower() if len(key) == 1 else key]))
    for one in step.after:
        if one.startswith("="):
            driver.write(one[1:])
        else:
            driver.press(one)
    driver.until(lambda: desk.notice is not noticed and is_said(desk.notice.text))
    assert not desk.notice.bad, (step, desk.notice)
    if step.view == "Case Details" and step.action not in ("case.comment", "case.attach", "case.export"):
        driver.until(lambda: version(driver) == seen + 1)


def version(driver: Driver) -> int:
    """Of the case that is open, as far as the window knows."""
    file = getattr(driver.console.view.presenter, "file", None)
    return 0 if file is None else file.case.version


def is_said(text: str) -> bool:
    """Whether a notice says what came of an action, not that it was begun."""
    begun = ("asking the server", "is being made", "the market ends;")
    return bool(text) and not any(one in text for one in begun)


def subject_of(step: Step, cases: dict[str, int]) -> str:
    """What the entry of a step is about."""
    if step.view == "Simulation":
        return "simulation 1"
    return f"case {cases[step.account]}"
