"""`Finding`: what the command search finds beside commands: cases, accounts and markets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Final

from tapewarden.desktop.presenters.commands import MOST_FOUND, Command
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.trade_filter import quoted
from tapewarden.desktop.presenters.triage.standing import case_name
from tapewarden.domain.case import Case
from tapewarden.domain.casework import CaseFilter, Queue
from tapewarden.domain.errors import TapewardenError

QUIET_S: Final = 0.25
"""After the last letter, before the server is asked."""

_LEAST: Final = 2  # letters of a name
_MOST_CASES: Final = 6
_MOST_NUMBER: Final = 2**63 - 1
_NUMBER: Final = re.compile(r"(?:case[- ]*)?0*([1-9]\d*)")


class Finding:
    """Asks the server for cases once nothing more is typed; accounts and markets are those that traded here.

    A finder is called again and again with the same text while the search is open, so answers may come late.

    Args:
        desk: What all views share.
        clock: Seconds, for when nothing more is typed.
    """

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._text = self._asked = ""
        self._since = 0.0
        self._cases: tuple[Case, ...] = ()
        desk.finders.append(self.find)

    def find(self, text: str) -> Iterable[Command]:
        """What a text may mean; a text that is too short means nothing here."""
        text = text.strip()
        wanted = _wanted(text)
        if wanted is None:
            return
        self._ask_in_time(text, wanted)
        for case in self._cases:
            yield Command(_told(case), "case", partial(self._desk.open_view, "Case Details", case.id))
        if len(text) >= _LEAST:
            yield from self._traded(text)

    def _traded(self, text: str) -> Iterable[Command]:
        """Markets and accounts of which trades came."""
        parties, show = self._desk.trades.parties, self._desk.open_view
        for name in _named([one.name for one in parties.instruments], text):
            yield Command(name, "market: signals", partial(show, "Signals", f"sym:{quoted(name)}"))
        for name in _named(parties.accounts, text):
            yield Command(name, "account: trades", partial(show, "Trade Stream", name))

    def _ask_in_time(self, text: str, wanted: CaseFilter) -> None:
        if text != self._text:
            self._text, self._since, self._cases = text, self._clock(), ()
            self._asked = ""
        elif text != self._asked and self._clock() - self._since >= QUIET_S:
            self._asked = text
            self._desk.server.ask(
                lambda services: services.cases.queue(wanted), partial(self._learn, text), self._not_found
            )

    def _learn(self, text: str, queue: Queue) -> None:
        if text == self._text:
            self._cases = tuple(one.case for one in queue.cases)

    def _not_found(self, error: TapewardenError) -> None:
        """Commands are found without the server; the pill says how it is."""


def _wanted(text: str) -> CaseFilter | None:
    """Cases of a number, or with a text in their names."""
    numbered = _NUMBER.fullmatch(text.casefold())
    if numbered is not None and int(numbered[1]) <= _MOST_NUMBER:
        return CaseFilter(ids=(int(numbered[1]),), limit=1)
    return CaseFilter(text=text, limit=_MOST_CASES) if len(text) >= _LEAST else None


def _named(names: Iterable[str], text: str) -> Iterable[str]:
    words = text.casefold().split()
    fitting = (name for name in names if all(word in name.casefold() for word in words))
    return islice(fitting, MOST_FOUND)


def _told(case: Case) -> str:
    who = case.actor or "accuses nobody"
    return f"{case_name(case.id)} · {case.state} · {who} · {case.instrument}"
