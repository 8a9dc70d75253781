"""The demo's window: opened on a market that begins with it, and what is told once it was closed."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tapewarden.cli.demo_window import watch_in_window, why_no_window
from tapewarden.client import Connection
from tapewarden.detectors.self_match import DETECTOR
from tapewarden.domain.simulation import Phase
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.desktop.conftest import MARKET
from tests.unit.server.running import running


def test_a_market_runs_until_its_window_is_closed(screen: str, tmp_path: Path) -> None:
    assert why_no_window() is None
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=(DETECTOR,)),
        listen="127.0.0.1:0",
        key=Ed25519PrivateKey.generate(),
        simulation=True,
    )
    with running(plan) as server, ThreadPoolExecutor(1) as thread:
        told = thread.submit(watch_in_window, Connection(address=server.address, person="ada"), MARKET)
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^tapewarden$"]
        window = subprocess.run(find, check=True, capture_output=True, text=True).stdout.split()[0]
        assert not told.done()
        while not told.done():  # a key that comes before the window has the focus is lost
            press = ["xdotool", "windowfocus", window, "key", "ctrl+q"]
            subprocess.run(press, check=False, capture_output=True)
        ending = told.result()
    assert ending.state.phase is Phase.ENDED
    assert ending.state.now_ns < ending.state.end_ns
    assert ending.trail
