"""`console`: how soon the window does what keys say, and says what becomes of its server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, sleep, thread_time
from typing import Any, Final

from benchmarks.apart import ROOT, call_apart
from benchmarks.cases import fill
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.hands import Hands
from benchmarks.journaled import trades_in
from benchmarks.scale import Scale
from benchmarks.trades import publishing
from tapewarden.cases.store import Store
from tapewarden.client import Connection, SimulationClient, SurveillanceClient
from tapewarden.domain.simulation import MarketWish, Wish
from tools.soak.process import COMMAND, Process
from tools.virtual_screen import missing_programs, virtual_screen

RATE: Final = 2_000
"""Trades per second meanwhile."""

METHOD: Final = (
    "A window of 1,680 by 1,020 pixels on a virtual screen (Xvfb) in one process, `tapewarden serve` with "
    "all built-in detectors and {signals:,} stored signals in another, {rate:,} trades per second from a "
    "third. Keys are pressed by xdotool. Wall time from its start, which is part of it, until what the key "
    "asks for is drawn; {walks} walks through all views, {pages} pages. Filter: from the start of typing, "
    "with the 0.3 s that the window waits for another letter. Longest gap: between two updates of the "
    "window, which are 50 ms apart, while signals are listed. A step of the replay: CPU time of the thread "
    "of Tk, {steps} steps through the market around a simulated spoofer. The server is killed (SIGKILL), "
    "started again, and stopped with its connections open (SIGSTOP); seconds until the window says so. Not "
    "accounted for: trades of the journal that were neither received, nor dropped and counted, nor in the "
    "frames that the window says it missed. The exit is that of `tapewarden desktop` in a process of its "
    "own while the server is stopped."
)
_WALKS: Final = 4  # through the views, per round
_PAGES: Final = 8  # per round
_TEXT: Final = "account 77"
_STEPS: Final = 150
_MARKET: Final = MarketWish(seed=1, instruments=1, accounts=40, rate=10, minutes=600, speed=60)
_SCHEME: Final = Wish(scenario="spoofing", severity=0.8)
_CONNECTED_S: Final = 3.0  # after its window is there
_SILENT_S: Final = 4.0  # of the server, before the window is left


def measure(scale: Scale) -> Report:
    """What a person at the window would have to wait for."""
    if missing := missing_programs():
        raise NotMeasuredError(f"needs {' and '.join(missing)}")
    with virtual_screen(), tempfile.TemporaryDirectory(prefix=".bench-console-", dir=ROOT) as folder:
        told = call_apart(__name__, "examine", folder, scale.signals, scale.rounds).output
    numbers = {"signals": scale.signals, "rate": RATE, "steps": _STEPS}
    method = METHOD.format(**numbers, walks=_WALKS * scale.rounds, pages=_PAGES * scale.rounds)
    return Report(name="console", method=method, figures=tuple(_figures(told, scale.signals)))


def _figures(told: Mapping[str, Any], signals: int) -> Iterator[Figure]:
    first, again = told["first_ms"], told["again_ms"]
    yield Figure(
        what="a view after its key, the first time, slowest", measured=max(first), unit="ms", most=150
    )
    yield Figure(what="a view after its key, later, slowest", measured=max(again), unit="ms", most=150)
    yield Figure(what="a view after its key, later, median", measured=median(again), unit="ms")
    of = f"of {signals:,} signals"
    yield Figure(what=f"the first page {of}", measured=told["listed_ms"], unit="ms")
    yield Figure(what=f"a page down {of}, slowest", measured=max(told["pages_ms"]), unit="ms")
    yield Figure(what=f"the end {of}", measured=told["end_ms"], unit="ms")
    yield Figure(what=f"a filter {of}", measured=told["filter_ms"], unit="ms")
    yield Figure(what="updates of the window, longest gap", measured=told["gap_ms"], unit="ms", most=250)
    yield Figure(what="a step of the replay, p99", measured=told["step_ms"], unit="ms", most=2)
    yield Figure(what="server killed: not LIVE after", measured=told["killed_s"], unit="s", most=1)
    yield Figure(what="server listens again after", measured=told["started_s"], unit="s")
    yield Figure(what="server listens again: LIVE after", measured=told["live_s"], unit="s", most=6)
    yield Figure(what="trades, not accounted for", measured=told["missing"], unit="", most=0)
    yield Figure(what="server stopped: STALE after", measured=told["stale_s"], unit="s", most=4)
    yield Figure(what="Ctrl+Q, until the process has ended", measured=told["exit_s"], unit="s", most=2)
    yield Figure(what="Ctrl+Q, exit code", measured=told["exit_code"], unit="", most=0)


# --- in the other process ---------------------------------------------------------------------------------


def examine(folder: str, signals: str, rounds: str) -> dict[str, Any]:
    """Work at a window and treat its server badly; how long everything took."""
    server = Process(Path(folder) / "server", "simulation = true\n")
    server.data.mkdir()
    store = Store.open(f"sqlite:///{server.data / 'cases.db'}")
    fill(store, int(signals))
    store.close()
    try:
        server.start()
        server.wait_until_listening()
        hands = Hands(server.connection.address)
        with publishing(server.connection.address, RATE):
            hands.until(lambda: hands.received > RATE)
            told = _walk(hands, int(rounds) * _WALKS, int(signals))
            told |= _list(hands, int(rounds) * _PAGES, int(signals))
            told |= _lose(hands, server)
        told |= _count(hands, server)
        told |= _step(hands, server.connection)
        told |= _silence(hands, server)
        hands.rest()
        told |= _leave(server)
    finally:
        server.end()
    return told


def _walk(hands: Hands, walks: int, signals: int) -> dict[str, Any]:
    """Through all views again and again."""
    first: list[float] = []
    again: list[float] = []
    listed = 0.0
    for walk in range(walks):
        for place in range(hands.views):
            began = hands.press(f"alt+{place + 1}")
            hands.until(partial(hands.is_shown, place))
            (again if walk else first).append(_ms_since(began))
            if hands.snapshot["view"] == "Signals" and not walk:
                hands.until(lambda: hands.snapshot["count"] == signals and hands.rows_are_here)
                listed = _ms_since(began)
    return {"first_ms": first, "again_ms": again, "listed_ms": listed}


def _list(hands: Hands, pages: int, signals: int) -> dict[str, Any]:
    """Through the list of signals: pages down, to the end, and a filter."""
    hands.press("alt+2")
    hands.until(lambda: hands.is_shown(1) and hands.rows_are_here)
    hands.console.timings.clear()
    down = []
    for _ in range(pages):
        top = hands.snapshot["top"]
        began = hands.press("Next")
        hands.until(partial(hands.is_below, top))
        down.append(_ms_since(began))
    began = hands.press("End")
    hands.until(lambda: hands.snapshot["cursor"] is not None and hands.is_at_end and hands.rows_are_here)
    end = _ms_since(began)
    hands.press("slash")
    hands.until(lambda: hands.is_typing)
    began = hands.write(_TEXT)
    hands.until(lambda: 0 < hands.snapshot["count"] < signals and hands.rows_have(_TEXT))
    found = _ms_since(began)
    gap = hands.console.timings.summary()["late_max_ms"] + hands.tick_ms
    return {"pages_ms": down, "end_ms": end, "filter_ms": found, "gap_ms": gap}


def _lose(hands: Hands, server: Process) -> dict[str, Any]:
    """Kill the server and start it again, while trades are sent."""
    began = monotonic()
    os.kill(server.pid, signal.SIGKILL)
    hands.until(lambda: hands.pill != "LIVE")
    killed = monotonic() - began
    server.kill()
    began = monotonic()
    server.start()
    hands.until(lambda: _listens(server.connection.address))
    listening = monotonic()
    hands.until(lambda: hands.pill == "LIVE")
    live, before = monotonic() - listening, hands.received
    hands.until(lambda: hands.received > before + RATE)
    return {"killed_s": killed, "started_s": listening - began, "live_s": live}


def _count(hands: Hands, server: Process) -> dict[str, Any]:
    """Trades of the journal that the window says nothing of, once all were told."""
    last = asyncio.run(_last_frame(server.connection))
    tape = hands.console.desk.tape
    hands.until(lambda: tape.frame >= last)
    journaled = trades_in(server.data / "journal", tape.frame, tape.missed)
    return {"missing": journaled - hands.received - tape.left_out}


def _step(hands: Hands, connection: Connection) -> dict[str, Any]:
    """Step through the replay of a case that a simulated scheme brings."""
    markets, signals = asyncio.run(_let_loose(connection)), hands.console.desk.signals.signals
    hands.until(lambda: any(one.instrument in markets for one in signals))
    signal_id = next(one.id for one in signals if one.instrument in markets)
    hands.console.open_view("Case Details", asyncio.run(_end_market(connection, signal_id)))
    hands.until(lambda: hands.snapshot["cursor"] is not None)
    view, times = hands.console.view, []
    view.presenter.replay.seek(view.presenter.replay.scene.from_ns)
    step = next(one.act for one in view.bindings if one.key == "Right")
    for _ in range(_STEPS):
        began = thread_time()
        step()
        view.update_idletasks()
        times.append(1_000 * (thread_time() - began))
    return {"step_ms": quantiles(times, n=100)[-1]}


def _silence(hands: Hands, server: Process) -> dict[str, Any]:
    """Stop the server without closing its connections, for a while."""
    began = monotonic()
    os.kill(server.pid, signal.SIGSTOP)
    hands.until(lambda: hands.pill.startswith("STALE"))
    stale = monotonic() - began
    os.kill(server.pid, signal.SIGCONT)
    hands.until(lambda: hands.pill == "LIVE")
    return {"stale_s": stale}


def _leave(server: Process) -> dict[str, Any]:
    """Leave a window of its own process while the server is stopped."""
    desktop = (*COMMAND, "desktop", "--server", server.connection.address, "--as", "bench")
    find = ("xdotool", "search", "--onlyvisible", "--name", "^tapewarden$")
    with subprocess.Popen(desktop) as process:
        while not (
            windows := subprocess.run(find, check=False, capture_output=True, text=True).stdout.split()
        ):
            if process.poll() is not None:
                raise NotMeasuredError(f"tapewarden desktop ended with {process.returncode}")
        sleep(_CONNECTED_S)
        os.kill(server.pid, signal.SIGSTOP)
        sleep(_SILENT_S)
        subprocess.run(("xdotool", "windowfocus", "--sync", windows[0]), check=True)
        began = monotonic()
        subprocess.run(("xdotool", "key", "ctrl+q"), check=True)
        code = process.wait()
        return {"exit_s": monotonic() - began, "exit_code": code}


def _ms_since(began: float) -> float:
    return (monotonic() - began) * 1_000


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as one:
        return one.connect_ex((host, int(port))) == 0


async def _let_loose(connection: Connection) -> tuple[str, ...]:
    """The instruments of a market where a scheme is let loose."""
    async with SimulationClient(connection) as simulation:
        state = await simulation.start(_MARKET)
        await simulation.inject(_SCHEME)
        return state.instruments


async def _end_market(connection: Connection, signal_id: str) -> int | None:
    """The number of a signal's case, once the market has ended."""
    async with SimulationClient(connection) as simulation, SurveillanceClient(connection) as surveillance:
        await simulation.stop()
        return (await surveillance.signal(signal_id)).stored.case_id


async def _last_frame(connection: Connection) -> int:
    async with SurveillanceClient(connection) as surveillance:
        return (await surveillance.health()).last_frame
