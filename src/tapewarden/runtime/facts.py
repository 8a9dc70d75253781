"""Dated facts that no venue reports: reference windows, roles, links. They become events of the tape.

A fact applies from its time on, never backwards. One without a time, and one from before the tape, comes
at the tape's beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind, LinkKind, WindowKind

SOURCE: Final = "configuration"
"""The source that these events come from; their sequence numbers count from 1."""

FOREVER: Final = 1 << 61
"""Nanoseconds of a role that does not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A reference window, once or again and again; a role of ``account`` where one is named.

    Times in nanoseconds: ``first`` is ``None`` for from the beginning, ``period`` is 0 for once, ``until``
    is the end of the last. ``instruments`` are names; none means all.
    """

    kind: WindowKind
    instruments: tuple[str, ...]
    first: int | None
    period: int
    length: int
    until: int | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two accounts belong together, or one (``other`` is ``None``) is the house's or an employee's."""

    kind: LinkKind
    account: str
    other: str | None
    confidence: float
    since: int | None


_Row = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    """A fact at a time; ``turn`` orders the facts of one time as they were written."""

    ts: int
    turn: int
    row: _Row


class FactMerger:
    """Puts dated facts into a tape. Where they land does not depend on how the tape is cut into batches.

    An instrument a fact names must be in the directory by the time the fact is due; otherwise it is left out.
    """

    def __init__(self, windows: Iterable[Window], links: Iterable[Link], directory: Directory) -> None:
        self._windows = tuple(windows)
        self._links = tuple(links)
        self._directory = directory
        self._source = directory.sources.number(SOURCE)
        self._begin: int | None = None  # first time of the tape
        self.clock = UNKNOWN
        """Newest time of the tape so far, ns; facts up to it are in."""
        self._sequence = 0

    @property
    def progress(self) -> tuple[int | None, int, int]:
        """How far the merger has come, for ``resume``."""
        return self._begin, self.clock, self._sequence

    def resume(self, progress: tuple[int | None, int, int]) -> None:
        """Go on where another merger of the same facts stopped."""
        self._begin, self.clock, self._sequence = progress

    def merge(self, batch: EventBatch) -> EventBatch:
        """The batch with the facts that are due before each of its rows."""
        clock = np.maximum(np.maximum.accumulate(batch.ts_event), self.clock)
        if not len(batch) or clock[-1] == UNKNOWN:
            return batch
        if self._begin is None:
            self._begin = int(clock[clock != UNKNOWN][0])
            self.clock = self._begin - 1
        due = sorted(self._due(self._begin, self.clock, int(clock[-1])))
        self.clock = int(clock[-1])
        if not due:
            return batch
        times = np.array([fact.ts for fact in due], np.int64)
        # A fact stands before the first row of its time or later: rows keep odd ranks, facts get even ones.
        ranks = np.concatenate([2 * np.arange(len(batch)) + 1, 2 * np.searchsorted(clock, times)])
        return EventBatch.concatenate([batch, self._events(due)])[np.argsort(ranks, kind="stable")]

    def _due(self, begin: int, after: int, until: int) -> Iterator[_Due]:
        """Facts of the times in (``after``, ``until``]; what began before the tape does so at ``begin``."""
        for turn, link in enumerate(self._links):
            at = begin if link.since is None else max(link.since, begin)
            if after < at <= until:
                yield _Due(at, turn, self._link_row(link))
        for turn, window in enumerate(self._windows, start=len(self._links)):
            for at, length in _openings(window, begin, after, until):
                for row in self._window_rows(window, length):
                    yield _Due(at, turn, row)

    def _link_row(self, link: Link) -> _Row:
        other = UNKNOWN if link.other is None else self._directory.add_account(link.other)
        return (
            ("kind", EventKind.LINK),
            ("reason", link.kind),
            ("account", self._directory.add_account(link.account)),
            ("counter_account", other),
            ("size", round(link.confidence * 1_000_000)),
        )

    def _window_rows(self, window: Window, length: int) -> Iterator[_Row]:
        numbers = [self._directory.find_instrument(name) for name in window.instruments] or [UNKNOWN]
        account = UNKNOWN if window.account is None else self._directory.add_account(window.account)
        for number in numbers:
            if number is not None:
                yield (
                    ("kind", EventKind.WINDOW),
                    ("reason", window.kind),
                    ("account", account),
                    ("instrument", number),
                    ("size", length),
                )

    def _events(self, due: list[_Due]) -> EventBatch:
        rows = []
        for fact in due:
            self._sequence += 1
            stamp = {"ts_event": fact.ts, "ts_receive": fact.ts, "sequence": self._sequence}
            rows.append({**dict(fact.row), **stamp, "source": self._source})
        return EventBatch.of_rows(rows)


def _openings(window: Window, begin: int, after: int, until: int) -> Iterator[tuple[int, int]]:
    """When in (``after``, ``until``] a window opens, and for how long.

    One that opened before ``begin`` and is still open does so at ``begin``, for what is left of it.
    """
    at = begin if window.first is None else window.first
    if window.period and at <= after:
        at += (after - at) // window.period * window.period
    while at <= until and (window.until is None or at < window.until):
        opens = max(at, begin)
        left = at + window.length - opens
        if opens > after and left > 0:
            yield opens, left
        if not window.period:
            return
        at += window.period
