"""`SignalFocus`: the signal under the cursor: why it was given, the market then, and similar ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tapewarden.desktop.presenters.conditions import Bar, Heading
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.replay.replay import Scene, scene_of
from tapewarden.desktop.presenters.rows import ListRows
from tapewarden.desktop.presenters.triage.reasons import why
from tapewarden.desktop.presenters.triage.signal_cells import SignalCells
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.casework import CaseFilter, Queued, SignalFilter, StoredSignal
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.weighing import Weighing

REST_S: Final = 0.2
"""How long the cursor must rest on a signal before anything is asked about it."""

SIMILAR: Final = 50
_BOOKS: Final = 150
_LEVELS: Final = 25
_LEAST_NS: Final = 10 * SECOND
_MOST_NS: Final = 5 * MINUTE
_KEPT: Final = 12  # signals whose market is remembered


@dataclass(slots=True)
class _Found:
    """What was found out about a signal so far."""

    grounds: Grounds | None = None
    scene: Scene | None = None
    missing: str = "Reading the market then …"
    similar: Sequence[StoredSignal] = ()
    weighing: Weighing | None = None
    weighed: int | None = None
    """The version of the case whose weighing was asked for."""


class SignalFocus:
    """See above; nothing is asked while somebody walks through a list.

    Attributes:
        stored: The signal; ``None`` for none.
        similar: Earlier signals of the same detector and actor, or instrument where nobody is accused.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._since: float | None = None
        self._found: dict[str, _Found] = {}
        self.stored: StoredSignal | None = None
        self.similar = ListRows[StoredSignal](lambda one: one.signal.id, SignalCells(desk.cases).past)

    @property
    def scene(self) -> Scene | None:
        """The market then, once it is known."""
        return self._of_mine().scene

    @property
    def missing(self) -> str:
        """Why there is no market to show."""
        return "" if self.stored is None else self._of_mine().missing

    def lines(self) -> list[Heading | Bar]:
        """Why it was given."""
        if self.stored is None:
            return []
        case, found = self._desk.cases.find(self.stored.case_id), self._of_mine()
        return why(self.stored.signal, None if case is None else case.case, found.grounds, found.weighing)

    def look_at(self, stored: StoredSignal | None, now: float) -> None:
        """Have a signal under the cursor; ``now`` is of the monotonic clock. Call with every update."""
        before = None if self.stored is None else self.stored.signal.id
        self.stored = stored
        if stored is None:
            self.similar.replace(())
        elif stored.signal.id != before:
            self._since = now
            self.similar.replace(self._of_mine().similar)
        elif self._since is not None and now - self._since >= REST_S:
            self._since = None
            if stored.signal.id not in self._found:
                self._ask(stored.signal)
        elif self._since is None:
            self._weigh(stored)

    def look_again(self) -> None:
        """Ask anew, such as after the connection was lost."""
        self._found.clear()
        self._since = None if self.stored is None else 0.0

    def _of_mine(self) -> _Found:
        found = None if self.stored is None else self._found.get(self.stored.signal.id)
        return found or _Found()

    def _ask(self, signal: Signal) -> None:
        found = self._found[signal.id] = _Found()
        while len(self._found) > _KEPT:
            del self._found[next(iter(self._found))]
        ask = self._desk.server.ask
        ask(lambda server: server.surveillance.grounds(signal.id), partial(_keep_grounds, found), _pass)
        ask(lambda server: _scene(server, signal), partial(_keep_scene, found), partial(_no_scene, found))
        ask(lambda server: _similar(server, signal), partial(self._keep_similar, signal.id, found), _pass)

    def _weigh(self, stored: StoredSignal) -> None:
        """Ask how the priority of its case comes about, and again when the case has changed."""
        found, case = self._found.get(stored.signal.id), self._desk.cases.find(stored.case_id)
        if found is None or case is None or case.case.version == found.weighed:
            return
        found.weighed, number = case.case.version, case.case.id
        self._desk.server.ask(
            lambda server: server.cases.weighing(number), partial(_keep_weighing, found), _pass
        )

    def _keep_similar(
        self, signal_id: str, found: _Found, answer: tuple[Sequence[StoredSignal], Sequence[Queued]]
    ) -> None:
        found.similar, cases = answer
        self._desk.cases.learn(cases)
        if self.stored is not None and self.stored.signal.id == signal_id:
            self.similar.replace(found.similar)


async def _scene(server: Services, signal: Signal) -> Scene:
    margin = min(max((signal.end_ns - signal.start_ns) // 2, _LEAST_NS), _MOST_NS)
    window = await server.surveillance.window_around(
        signal.id, levels=_LEVELS, books=_BOOKS, margin_ns=margin
    )
    names = {signal.actor, *(party.account for party in signal.parties)}
    return await asyncio.to_thread(scene_of, window, names)


async def _similar(server: Services, signal: Signal) -> tuple[Sequence[StoredSignal], Sequence[Queued]]:
    """Those before it, the latest first, and their cases."""
    wanted = SignalFilter(
        detector=signal.detector,
        actor=signal.actor,
        instrument=None if signal.actor else signal.instrument,
        until_ns=signal.end_ns + 1,
        limit=SIMILAR,
    )
    found = [one for one in await server.surveillance.signals(wanted) if one.signal.id != signal.id]
    return found, await cases_of(server, found)


async def cases_of(server: Services, found: Sequence[StoredSignal]) -> Sequence[Queued]:
    """The cases that signals are in."""
    ids = tuple(sorted({one.case_id for one in found if one.case_id is not None}))
    return (await server.cases.queue(CaseFilter(ids=ids, limit=len(ids)))).cases if ids else ()


def _keep_grounds(found: _Found, grounds: Grounds) -> None:
    found.grounds = grounds


def _keep_weighing(found: _Found, weighing: Weighing) -> None:
    found.weighing = weighing


def _keep_scene(found: _Found, scene: Scene) -> None:
    found.scene = scene


def _no_scene(found: _Found, error: TapewardenError) -> None:
    found.missing = f"The market then is not known: {error}"


def _pass(error: TapewardenError) -> None:
    """What is beside the signal is left out; the signal itself says why it was given."""
