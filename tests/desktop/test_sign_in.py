"""Signing in at a server that asks for tokens: real keys, real tokens, one of which has ended."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tapewarden.cases.store import Store
from tapewarden.client import Connection
from tapewarden.desktop.console import TICK_MS, Console
from tapewarden.detectors.self_match import DETECTOR
from tapewarden.domain.kinds import HOUR
from tapewarden.domain.staff import Role
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.desktop.driving import Driver
from tests.unit.cases.workflows import ADA
from tests.unit.server.running import Running, running


class Clock:
    """The time, ns UTC, and more by as much as a test wants."""

    ahead_ns = 0

    def __call__(self) -> int:
        return time.time_ns() + self.ahead_ns


@dataclass(frozen=True)
class Guarded:
    """A server that asks for tokens, its clock, a token that has ended, and two that are good."""

    server: Running
    clock: Clock
    ended: str
    first: str
    second: str

    def connection(self, token: str | None) -> Connection:
        return Connection(address=self.server.address, person="ada", token=token)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    """A server that asks for tokens, and those of vera, an analyst."""
    clock = Clock()
    plan = Plan(
        folder=tmp_path,
        configuration=Configuration(detectors=(DETECTOR,)),
        listen="127.0.0.1:0",
        tokens=True,
        clock=clock,
    )
    store, now = Store.open(plan.database_url), time.time_ns()
    store.staff.put("vera", [Role.ANALYST], ADA, now)
    ended, first, second = (
        store.staff.issue("vera", ADA, now - 2 * HOUR, until)[1]
        for until in (now - HOUR, now + HOUR, now + 9 * HOUR)
    )
    store.close()
    with running(plan) as server:
        yield Guarded(server, clock, ended, first, second)


def type_token(driver: Driver, secret: str) -> None:
    driver.write(secret)
    driver.press("Return")


def test_somebody_without_a_token_is_asked_for_one_and_comes_in_with_it(
    screen: str, guarded: Guarded
) -> None:
    with Driver(Console(guarded.connection(None))) as driver:
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        assert driver.snapshot["pill"] == "OFFLINE · sign in"
        type_token(driver, guarded.first)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        driver.until(lambda: driver.snapshot["person"] == ("vera", "analyst"))
        assert driver.snapshot["overlay"] is None
        assert driver.snapshot["focus"] == str(driver.console.view.main)


def test_a_token_that_takes_a_while_to_be_tried_is_not_asked_for_again(
    screen: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Driver(Console(guarded.connection(None))) as driver:
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        link, tried, passed = driver.console.link, list[Connection](), list[bool]()
        try_out = link.sign_in
        monkeypatch.setattr(link, "sign_in", tried.append)
        type_token(driver, guarded.first)
        driver.console.root.after(4 * TICK_MS, passed.append, True)
        driver.until(lambda: passed)
        assert driver.snapshot["overlay"] is None
        try_out(*tried)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        assert driver.snapshot["overlay"] is None


def test_a_token_that_has_ended_is_told_so_and_another_one_may_be_given(
    screen: str, guarded: Guarded
) -> None:
    with Driver(Console(guarded.connection(guarded.ended))) as driver:
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        assert "has ended or was revoked" in driver.snapshot["error"]
        type_token(driver, "tapewarden_0_0")
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        type_token(driver, guarded.second)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")


def test_a_token_that_is_taken_back_while_the_window_is_open_asks_for_another(
    screen: str, guarded: Guarded
) -> None:
    with Driver(Console(guarded.connection(guarded.first))) as driver:
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        guarded.server.server.store.staff.revoke(guarded.first.split("_")[1], ADA, time.time_ns())
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        type_token(driver, guarded.second)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")


def test_a_token_that_ends_while_the_window_is_open_asks_for_another_and_the_work_goes_on(
    screen: str, guarded: Guarded
) -> None:
    with Driver(Console(guarded.connection(guarded.first))) as driver:
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        driver.press("alt+2", "slash")
        driver.write("wall")
        guarded.clock.ahead_ns = 2 * HOUR
        driver.until(lambda: driver.snapshot["overlay"] == "SignIn")
        assert driver.snapshot["pill"] == "OFFLINE · sign in"
        assert "has ended or was revoked" in driver.snapshot["error"]
        type_token(driver, guarded.second)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE")
        assert (driver.snapshot["view"], driver.snapshot["filter"]) == ("Signals", "wall")
