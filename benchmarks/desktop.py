"""`desktop`: the window while many trades come: what an update costs, and that none gets lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from time import monotonic, process_time
from typing import Any, Final

from benchmarks.apart import ROOT, call_apart, resident_bytes
from benchmarks.figures import Figure, NotMeasuredError, Report
from benchmarks.scale import Scale
from benchmarks.servers import serving
from benchmarks.trades import START, publishing
from tapewarden.client import Connection
from tapewarden.domain.kinds import SECOND
from tools.virtual_screen import missing_programs, virtual_screen

RATE: Final = 10_000
"""Trades per second that the window must show with ease."""

MANY: Final = 40_000
"""Trades per second at which it must stay usable."""

_WARM_UP: Final = 0.25  # of the measured time

METHOD: Final = (
    "A window of 1,680 by 1,020 pixels on a virtual screen (Xvfb), with the Trade Stream, its chart and "
    "depth, in a process of its own; a server with all built-in detectors in another; trades of 5 "
    "instruments come at a steady rate. Measured for a minute, after a quarter of it for warming up. "
    "Update: CPU time of the thread of Tk, 20 times a second. Late: how long after its time an update "
    "began, which other work on the machine lengthens. Dropped: those that the window did not take in "
    "time, or that the server left out. Not accounted for: trades received that are neither kept, nor "
    "gave way to newer ones, nor are counted as dropped."
)


def measure(scale: Scale) -> Report:
    """What updates of the window cost at two rates."""
    if missing := missing_programs():
        raise NotMeasuredError(f"needs {' and '.join(missing)}")
    with (
        virtual_screen(),
        tempfile.TemporaryDirectory(prefix=".bench-desktop-", dir=ROOT) as folder,
        serving("whole", folder) as (address, _),
    ):
        figures = [
            figure
            for number, rate in enumerate((RATE, MANY))
            for figure in _figures(address, rate, scale.desktop, START + number * 3_600 * SECOND)
        ]
    return Report(name="desktop", method=METHOD, figures=tuple(figures))


def _figures(address: str, rate: int, seconds: float, start_ns: int) -> Iterator[Figure]:
    with publishing(address, rate, start_ns):
        told = call_apart(__name__, "watch", address, seconds * _WARM_UP, seconds).output
    at, easy = f"at {rate:,}/s", rate == RATE
    yield Figure(what=f"trades {at}, received", measured=told["rate"] / 1_000, unit="thousand/s")
    yield Figure(what=f"update {at}, p50", measured=told["cpu_p50_ms"], unit="ms")
    yield Figure(what=f"update {at}, p99", measured=told["cpu_p99_ms"], unit="ms", most=25 if easy else 50)
    yield Figure(what=f"late {at}, p99", measured=told["late_p99_ms"], unit="ms", most=50)
    share = 100 * told["cpu_share"]
    yield Figure(what=f"process {at}", measured=share, unit="% of a core", most=25 if easy else 100)
    yield Figure(what=f"memory {at}, growth", measured=told["grown"] / 2**20, unit="MiB", most=20)
    yield Figure(what=f"trades {at}, dropped", measured=told["dropped"], unit="")
    yield Figure(what=f"trades {at}, not accounted for", measured=told["missing"], unit="", most=0)


# --- in the other process ---------------------------------------------------------------------------------


def watch(address: str, warm_up_s: str, seconds: str) -> dict[str, float]:
    """Open a window and watch; what its updates took, what it grew by, and whether its counts agree."""
    from tapewarden.desktop.console import Console

    console = Console(Connection(address=address, person="bench"))
    ring, mailbox = console.desk.trades.ring, console.tape.mailbox
    console.start()
    _live(console, float(warm_up_s))
    console.timings.clear()
    began, cpu, memory, received = monotonic(), process_time(), resident_bytes(), ring.received
    _live(console, float(seconds))
    elapsed = monotonic() - began
    told = {
        **console.timings.summary(),
        "rate": (ring.received - received) / elapsed,
        "cpu_share": (process_time() - cpu) / elapsed,
        "grown": resident_bytes() - memory,
        "dropped": mailbox.dropped + console.desk.tape.left_out,
        "missing": mailbox.received - mailbox.waiting - mailbox.dropped - ring.kept - ring.evicted,
    }
    console.quit()
    return told


def _live(console: Any, seconds: float) -> None:  # noqa: ANN401 - the desktop needs what not all have
    until = monotonic() + seconds
    while monotonic() < until:
        console.root.tk.dooneevent(0)
