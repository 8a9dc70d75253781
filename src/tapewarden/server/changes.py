"""`Changes`: tells whoever watches which cases changed, in this process or in another one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Final

MOST_PENDING: Final = 500
"""Cases that wait for one watcher; beyond, it is only told that there are more."""


class Changes:
    """A hub. Any thread announces; watchers are coroutines, each on its own loop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._own: Counter[int] = Counter()
        self._watchers: set[Watcher] = set()

    def announce(self, case_ids: Iterable[int]) -> None:
        """Tell all watchers that these cases changed; returns at once."""
        changed = tuple(case_ids)
        with self._lock:
            self._own.update(changed)
        self._tell(changed)

    def announce_others(self, counts: Mapping[int, int]) -> None:
        """Tell of cases that changed more often than was announced since this was called last.

        ``counts`` is how often each one did since then. A change that was announced and is counted the next
        time only is told twice.
        """
        with self._lock:
            own, self._own = self._own, Counter()
        self._tell(tuple(number for number, count in sorted(counts.items()) if count > own[number]))

    def _tell(self, changed: tuple[int, ...]) -> None:
        with self._lock:
            watchers = tuple(self._watchers)
        for watcher in watchers if changed else ():
            watcher.tell(changed)

    @contextmanager
    def watching(self) -> Iterator[Watcher]:
        """Watch from now on, on the running loop."""
        watcher = Watcher()
        with self._lock:
            self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers.discard(watcher)


class Watcher:
    """What changed since one last looked: each case once, however often it changed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._pending: set[int] = set()
        self._more = False

    def tell(self, case_ids: tuple[int, ...]) -> None:
        """Note changes, from any thread."""
        with suppress(RuntimeError):  # the loop is closed, and nobody watches there any more
            self._loop.call_soon_threadsafe(self._note, case_ids)

    async def next(self, within_s: float) -> tuple[list[int], bool]:
        """Cases that changed, in order, and whether more did; waits for the first, within a limit."""
        try:
            async with asyncio.timeout(within_s):
                await self._changed.wait()
        except TimeoutError:
            return [], False
        found, more = sorted(self._pending), self._more
        self._changed.clear()
        self._pending, self._more = set(), False
        return found, more

    def _note(self, case_ids: tuple[int, ...]) -> None:
        self._pending.update(case_ids[: MOST_PENDING - len(self._pending)])
        self._more = self._more or not self._pending.issuperset(case_ids)
        self._changed.set()
