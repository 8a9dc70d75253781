"""`Memory`: the state rows of one detector, found by key, and the loop that works on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import direct
from tapewarden.compiled.rows import Row, RowTable, Table
from tapewarden.engine.acts import WAKE, Act
from tapewarden.engine.contract import Detector
from tapewarden.engine.keys import Scope
from tapewarden.engine.parameters import parameters_hash, parameters_table
from tapewarden.engine.scan import FREE, NEVER, WAITING, FiredRow, rouse, scanner
from tapewarden.engine.tables import free_rows

WHATEVER: Final = (1 << 32) - 1  # every kind of act
_FIRED_BYTES: Final = 1 << 20


class Fired(NamedTuple):
    """A detector fired: the act's place, the act as the rule saw it, its state as of then, the parameters."""

    place: int
    act: Act
    state: Row
    parameters: Any
    parameters_hash: str


class Memory:
    """What one detector remembers. One writer, no locks.

    ``readied`` flags the instruments (0: any) on which a row has been ready, if the detector tells.
    ``profiles`` are instances of the detector's ``Params``, chosen by ``act.profile``. Costs four bytes per
    key of its scope and the rows of keys that are remembered.
    """

    def __init__(
        self, detector: Detector, profiles: Sequence[Any], digest: str, *, compiled: bool = True
    ) -> None:
        self.detector = detector
        self.profiles = list(profiles)
        self.hashes = [parameters_hash(profile) for profile in profiles]
        self._compiled = compiled and detector.compiled
        self._scan: Callable[..., Any] = scanner(detector, digest)
        if not self._compiled:
            self._scan = getattr(self._scan, "py_func", self._scan)
        self.watched = WHATEVER if detector.wakes else detector.opens_on | detector.follows
        self._params = parameters_table(profiles)
        self._slots = np.zeros(1, np.uint32)
        self._soonest = np.full(1, NEVER, np.int64)
        self._heads = np.zeros(1, np.uint32)
        self.readied = np.zeros(1, np.uint8)
        self._blank = np.zeros(1, Act.dtype)
        self._fired = np.zeros(
            max(8, min(4096, _FIRED_BYTES // detector.state.dtype.itemsize)), FiredRow.dtype
        )
        self._copies = np.zeros(len(self._fired), detector.state.dtype)
        self._allocate(16)
        if self._compiled:
            acts, picks = np.zeros(1, Act.dtype), np.zeros(1, np.uint32)
            self._scan = direct(self._scan, acts, picks, 0, *self._arguments)

    def _allocate(self, rows: int) -> None:
        self.rows: Table = np.zeros(rows, self.detector.state.dtype)
        self._free = free_rows(rows)
        self._pool = np.array([rows - 1, 0], np.int64)
        self._links = np.zeros(rows, np.uint32)
        self._enlisted = np.zeros(rows, np.uint8)
        self._bind()

    def _bind(self) -> None:
        """Keep the arguments of the loop at hand: gathering them for each call would cost more than it."""
        row, view = self.detector.state, RowTable
        tables: tuple[Any, ...] = (
            self.rows,
            self._params,
            self._blank,
            self._fired,
            self._copies,
        )
        rows, params, blank, fired, copies = tables
        if not self._compiled:
            rows, copies, params = view(row, rows), view(row, copies), self.profiles
            blank, fired = view(Act, blank), view(FiredRow, fired)
        self._arguments = (
            self._slots, rows, self._free, self._pool, params, self._links, self._enlisted, self._heads,
            self._soonest, self.readied, blank, fired, copies,
        )  # fmt: skip

    def fit(self, keys: dict[Scope, int], instruments: int) -> None:
        """Make room for the dense numbers in use: sizes of the key tables, row 0 included."""
        self._slots = _longer(self._slots, keys[self.detector.key.scope], 0)
        self._soonest = _longer(self._soonest, instruments, NEVER)
        self._heads = _longer(self._heads, instruments, 0)
        self.readied = _longer(self.readied, instruments, 0)
        self._bind()

    def run(self, acts: Table, picks: npt.NDArray[np.uint32]) -> Iterator[Fired]:
        """Let the detector see the acts at ``picks``; yield what fires, in their order."""
        seen: Any = acts if self._compiled else RowTable(Act, acts)
        position = 0
        while position < len(picks):
            before = position
            position, count = self._scan(seen, picks, position, *self._arguments)
            for i in range(count):
                yield self._as_fired(acts, i)
            if position == before and count == 0:
                self._grow()

    def _as_fired(self, acts: Table, i: int) -> Fired:
        index = int(self._fired[i]["act"])
        act = Act(acts[index, ...])
        if self._fired[i]["woken"]:
            blank = RowTable(Act, np.zeros(1, Act.dtype))
            rouse(act, blank)
            act = blank[0]
            assert act.kind == WAKE
        state = self.detector.state(self._copies[i, ...].copy())
        profile = act.profile
        return Fired(index, act, state, self.profiles[profile], self.hashes[profile])

    def _grow(self) -> None:
        """Twice the rows, and at least room for everything that waits to fire at once."""
        old, rows = len(self.rows), 2 * len(self.rows)
        self.rows = _longer(self.rows, rows, 0)
        self._links = _longer(self._links, rows, 0)
        self._enlisted = _longer(self._enlisted, rows, 0)
        free = np.zeros(rows, np.uint32)
        count = int(self._pool[FREE])
        free[1 : count + 1] = self._free[1 : count + 1]
        free[count + 1 : count + 1 + rows - old] = np.arange(rows - 1, old - 1, -1)
        self._free = free
        self._pool[FREE] = count + rows - old
        if len(self._fired) < rows + 8:
            self._fired = _longer(self._fired, rows + 8, 0)
            self._copies = _longer(self._copies, rows + 8, 0)
        self._bind()

    @property
    def live(self) -> npt.NDArray[np.intp]:
        """Rows in use; some of them may have expired without being noticed yet."""
        used = np.zeros(len(self.rows), np.bool_)
        used[self._slots] = True
        used[0] = False
        return np.flatnonzero(used)

    def lasting(self, clock: int) -> Table:
        """A copy of the rows that have not expired by ``clock``."""
        rows = self.rows[self.live]
        return rows[rows["until"] >= clock]

    def keep(self, wanted: npt.NDArray[np.bool_]) -> None:
        """Forget every row not ``wanted`` (a flag per row). Nothing may tell whether and when it was done."""
        live = self.live
        kept = live[wanted[live]]
        homes = self._homes()
        rows = self.rows[kept]
        self._slots[:] = 0
        self._soonest[:] = NEVER
        self._heads[:] = 0
        self._allocate(16)
        self.adopt(rows, homes[kept])

    def adopt(self, rows: Table, homes: npt.NDArray[np.uint32]) -> None:
        """Take rows over, with their keys; ``homes`` are the instruments on which they wait (0: any)."""
        while self._pool[FREE] < len(rows):
            self._grow()
        top = int(self._pool[FREE])
        slots = self._free[top - len(rows) + 1 : top + 1][::-1]
        self._pool[FREE] = top - len(rows)
        self._slots[rows["key"]] = slots
        self.rows[slots] = rows
        if self.detector.wakes:
            asleep = rows["wake"] > 0
            for slot, home in zip(slots[asleep], homes[asleep], strict=True):
                self._links[slot], self._heads[home] = self._heads[home], slot
            self._pool[WAITING] += np.count_nonzero(asleep)
            self._enlisted[slots[asleep]] = 1
            np.minimum.at(self._soonest, homes[asleep], rows["wake"][asleep])

    def _homes(self) -> npt.NDArray[np.uint32]:
        """For each row, the instrument on which it waits to be woken."""
        homes = np.zeros(len(self.rows), np.uint32)
        for home, head in enumerate(self._heads):
            slot = head
            while slot:
                homes[slot] = home
                slot = self._links[slot]
        return homes

    def has_rows(self, keys: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """For dense keys, whether a row, expired or not, belongs to each."""
        inside = keys < len(self._slots)
        known: npt.NDArray[np.bool_] = inside & (self._slots[np.where(inside, keys, 0)] != 0)
        return known


def _longer(table: Any, length: int, filler: int) -> Any:
    if length <= len(table):
        return table
    longer = np.full(length, filler, table.dtype) if filler else np.zeros(length, table.dtype)
    longer[: len(table)] = table
    return longer
