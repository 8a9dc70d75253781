"""`PageLoader`: asks the server for the pages of a list that come into sight."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from tapewarden.desktop.presenters.triage.paged_rows import PAGE, PagedRows
from tapewarden.desktop.transport.link import Server
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.casework import Queued, SignalGroup
from tapewarden.domain.errors import TapewardenError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Items of a page, how many there are on all pages, and the cases that the items are or are in.

    ``groups`` are those on all pages, where the list has groups.
    """

    items: Sequence[Item]
    total: int
    cases: Sequence[Queued]
    groups: Sequence[SignalGroup] = ()


Load: TypeAlias = Callable[[Services, int, int], Awaitable[Page[Item]]]
"""Asks for ``limit`` items from ``offset`` on."""


class PageLoader(Generic[Item]):
    """Fills rows. One question at a time; an answer to an earlier ``begin`` is thrown away.

    Args:
        server: Whom to ask.
        rows: What to fill.
        learn: Takes the cases of a page.
        taken: Told of each page that the rows have from then on.

    Attributes:
        loading: Whether an answer is awaited.
        error: Why the last question was not answered; ``None`` if it was.
    """

    def __init__(
        self,
        server: Server,
        rows: PagedRows[Item],
        learn: Callable[[Sequence[Queued]], object],
        taken: Callable[[Page[Item]], object] = lambda page: None,
    ) -> None:
        self._server = server
        self._rows = rows
        self._learn = learn
        self._taken = taken
        self._load: Load[Item] | None = None
        self._turn = 0
        self._stale = self._known = False
        self.loading = False
        self.error: TapewardenError | None = None

    def begin(self, load: Load[Item]) -> None:
        """Have another list; what is shown stays until its first page is here."""
        self._load = load
        self.reload()

    def reload(self) -> None:
        """Have the list as it is now; what is shown stays until then."""
        self._turn += 1
        self._stale, self.loading, self.error = True, False, None

    def nothing(self, known: str) -> str:
        """Why there are no rows: ``known`` once the server has said so."""
        if self.error is not None:
            return "The list could not be read."
        return known if self._known else "Reading the list …"

    def look(self) -> None:
        """Ask for what was drawn since the last look and is not here, if nothing is being asked for."""
        drawn = self._rows.drawn()
        if self.loading or self._load is None or (self.error is not None and not self._stale):
            return
        wanted = sorted(drawn or {0}) if self._stale else self._rows.missing(drawn)
        if wanted:
            self._ask(self._load, wanted[:2], self._stale)

    def _ask(self, load: Load[Item], numbers: Sequence[int], whole: bool) -> None:
        async def ask(services: Services) -> list[Page[Item]]:
            return [await load(services, number * PAGE, PAGE) for number in numbers]

        self.loading, self._stale = True, False
        self._server.ask(
            ask, partial(self._answered, self._turn, numbers, whole), partial(self._failed, self._turn)
        )

    def _answered(self, turn: int, numbers: Sequence[int], whole: bool, pages: Sequence[Page[Item]]) -> None:
        for page in pages:
            self._learn(page.cases)
        if turn != self._turn:
            return
        self.loading, self._known = False, True
        if whole:
            self._rows.replace({}, pages[-1].total)
        for number, page in zip(numbers, pages, strict=True):
            self._rows.put(number, page.items, page.total)
            self._taken(page)

    def _failed(self, turn: int, error: TapewardenError) -> None:
        if turn == self._turn:
            self.loading, self.error = False, error
