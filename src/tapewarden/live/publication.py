"""`Publication`: signals become visible when the events under them are durable, and not before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Queue
from typing import Final, NamedTuple

from tapewarden.cases.store import Arrival, Filed, Observation, Store
from tapewarden.domain.errors import UnavailableError, UncertainError
from tapewarden.domain.signal import Signal
from tapewarden.domain.version import VERSION
from tapewarden.journal import Journal

PROGRAM: Final = f"tapewarden {VERSION}"
"""Who observes signals, in the audit trail."""

_WAITING: Final = 64
_PATIENCE_S: Final = 0.5


class Filing(NamedTuple):
    """Signals that became visible, with what became of them."""

    observations: Sequence[Observation]
    filed: Filed


def observed(frame: int, signals: Sequence[Signal], detected_ns: int) -> list[Observation]:
    """Signals as the store takes them, with the frame that brought them."""
    return [Observation(one, arrival=Arrival(frame, detected_ns)) for one in signals]


class _Turn(NamedTuple):
    frame: int
    do: Callable[[], None]


class Publication:
    """Does in order, on a thread of its own, what has to wait for the journal. Holds few signals back.

    Args:
        journal: Says which frames are durable.
        store: Takes the signals, each once. While it cannot be reached, it is asked again and again, and
            all behind waits.
        clock: The time, ns UTC.
        on_filed: Called on the thread when signals have become visible.
        on_failure: Called on the thread, once, with what went wrong; nothing is done after that.
    """

    def __init__(
        self,
        journal: Journal,
        store: Store,
        clock: Callable[[], int],
        on_filed: Callable[[Filing], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._journal = journal
        self._store = store
        self._clock = clock
        self._on_filed = on_filed
        self._on_failure = on_failure
        self._turns: Queue[_Turn | None] = Queue(_WAITING)
        self._failed = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tapewarden-publication", daemon=True)
        self._thread.start()

    def put(self, frame: int, signals: Sequence[Signal]) -> None:
        """Queue the signals of a frame; waits while many are queued."""
        observations = observed(frame, signals, self._clock())
        self.then(frame, lambda: self._file(observations))

    def then(self, frame: int, do: Callable[[], None]) -> None:
        """Queue something to be done once the frame is durable, behind all that was queued before."""
        if not self._failed:
            self._turns.put(_Turn(frame, do))

    def stop(self) -> None:
        """Do what is queued, then end. Gives a store up that cannot be reached: signals come again."""
        self._stopping.set()
        self._turns.put(None)
        self._thread.join()

    def _file(self, observations: Sequence[Observation]) -> None:
        filed = None
        while filed is None:
            try:
                filed = self._store.record(observations, self._clock(), PROGRAM)
            except (UnavailableError, UncertainError):  # each signal is filed once, however often it is tried
                if self._stopping.wait(_PATIENCE_S):
                    raise
        self._on_filed(Filing(observations, filed))

    def _run(self) -> None:
        while (turn := self._turns.get()) is not None:
            if self._failed:
                continue  # whoever waits to put something must not wait for good
            try:
                self._journal.wait(turn.frame)
                turn.do()
            except BaseException as error:
                self._failed = True
                self._on_failure(error)
