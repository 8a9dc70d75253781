"""`FeatureWindows`: windows of actors and instruments, from acts, with memory for those that are active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.features.catalogue import AccountValues, InstrumentValues
from tapewarden.anomaly.features.digest import Digest
from tapewarden.anomaly.features.state import (
    COUNT,
    FAR_ACTS,
    FEW,
    NOBODY,
    OWN,
    PAIR_LINES,
    UNKNOWN,
    BusyState,
    MarketState,
    PairState,
    PoolRow,
    State,
    Told,
    Usual,
    WindowKey,
)
from tapewarden.anomaly.features.sums import BookSums, Sums
from tapewarden.anomaly.features.watching import SUMS_PER_ACT, watcher
from tapewarden.compiled.compiling import direct
from tapewarden.compiled.digests import packages_digest
from tapewarden.compiled.rows import Row, RowTable, Table
from tapewarden.engine.acts import Act
from tapewarden.engine.tables import free_rows, growing, grown

_COMPILED: Final = ("tapewarden.compiled", "tapewarden.engine", "tapewarden.anomaly.features")
_FIRST_ROWS: Final = 1 << 14  # of a pool; they take no memory until they are used
_RESERVED: Final = 1 << 20  # rows of pairs and of far acts that need no copying as they grow
_ROOM: Final = 256  # windows told at once, before it grows


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How much must happen in a window for it to be told, by its length: 1 s, 10 s, 1 min, 5 min, 1 h.

    Attributes:
        account: Messages and fills of the actor.
        instrument: Events of the instrument.
    """

    account: tuple[int, int, int, int, int] = (20, 30, 40, 60, 100)
    instrument: tuple[int, int, int, int, int] = (50, 50, 60, 80, 100)


class Windows(NamedTuple):
    """Windows that ended, a row each: ``keys`` of ``WindowKey``, ``values`` of the features."""

    keys: Table
    values: npt.NDArray[np.float64]

    def kept(self) -> Windows:
        """A copy, which no later windows overwrite."""
        return Windows(self.keys.copy(), self.values.copy())


class Ended(NamedTuple):
    """Windows of actors on instruments, and of instruments."""

    accounts: Windows
    instruments: Windows

    def kept(self) -> Ended:
        """A copy, which no later windows overwrite."""
        return Ended(self.accounts.kept(), self.instruments.kept())


class FeatureWindows:
    """All windows that are going on. One writer, no locks.

    Costs 128 bytes for each of the engine's pairs, once it acted, for its state and last acts; for those that
    acted three times in this hour 320 besides, and for those that acted twelve times 64 and one to five times
    512.
    """

    def __init__(self, settings: WindowSettings | None = None, *, compiled: bool = True) -> None:
        """``compiled=False`` runs the same rules as ordinary Python, some thousand times slower."""
        self.settings = settings or WindowSettings()
        self._compiled = compiled
        self._watch = watcher(packages_digest(*_COMPILED))
        self.state = _new_state(self.settings)
        self._told = _new_told(_ROOM)
        self._bind()
        if compiled:
            acts = np.zeros(1, Act.dtype)
            self._watch = direct(self._watch, acts, 0, self._seen_state, self._seen_told)
        else:
            self._watch = getattr(self._watch, "py_func", self._watch)

    def take(self, acts: Table, pairs: int, instruments: int) -> Ended:
        """Take the next acts of a tape; return the windows that ended by them, in order of their ending.

        ``pairs`` and ``instruments`` are how many rows the engine's tables have. What is returned may be
        overwritten by the next call.
        """
        self.fit(pairs, instruments)
        seen: Any = acts if self._compiled else RowTable(Act, acts)
        pieces: list[Ended] = []
        position = 0
        while True:
            before = position
            position, first, second = self._watch(seen, position, self._seen_state, self._seen_told)
            ended = self._ended(first, second)
            if position == len(acts):
                return _joined([*pieces, ended]) if pieces else ended
            pieces.append(ended.kept())
            self._make_room(stuck=position == before and not first and not second)

    def _ended(self, accounts: int, instruments: int) -> Ended:
        """So many windows that were told."""
        told = self._told
        return Ended(
            Windows(told.account_keys[:accounts], told.account_values[:accounts]),
            Windows(told.instrument_keys[:instruments], told.instrument_values[:instruments]),
        )

    def fit(self, pairs: int, instruments: int) -> None:
        """Have room for the engine's dense numbers."""
        state = self.state
        if len(state.pairs) >= PAIR_LINES * pairs and len(state.markets) >= instruments:
            return
        known = len(state.markets)
        markets = _longer(state.markets, instruments)
        for name in ("second", "fill", "rush", "blind"):
            markets[name][known:] = UNKNOWN
        self._set(
            pairs=grown(state.pairs, max(len(state.pairs), PAIR_LINES * pairs)),
            markets=markets,
            books=_longer(state.books, COUNT * len(markets)),
            usual=_longer(state.usual, COUNT * len(markets)),
        )

    def reserve(self, **rows: int) -> None:
        """Have so many rows free of the pools of these names, see ``PoolRow``."""
        for name, number in rows.items():
            while self.state.pool[0][name] < number:
                self._enlarge(name)

    def _make_room(self, *, stuck: bool) -> None:
        needed = {"far": 1, "busy": 1, "sums": SUMS_PER_ACT}
        if all(self.state.pool[0][name] >= number for name, number in needed.items()):
            if stuck:
                self._told = _new_told(2 * len(self._told.account_keys))
                self._enlarge("sums")
            return
        self.reserve(**needed)

    def _enlarge(self, name: str) -> None:
        """Double a pool."""
        stack = STACKS[name]
        table, free = getattr(self.state, name), getattr(self.state, stack)
        rows, lines = len(free), len(table) // len(free)
        free = _more_free(free, int(self.state.pool[0][name]), lines)
        self.state.pool[0][name] += rows
        self._set(**{name: grown(table, 2 * len(table)), stack: free})

    def _set(self, **tables: Table) -> None:
        state = self.state._replace(**tables)
        sums, books = state.sums, state.books
        self.state = state._replace(
            near=state.pairs.view(Digest.dtype),
            numbers=sums.view(np.float64),
            counts=sums.view(np.uint32),
            book_numbers=books.view(np.float64),
        )
        self._bind()

    def _bind(self) -> None:
        """Keep the arguments of the pass at hand."""
        state = self.state
        told = self._told._replace(
            account_values=_records(AccountValues, self._told.account_values),
            instrument_values=_records(InstrumentValues, self._told.instrument_values),
        )
        if not self._compiled:
            state = state._replace(**{name: _rows(row, getattr(state, name)) for name, row in _ROWS.items()})
            told = told._replace(**{name: _rows(row, getattr(told, name)) for name, row in _TOLD.items()})
        self._seen_state, self._seen_told = state, told


STACKS: Final = {
    "far": "far_free",
    "busy": "busy_free",
    "sums": "sum_free",
}
"""The stacks of free rows by the names of their pools."""

_ROWS: Final[dict[str, type[Row]]] = {
    "pairs": PairState,
    "near": Digest,
    "far": Digest,
    "busy": BusyState,
    "sums": Sums,
    "markets": MarketState,
    "books": BookSums,
    "usual": Usual,
    "pool": PoolRow,
}
_TOLD: Final[dict[str, type[Row]]] = {
    "account_keys": WindowKey,
    "account_values": AccountValues,
    "instrument_keys": WindowKey,
    "instrument_values": InstrumentValues,
}


def _rows(row: type[Row], table: Table) -> Any:
    return RowTable(row, table)


def _new_state(settings: WindowSettings) -> State:
    sums, books = growing(_FIRST_ROWS, Sums.dtype), np.zeros(COUNT, BookSums.dtype)
    free = free_rows(_FIRST_ROWS)
    pool = np.zeros(1, PoolRow.dtype)
    pool["far"] = pool["busy"] = _FIRST_ROWS - 1
    pool["sums"] = _FIRST_ROWS - 1 - OWN
    fewest = min(FEW, *settings.account)
    pairs = growing(_RESERVED, PairState.dtype)[:PAIR_LINES]
    nobody = pairs[NOBODY]
    nobody["second"] = nobody["message"] = nobody["bought"] = nobody["sold"] = UNKNOWN
    nobody["most"] = fewest
    return State(
        pairs=pairs,
        near=pairs.view(Digest.dtype),
        far=growing(_RESERVED, Digest.dtype)[: FAR_ACTS * _FIRST_ROWS],
        far_free=free * np.uint32(FAR_ACTS),
        busy=growing(_FIRST_ROWS, BusyState.dtype),
        busy_free=free.copy(),
        sums=sums,
        numbers=sums.view(np.float64),
        counts=sums.view(np.uint32),
        sum_free=free,
        markets=np.zeros(0, MarketState.dtype),
        books=books,
        book_numbers=books.view(np.float64),
        usual=np.zeros(COUNT, Usual.dtype),
        pool=pool,
        least=np.array([*settings.account, *settings.instrument, fewest], np.int64),
    )


def _new_told(rows: int) -> Told:
    """Values as plain numbers: copying records of many fields takes a hundred times as long."""
    return Told(
        account_keys=np.zeros(rows, WindowKey.dtype),
        account_values=np.zeros((rows, AccountValues.dtype.itemsize // 8)),
        instrument_keys=np.zeros(rows, WindowKey.dtype),
        instrument_values=np.zeros((rows, InstrumentValues.dtype.itemsize // 8)),
    )


def _records(row: type[Row], numbers: Table) -> Table:
    """The rows that plain numbers stand for, in the same memory."""
    return np.ndarray(len(numbers), row.dtype, numbers)


def _joined(pieces: list[Ended]) -> Ended:
    """The windows of all pieces in a row, copied."""
    accounts, instruments = zip(*pieces, strict=True)
    return Ended(*(Windows(*map(np.concatenate, zip(*one, strict=True))) for one in (accounts, instruments)))


def _longer(table: Table, length: int) -> Table:
    if length <= len(table):
        return table
    longer = np.zeros(length, table.dtype)
    longer[: len(table)] = table
    return longer


def _more_free(free: Table, count: int, lines: int) -> Table:
    """The stack of free rows, each the first of so many lines, for twice the rows, the new ones below."""
    rows = len(free)
    stack = np.zeros(2 * rows, np.uint32)
    stack[1 : rows + 1] = np.arange(2 * rows - 1, rows - 1, -1) * lines
    stack[rows + 1 : rows + 1 + count] = free[1 : count + 1]
    return stack
