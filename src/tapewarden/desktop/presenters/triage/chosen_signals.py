"""`ChosenSignals`: what is selected among signals and groups of them, and the cases it is in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.triage.deciding import MOST
from tapewarden.desktop.presenters.triage.grouped_rows import GroupedRows, Heading
from tapewarden.desktop.presenters.triage.paged_rows import Unread
from tapewarden.desktop.presenters.triage.signal_focus import cases_of
from tapewarden.desktop.presenters.triage.standing import case_name
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.case import Case
from tapewarden.domain.casework import Queued, SignalFilter, SignalGroup, StoredSignal
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import RefusedError

Then: TypeAlias = Callable[[list[Case]], object]


class ChosenSignals:
    """Finds the cases of selected rows. A selected heading stands for all signals of its group.

    Args:
        desk: What all views share.
        rows: That are selected from.
        filter_of: Finds the signals of a group.
    """

    def __init__(
        self, desk: Desk, rows: GroupedRows, filter_of: Callable[[SignalGroup], SignalFilter]
    ) -> None:
        self._desk = desk
        self._rows = rows
        self._filter_of = filter_of

    def gather(self, keys: Sequence[Hashable], then: Then) -> None:
        """Have the cases of what is selected: at once, or, of groups, when the server has told them.

        Nobody decides on single rows that were never shown; a heading says how many signals it stands for.
        """
        groups, others = self._parted(keys)
        if sum(one.signals for one in groups) > MOST:
            self._desk.fail(RefusedError(f"more than {MOST:,} signals are selected; choose fewer groups"))
        elif any(isinstance(key, Unread) for key in others):
            self._desk.fail(RefusedError("some selected rows were never shown; choose fewer, or filter"))
        elif groups:
            self._ask(groups, others, then)
        else:
            self._hand_over(self._found(others), then)

    def told(self, keys: Sequence[Hashable], cases: Sequence[Case]) -> str:
        """What is selected, in words: how many signals, in how many cases, and what else is in these."""
        where = case_name(cases[0].id) if len(cases) == 1 else counted(len(cases), "case")
        more = f" with {self._held(cases):,} signals in all" if self._others(keys, cases) > 0 else ""
        return f"{counted(self._number(keys), 'signal')} in {where}{more}"

    def shared(self, keys: Sequence[Hashable], cases: Sequence[Case]) -> str:
        """Why signals that nobody selected are decided on too, where that is so; empty where it is not."""
        others = self._others(keys, cases)
        if others <= 0:
            return ""
        return (
            f"This decides on {counted(others, 'signal')} more, in the same case"
            f"{'' if len(cases) == 1 else 's'}: a signal has no state of its own."
            " A comment can say which ones mean nothing."
        )

    def _ask(self, groups: Sequence[SignalGroup], others: Sequence[Hashable], then: Then) -> None:
        async def ask(server: Services) -> tuple[list[StoredSignal], Sequence[Queued]]:
            pages = await asyncio.gather(
                *(server.surveillance.signals(self._filter_of(one)) for one in groups)
            )
            found = [one for page in pages for one in page]
            return found, await cases_of(server, found)

        def tell(answer: tuple[list[StoredSignal], Sequence[Queued]]) -> None:
            found, cases = answer
            self._desk.cases.learn(cases)
            self._hand_over([*found, *self._found(others)], then)

        self._desk.server.ask(ask, tell, self._desk.fail)

    def _hand_over(self, found: Sequence[StoredSignal], then: Then) -> None:
        """Give the cases that signals are in, each once, as they are seen now."""
        ids = dict.fromkeys(one.case_id for one in found)
        cases = [queued.case for number in ids if (queued := self._desk.cases.find(number)) is not None]
        if cases:
            then(cases)
        else:
            self._desk.fail(RefusedError("nothing that is selected is in a case"))

    def _parted(self, keys: Sequence[Hashable]) -> tuple[list[SignalGroup], list[Hashable]]:
        """The groups whose headings are selected, and the keys of signals that are in none of them."""
        named = [self._rows.group_of(key) for key in keys if isinstance(key, Heading)]
        groups = [one for one in named if one is not None]
        signals = [key for key in keys if not isinstance(key, Heading)]
        return groups, [key for key in signals if not groups or self._rows.group_of(key) not in groups]

    def _found(self, keys: Sequence[Hashable]) -> list[StoredSignal]:
        return [stored for key in keys if (stored := self._rows.find(key)) is not None]

    def _number(self, keys: Sequence[Hashable]) -> int:
        groups, others = self._parted(keys)
        return len(others) + sum(one.signals for one in groups)

    def _held(self, cases: Sequence[Case]) -> int:
        """How many signals are in cases."""
        return sum(one.signals for case in cases if (one := self._desk.cases.find(case.id)) is not None)

    def _others(self, keys: Sequence[Hashable], cases: Sequence[Case]) -> int:
        return self._held(cases) - self._number(keys)
