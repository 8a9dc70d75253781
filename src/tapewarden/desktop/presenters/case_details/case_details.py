"""`CaseDetails`: one case with the market around its signals, and what people do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from tapewarden.client import Changed, MarketWindow, Verification
from tapewarden.desktop.presenters.case_details.evidence import (
    Evidence,
    evidence_cells,
    file_evidence,
    order_evidence,
    signal_evidence,
)
from tapewarden.desktop.presenters.case_details.investigation_log import LogLine, log_cells, log_lines
from tapewarden.desktop.presenters.case_details.related import (
    Related,
    counterparties,
    named_accounts,
    related_cases,
    related_cells,
)
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.replay.depth_over_time import BOOKS
from tapewarden.desktop.presenters.replay.playback import Playback
from tapewarden.desktop.presenters.replay.replay import Replay, Scene, scene_of
from tapewarden.desktop.presenters.rows import ListRows
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.case import Case
from tapewarden.domain.casework import CaseFile, CaseFilter, Queue, SignalFilter, StoredSignal
from tapewarden.domain.errors import ConflictError, NotFoundError, TapewardenError, UncertainError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import HOUR, MINUTE, SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family

LEAST_MARGIN_NS: Final = 20 * SECOND
MOST_MARGIN_NS: Final = 10 * MINUTE
"""How much of the market before and after a signal is shown: half as long as the signal, within these."""

LONGEST_WINDOW_NS: Final = HOUR
"""How much later a window may end that holds what a case is about."""

_KEPT: Final = 6  # scenes
_MOST_UNUSUAL: Final = 20


class CaseDetails:
    """The case that is open, if one is.

    Attributes:
        file: It, as it was read last; ``None`` while none is open.
        signals: Its signals, by time.
        focus: The place of the signal that is looked at.
        replay: The market around that signal; ``None`` until it is there.
        missing: Why there is no market, or that it is being read.
        warning: What somebody must see before they go on, such as a conflict; empty for nothing.
        verification: What the server says of its audit trail; ``None`` before it does.
        unverified: Why it says nothing.
        version: Rises with everything but the cursor.
        evidence: What the case rests on.
        related: Accounts and cases.
        unusual: What models said of the same actor there, or of the market if nobody is accused, the rarest
            first.
        log: What was done.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = 0
        self._case_id: int | None = None
        self._markets: dict[str, Market] = {}
        self._pieces: dict[str, Evidence] = {}
        self._grounds: dict[str, Grounds] = {}
        self._others: Queue | None = None
        self.unusual: tuple[Signal, ...] = ()
        self._playback = Playback()
        self.file: CaseFile | None = None
        self.signals: tuple[Signal, ...] = ()
        self.focus = 0
        self.replay: Replay | None = None
        self.missing = self.warning = self.unverified = ""
        self.verification: Verification | None = None
        self.version = 0
        self.evidence = ListRows[Evidence](lambda piece: piece.key, evidence_cells)
        self.related = ListRows[Related](lambda one: one.key, related_cells)
        self.log = ListRows[LogLine](lambda line: line.number, log_cells)
        desk.cases.listen(self._changed)

    @property
    def badge(self) -> None:
        """See ``Presenter``."""

    @property
    def case_id(self) -> int | None:
        """The number of the case that is open, or about to be."""
        return self._case_id

    @property
    def signal(self) -> Signal | None:
        """The signal that is looked at."""
        return self.signals[self.focus] if self.signals else None

    @property
    def grounds(self) -> Grounds | None:
        """What the server says for and against that signal, once it has."""
        return None if self.signal is None else self._grounds.get(self.signal.id)

    def open(self, case_id: int) -> None:
        """Open a case; what was open is closed."""
        self.close()
        self._case_id = case_id
        self.missing = f"Reading case {case_id} …"
        self._read()

    def open_most_urgent(self) -> None:
        """Open the case that comes first in the queue."""

        def show(queue: Queue) -> None:
            if queue.cases:
                self.open(queue.cases[0].case.id)
            else:
                self._desk.fail(NotFoundError("there is no case yet"))

        self._desk.server.ask(
            lambda services: services.cases.queue(CaseFilter(limit=1)), show, self._desk.fail
        )

    def close(self) -> None:
        """Have no case open."""
        self._turn += 1
        self._case_id, self.file, self.signals, self.focus = None, None, (), 0
        self.replay, self.missing, self.warning = None, "", ""
        self.verification, self.unverified, self._others, self.unusual = None, "", None, ()
        for kept in (self._markets, self._pieces, self._grounds):
            kept.clear()
        for rows in (self.evidence, self.related, self.log):
            rows.replace(())
        self.version += 1

    def look_again(self) -> None:
        """Read the case and the market again: there may be more of a market that goes on."""
        self.warning = ""
        if self._case_id is not None:
            self._read()
        if self.signal is not None:
            self._markets.pop(self.signal.id, None)
            self._show_market()

    def seek_signal(self, *, back: bool = False) -> None:
        """Go to the next signal of the case, or the one before."""
        if self.replay is not None and self.replay.seek_signal(back=back):
            at_ns = self.replay.timeline.at_ns
            self.focus = min(
                range(len(self.signals)), key=lambda place: abs(self.signals[place].end_ns - at_ns)
            )
            self.version += 1
        elif self.signals:
            self.choose_signal((self.focus + (-1 if back else 1)) % len(self.signals))

    def choose_signal(self, place: int) -> None:
        """Look at a signal by its place."""
        if place == self.focus and self.replay is not None:
            self.replay.seek(self.signals[place].end_ns)
        else:
            self.focus = place
            self._show_market()

    def refusal(self, action: str) -> str | None:
        """Why the server would refuse a command, by the name of its action; ``None`` if it would not."""
        if self.file is None:
            return "no case is open"
        return next((move.refused for move in self.file.moves if move.action == action), None)

    def warn(self, text: str) -> None:
        """Say what must be seen, until it is."""
        self.warning = text
        self.version += 1

    def learn_again(self, error: TapewardenError) -> None:
        """A command was not done, or nobody knows: say so, and read the case as it is now."""
        if isinstance(error, ConflictError):
            self.warn(f"Not done: {error}. Below is the case as it is now.")
        elif isinstance(error, UncertainError):
            self.warn(f"Perhaps done, perhaps not: {error}. Below is the case as it is now.")
        self._desk.fail(error)
        self._read()

    def learn(self, case: Case, file: CaseFile | None) -> None:
        """Show the open case as a command left it: with all that belongs to it, if that is known."""
        if self.file is None or not _is_older(self.file.case, case):
            return
        if file is not None:
            self._show_file(self._turn, file)
        else:
            self.file = replace(self.file, case=case)
            self.version += 1

    def read_again(self) -> None:
        """Read the case again after it has changed."""
        self._read()

    def _changed(self, changed: Changed) -> None:
        mine = any(one.case.id == self._case_id for one in changed.cases)
        if self.file is not None and (mine or changed.more):
            self._read_case()

    def _read_case(self) -> None:
        case_id, turn = self._case_id, self._turn
        if case_id is not None:
            self._desk.server.ask(
                lambda services: services.cases.case(case_id),
                partial(self._show_file, turn),
                partial(self._no_file, turn),
            )

    def _read(self) -> None:
        """Read it and have the trail verified, which costs the server the whole trail."""
        turn = self._turn
        self._read_case()
        self._desk.server.ask(
            lambda services: services.cases.verify_trail(),
            partial(self._verified, turn),
            partial(self._not_verified, turn),
        )

    def _show_file(self, turn: int, file: CaseFile) -> None:
        if turn != self._turn or (self.file is not None and _is_older(file.case, self.file.case)):
            return
        looked_at = self.signal
        first, self.file = self.file is None, file
        self.signals = tuple(sorted((one.signal for one in file.signals), key=lambda one: one.end_ns))
        self.log.replace(log_lines(file.history))
        if first or looked_at is None:
            self.focus = max(range(len(self.signals)), key=lambda place: self.signals[place].score, default=0)
            self._show_market()
            self._find_related()
            self._find_unusual()
        else:
            ids = [one.id for one in self.signals]
            self.focus = ids.index(looked_at.id) if looked_at.id in ids else 0
            if self.replay is not None:
                self.replay.set_signals(self._signal_times(looked_at))
        self._gather()

    def _no_file(self, turn: int, error: TapewardenError) -> None:
        if turn == self._turn:
            if self.file is None:
                self.missing = f"The case could not be read: {error}. L reads it again."
            self._desk.fail(error)
            self.version += 1

    def _verified(self, turn: int, verification: Verification) -> None:
        if turn == self._turn:
            self.verification, self.unverified = verification, ""
            self.version += 1

    def _not_verified(self, turn: int, error: TapewardenError) -> None:
        if turn == self._turn:
            self.verification, self.unverified = None, str(error)
            self.version += 1

    def _find_related(self) -> None:
        assert self.file is not None
        actor, turn = self.file.case.actor, self._turn
        if not actor:
            return

        def show(queue: Queue) -> None:
            if turn == self._turn:
                self._others = queue
                self._gather()

        self._desk.server.ask(
            lambda services: services.cases.queue(CaseFilter(actor=actor)), show, self._desk.fail
        )

    def _find_unusual(self) -> None:
        assert self.file is not None
        case, turn = self.file.case, self._turn
        wanted = SignalFilter(
            family=Family.ANOMALY,
            actor=case.actor,
            instrument=case.instrument,
            since_ns=case.start_ns,
            until_ns=case.end_ns + LONGEST_WINDOW_NS,
        )

        def show(found: Sequence[StoredSignal]) -> None:
            if turn == self._turn:
                signals = [one.signal for one in found if one.signal.anomaly is not None]
                self.unusual = tuple(sorted(signals, key=_rarity)[:_MOST_UNUSUAL])
                self.version += 1

        ask = self._desk.server.ask
        ask(lambda services: services.surveillance.signals(wanted), show, self._desk.fail)

    def _show_market(self) -> None:
        """The market around the signal that is looked at, as soon as it is there."""
        self.replay = None
        signal, turn = self.signal, self._turn
        if signal is None:
            self.missing = "This case has no signals."
        elif (market := self._markets.get(signal.id)) is not None:
            self._show_scene(signal, market.scene)
        else:
            self.missing = f"Reading the market around signal {self.focus + 1} of {len(self.signals)} …"
            names = self._names()
            self._desk.server.ask(
                lambda services: _market(services, signal, names),
                partial(self._found_market, turn, signal),
                partial(self._no_market, turn, signal),
            )
            self._desk.server.ask(
                lambda services: services.surveillance.grounds(signal.id),
                partial(self._show_grounds, turn, signal),
                lambda error: None,  # the reasons of the signal itself are there without them
            )
        self.version += 1

    def _names(self) -> frozenset[str]:
        """The accounts in question, or their owner."""
        assert self.file is not None
        named = {party.account for one in self.signals for party in one.parties}
        return frozenset(named | {self.file.case.actor}) - {""}

    def _found_market(self, turn: int, signal: Signal, market: Market) -> None:
        if turn != self._turn:
            return
        while len(self._markets) >= _KEPT:
            del self._markets[next(iter(self._markets))]
        self._markets[signal.id] = market
        if self.signal == signal:
            self._show_scene(signal, market.scene)

    def _show_grounds(self, turn: int, signal: Signal, grounds: Grounds) -> None:
        if turn == self._turn:
            self._grounds[signal.id] = grounds
            self.version += 1

    def _no_market(self, turn: int, signal: Signal, error: TapewardenError) -> None:
        if turn == self._turn and self.signal == signal:
            self.missing = f"The market could not be read: {error}. L reads it again."
            self.version += 1

    def _show_scene(self, signal: Signal, scene: Scene) -> None:
        self._playback.pause()
        self.replay, self.missing = Replay(scene, self._signal_times(signal), self._playback), ""
        self.replay.seek(signal.end_ns)
        self._gather()

    def _signal_times(self, signal: Signal) -> list[int]:
        """When signals of the same instrument ended."""
        return [one.end_ns for one in self.signals if one.instrument == signal.instrument]

    def _signal_pieces(self) -> list[Evidence]:
        """The signals as evidence, the latest first; the digest of each is computed once."""
        for piece in signal_evidence(one for one in self.signals if one.id not in self._pieces):
            self._pieces[piece.key.removeprefix(f"{piece.kind} ")] = piece
        return [self._pieces[one.id] for one in reversed(self.signals)]

    def _gather(self) -> None:
        """What belongs to the case, as far as it is known."""
        file, market = self.file, None if self.signal is None else self._markets.get(self.signal.id)
        if file is None:
            return
        orders = () if market is None else market.orders
        self.evidence.replace([*file_evidence(file.attachments), *orders, *self._signal_pieces()])
        others: Sequence[Related] = (
            [] if self._others is None else related_cases(self._others.cases, file.case.id)
        )
        traded = () if market is None else market.counterparties
        self.related.replace([*named_accounts(file), *others, *traded])
        self.version += 1


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The market around a signal, and what of it belongs to the case."""

    scene: Scene
    orders: tuple[Evidence, ...]
    counterparties: tuple[Related, ...]


def _is_older(case: Case, other: Case) -> bool:
    return case.id == other.id and case.version < other.version


def _rarity(signal: Signal) -> tuple[float, float]:
    assert signal.anomaly is not None
    return signal.anomaly.p_value, -signal.score


async def _market(services: Services, signal: Signal, names: frozenset[str]) -> Market:
    """The market around a signal, made ready on a thread of its own."""
    margin = min(max((signal.end_ns - signal.start_ns) // 2, LEAST_MARGIN_NS), MOST_MARGIN_NS)
    window = await services.surveillance.window_around(signal.id, books=BOOKS, margin_ns=margin)
    return await asyncio.to_thread(_made_ready, window, names)


def _made_ready(window: MarketWindow, names: frozenset[str]) -> Market:
    scene = scene_of(window, names)
    return Market(scene, tuple(order_evidence(scene)), tuple(counterparties(scene)))
