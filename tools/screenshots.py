"""Pictures of every view of the desktop: `make screenshots`, or `python -m tools.screenshots`.

A server with a simulated market and a model of what is usual on it runs here, the window opens on a screen
that nobody sees, and what it shows goes to `docs/images/desktop/`. The market is the same each time; how far
it has come when a picture is taken is not, so neither are the bytes.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageGrab

from tapewarden.cli.demo_model import appoint
from tapewarden.cli.hosting import hosted
from tapewarden.client import Arrived, Connection, SimulationClient
from tapewarden.desktop.console import Console
from tapewarden.desktop.views import VIEWS
from tapewarden.desktop.widgets.table import VirtualTable
from tapewarden.domain.signal import Signal
from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.published import short_windows
from tapewarden.evaluation.showcase import showcase
from tapewarden.evaluation.usual import learn_usual
from tapewarden.server.serving import Plan
from tools.virtual_screen import missing_programs, virtual_screen

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images" / "desktop"
WIDTH, HEIGHT = 1440, 900
COLORS: Final = 192
"""Of a picture: the console has few, and a palette makes its file small."""

_SEED: Final = 1
_MINUTES: Final = 45.0
_SPEED: Final = 40.0
_SIGNALS: Final = 12  # before the first picture
_DETECTOR: Final = "SPF-01"
_SETTLING_S: Final = 4.0  # for what a view asks the server when it opens


def main(folder: Path = FOLDER) -> None:
    """Take the pictures and write them to a folder."""
    missing = missing_programs()
    if missing:
        sys.exit(f"screenshots: {' and '.join(missing)} must be installed first")
    folder.mkdir(parents=True, exist_ok=True)
    with virtual_screen(WIDTH, HEIGHT) as screen, market() as address:
        Photographer(address, screen, folder).take_all()


@contextmanager
def market() -> Iterator[str]:
    """The address of a server, in a process of its own, on which a market full of misconduct runs."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory(prefix="tapewarden-screenshots-") as data:
        process = context.Process(target=serve, args=(Path(data), theirs))
        process.start()
        try:
            address = ours.recv()
            asyncio.run(_begin(address))
            yield address
        finally:
            ours.send("stop")
            process.join()


def serve(data: Path, pipe: Pipe) -> None:
    """Serve from a folder, tell the address, and stop when anything is said."""
    plan = Plan(
        folder=data,
        configuration=short_windows(find_detectors()),
        listen="127.0.0.1:0",
        key=Ed25519PrivateKey.generate(),
        simulation=True,
    )
    with hosted(plan) as address:
        pipe.send(address)
        pipe.recv()


async def _begin(address: str) -> None:
    market = showcase(_SEED, _MINUTES, _SPEED)
    await appoint(address, learn_usual(market).data)
    async with SimulationClient(Connection(address=address)) as simulation:
        await simulation.start(market)


class Photographer:
    """A console, and pictures of it."""

    def __init__(self, address: str, screen: str, folder: Path, scale: float = 1.0) -> None:
        self.console = Console(Connection(address=address, person="a.analyst"), scale)
        self.console.root.geometry(f"{WIDTH}x{HEIGHT}+0+0")
        self._screen = screen
        self._folder = folder

    def take_all(self) -> None:
        """A picture of each view, in their order; those of signals and cases are about one spoofer."""
        self.console.start()
        desk = self.console.desk
        self.wait(lambda: len(desk.signals.signals) >= _SIGNALS and self._spoofing() is not None)
        spoofing = self._spoofing()
        assert spoofing is not None
        case = self._case_of(spoofing)
        shown: dict[str, Callable[[], object]] = {
            "Trade Stream": self._show_flagged,
            "Signals": lambda: self._show_signal(spoofing),
            "Case Details": lambda: self.console.view.take(case),
        }
        for place, view in enumerate(VIEWS):
            self.console.show(place)
            self.settle()
            if view.title in shown:
                shown[view.title]()
                self.settle()
            self.take(view.title)
        self.console.quit()

    @property
    def _table(self) -> VirtualTable:
        """The main list of the view."""
        table = self.console.view.main
        assert isinstance(table, VirtualTable)
        return table

    def _spoofing(self) -> Signal | None:
        """The first signal of spoofing."""
        return next((one for one in self.console.desk.signals.signals if one.detector == _DETECTOR), None)

    def _case_of(self, signal: Signal) -> int | None:
        found: list[Arrived] = []
        link = self.console.link
        link.ask(lambda server: server.surveillance.signal(signal.id), found.append, self.console.desk.fail)
        self.wait(lambda: found)
        return found[0].stored.case_id

    def _show_signal(self, signal: Signal) -> None:
        """Put the cursor on a signal, and wait until the market around it is there."""
        self._table.select(signal.id)
        self.wait(lambda: self.console.view.snapshot()["market"])

    def _show_flagged(self) -> None:
        """Scroll to the latest trade that a signal names."""
        ring, table = self.console.desk.trades.ring, self._table
        numbers = ring.numbers()
        flagged = numbers[ring.column("signal", numbers) >= 0]
        table.select(int(flagged[-1]))
        table.scroll_to(table.top + table.visible // 2)

    def take(self, title: str) -> None:
        """Write what the screen shows now."""
        picture = ImageGrab.grab(xdisplay=self._screen)
        path = self._folder / f"{title.lower().replace(' ', '-')}.png"
        picture.quantize(palette=_palette(picture), dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size / 1_000:,.0f} kB")

    def settle(self) -> None:
        """Let the window live for a moment."""
        until = time.monotonic() + _SETTLING_S
        self.wait(lambda: time.monotonic() > until)

    def wait(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        while not condition():
            self.console.root.tk.dooneevent(0)


def _palette(picture: Image.Image) -> Image.Image:
    """A picture of one pixel with the commonest colors: so grounds and tones stay what they are."""
    colors, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colors[np.argsort(counts)[-COLORS:]].ravel().tolist())
    return palette


if __name__ == "__main__":
    main()
