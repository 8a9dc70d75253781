"""Room for what comes, and forgetting what is over: neither shows in any result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import Table
from tapewarden.engine.activity import HOLDING, IDLE
from tapewarden.engine.indexes import copy_entries, rebuild_couple_index, rebuild_pair_index
from tapewarden.engine.keys import Scope
from tapewarden.engine.memory import Memory
from tapewarden.engine.tables import Tables, grown

_MANY: Final = 1 << 18  # a table doubles up to so many rows, then grows by half
_LOW: Final = 4  # a pool is enlarged when fewer than 1/_LOW of its rows are free after forgetting


def make_room(tables: Tables, memories: Sequence[Memory]) -> Tables:
    """Tables in which the row that found no room has some."""
    counters = tables.counters[0]
    if counters["order_room"] < 1:
        tables = more_orders(tables)
    if counters["pair_room"] < counters["pairs_at_once"]:
        forget_idle(tables, memories)
        while counters["pair_room"] < max(counters["pairs_at_once"], len(tables.pairs) // _LOW):
            tables = more_pairs(tables)
    if counters["couple_room"] < 1:
        forget_idle(tables, memories)
        if counters["couple_room"] * _LOW < len(tables.couples):
            tables = more_couples(tables)
    if len(tables.levels) - counters["level_top"] < len(tables.levels) // 2:
        tables = more_levels(tables)
    return tables


def more_levels(tables: Tables) -> Tables:
    """Tables with twice the room for levels."""
    rows = 2 * len(tables.levels)
    return tables._replace(ranks=grown(tables.ranks, rows), levels=grown(tables.levels, rows))


def more_orders(tables: Tables) -> Tables:
    """Tables with more room for live orders."""
    orders, free, room = _enlarged(tables.orders, tables.order_free, int(tables.counters[0]["order_room"]))
    index = np.zeros(_index_size(len(orders)), np.uint64)
    tables.counters[0]["order_room"] = room
    copy_entries(index, tables.order_index)
    return tables._replace(orders=orders, order_free=free, order_index=index)


def more_pairs(tables: Tables) -> Tables:
    """Tables with more room for pairs."""
    pairs, free, room = _enlarged(tables.pairs, tables.pair_free, int(tables.counters[0]["pair_room"]))
    index = np.zeros(_index_size(len(pairs)), np.uint64)
    tables.counters[0]["pair_room"] = room
    copy_entries(index, tables.pair_index)
    return tables._replace(pairs=pairs, pair_free=free, pair_index=index)


def room_for_informed(tables: Tables, rows: int) -> Tables:
    """Tables with room for so many more links by which accounts may know of clients' orders."""
    needed = int(tables.counters[0]["informed"]) + rows + 1
    if needed <= len(tables.informed):
        return tables
    informed = np.zeros(2 * needed, tables.informed.dtype)
    informed[: len(tables.informed)] = tables.informed
    return tables._replace(informed=informed)


def more_couples(tables: Tables) -> Tables:
    """Tables with more room for couples."""
    couples, free, room = _enlarged(
        tables.couples, tables.couple_free, int(tables.counters[0]["couple_room"])
    )
    index = np.zeros(_index_size(len(couples)), np.uint32)
    tables.counters[0]["couple_room"] = room
    rebuild_couple_index(index, couples)
    return tables._replace(couples=couples, couple_free=free, couple_index=index)


def _enlarged(table: Any, free: Any, room: int) -> tuple[Any, Any, int]:
    """The table enlarged, the new rows below the free ones on its stack."""
    old = len(table)
    new = old * 2 if old < _MANY else old * 3 // 2
    added = new - old
    stack = np.zeros(new, np.uint32)
    stack[1 : added + 1] = np.arange(new - 1, old - 1, -1)
    stack[added + 1 : added + 1 + room] = free[1 : room + 1]
    return grown(table, new), stack, room + added


def _index_size(rows: int) -> int:
    size = 16
    while size < rows * 3 // 2:
        size *= 2
    return size


def forgettable(pairs: Table, clocks: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which pairs have no live order and were idle too long by the clock of their instrument."""
    patience = np.where(pairs["position"] == 0, IDLE, HOLDING)
    idle: npt.NDArray[np.bool_] = (pairs["live"] == 0) & (clocks - pairs["last"] > patience)
    return idle


def forget_idle(tables: Tables, memories: Sequence[Memory]) -> None:
    """Forget pairs and couples that nothing can tell from unknown ones, and expired rows of detectors.

    A pair may go when it is forgettable and no detector remembers it: its next act would start it afresh in
    any case. Cost: linear in the tables, so it runs only when they are full, and looks no further where
    nobody is idle.
    """
    clocks = tables.markets["clock"]
    pairs, couples = tables.pairs, tables.couples
    idle_pairs = _idle(pairs, clocks)
    idle_pairs = idle_pairs[forgettable(pairs[idle_pairs], clocks[pairs["instrument"][idle_pairs]])]
    idle_couples = _idle(couples, clocks)
    if not len(idle_pairs) and not len(idle_couples):
        return
    for memory in memories:
        memory.keep(memory.rows["until"] >= _clock_of_keys(memory, tables, clocks))
    _release_pairs(tables, _unremembered(idle_pairs, memories, Scope.PAIRS))
    _release_couples(tables, _unremembered(idle_couples, memories, Scope.COUPLES))


def _idle(table: Table, clocks: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Rows of pairs or couples in use that were idle for a day by the clock of their instrument."""
    rows = np.flatnonzero(table["last"] < clocks.max() - IDLE)  # one look at each row; seldom finds many
    instruments = table["instrument"][rows]
    idle: npt.NDArray[np.bool_] = (instruments != 0) & (clocks[instruments] - table["last"][rows] > IDLE)
    return rows[idle]


def _clock_of_keys(memory: Memory, tables: Tables, clocks: npt.NDArray[np.int64]) -> Any:
    """For each state row, the time before which it has expired: its instrument's, or the slowest one's."""
    keys = memory.rows["key"]
    scope = memory.detector.key.scope
    if scope is Scope.PAIRS:
        return clocks[tables.pairs["instrument"][keys]]
    if scope is Scope.COUPLES:
        return clocks[tables.couples["instrument"][keys]]
    if scope is Scope.INSTRUMENTS:
        return clocks[keys]
    return np.int64(0)


def _unremembered(
    rows: npt.NDArray[np.intp], memories: Sequence[Memory], scope: Scope
) -> npt.NDArray[np.intp]:
    for memory in memories:
        if memory.detector.key.scope is scope:
            rows = rows[~memory.has_rows(rows)]
    return rows


def _release_pairs(tables: Tables, rows: npt.NDArray[np.intp]) -> None:
    tables.pairs[rows] = np.zeros(1, tables.pairs.dtype)[0]
    _push(tables.pair_free, tables.counters[0], "pair_room", rows)
    tables.pair_index[:] = 0
    rebuild_pair_index(tables.pair_index, tables.pairs)


def _release_couples(tables: Tables, rows: npt.NDArray[np.intp]) -> None:
    tables.couples[rows] = np.zeros(1, tables.couples.dtype)[0]
    _push(tables.couple_free, tables.counters[0], "couple_room", rows)
    tables.couple_index[:] = 0
    rebuild_couple_index(tables.couple_index, tables.couples)


def _push(stack: Any, counters: Any, room: str, rows: npt.NDArray[np.intp]) -> None:
    count = int(counters[room])
    stack[count + 1 : count + 1 + len(rows)] = rows
    counters[room] = count + len(rows)
