"""`Desk`: what all presenters and views share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tapewarden.desktop.presenters.case_feed import CaseFeed
from tapewarden.desktop.presenters.commands import Finder
from tapewarden.desktop.presenters.signal_feed import SignalFeed
from tapewarden.desktop.presenters.simulation.watch import SimulationWatch
from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.desktop.presenters.trade_book import TradeBook
from tapewarden.desktop.transport.link import Server
from tapewarden.domain.errors import TapewardenError


@dataclass(frozen=True, slots=True)
class Notice:
    """The last action in words, and how to undo it if that can be done."""

    text: str = ""
    undo: Callable[[], None] | None = None
    bad: bool = False


@dataclass(slots=True)
class Desk:
    """What all presenters and views share; used on Tk's thread only.

    Attributes:
        server: Streams and questions; see ``tapewarden.desktop.transport.link.Server``.
        open_view: Shows a view by its title and hands it a subject, such as the id of a signal.
        tape: What the tape says of itself.
        signals: As they become visible.
        trades: The latest, and which of them signals name.
        simulation: The simulated market of the server, if there is one.
        person: The name of who works here; empty until the server has said it.
        cases: Those that somebody looked at, as they are now.
        finders: What the command search looks through, beside views and keys.
        notice: What the status line says.
    """

    server: Server
    open_view: Callable[[str, object], None]
    tape: TapeMeter
    signals: SignalFeed
    trades: TradeBook
    simulation: SimulationWatch
    person: Callable[[], str] = lambda: ""
    finders: list[Finder] = field(default_factory=list)
    notice: Notice = field(default_factory=Notice)
    cases: CaseFeed = field(init=False)

    def __post_init__(self) -> None:
        self.cases = CaseFeed(self.server)

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Tell of an action that was done, and how to undo it."""
        self.notice = Notice(text, undo)

    def fail(self, error: TapewardenError) -> None:
        """Tell why an action was not done."""
        self.notice = Notice(str(error), bad=True)

    def undo(self) -> None:
        """Undo the last action if that can be done."""
        undo, self.notice = self.notice.undo, Notice()
        if undo is not None:
            undo()
