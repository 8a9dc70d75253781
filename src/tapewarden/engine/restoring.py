"""Putting the state of an instrument back, from bytes, under the numbering of this process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import Table, column_of
from tapewarden.domain.directory import Directory
from tapewarden.engine.book import reach
from tapewarden.engine.housekeeping import more_couples, more_levels, more_orders, more_pairs
from tapewarden.engine.indexes import rebuild_couple_index, rebuild_order_index, rebuild_pair_index
from tapewarden.engine.keys import Scope
from tapewarden.engine.ledger import InstrumentHealth
from tapewarden.engine.memory import Memory
from tapewarden.engine.snapshot import STORED_LEVEL, STORED_ORDER, STORED_SIDE, stored
from tapewarden.engine.tables import (
    SELLS,
    SMALLEST_BLOCK,
    UNSET,
    CoupleRow,
    LevelRow,
    MarketRow,
    OrderRow,
    PairRow,
    SideRow,
    Tables,
)


def account_numbers(directory: Directory, sections: Mapping[str, bytes]) -> npt.NDArray[np.uint32]:
    """This process's number for each account that a part names; place 0 is nobody."""
    named = json.loads(sections["accounts"])
    numbers = [directory.add_account(name, owner) + 1 for name, owner in named]
    return np.array([0, *numbers], np.uint32)


def put_instrument(
    tables: Tables, memories: Sequence[Memory], instrument: int, sections: Mapping[str, bytes], numbers: Table
) -> Tables:
    """Tables with the state that ``take_instrument`` took; the instrument must be untouched so far."""
    orders = _widened(sections["orders"], STORED_ORDER, OrderRow.dtype)
    pairs = _rows(sections["pairs"], PairRow.dtype)
    couples = _rows(sections["couples"], CoupleRow.dtype)
    levels = _rows(sections["levels"], STORED_LEVEL)
    tables = _with_room(tables, len(orders), len(pairs), len(couples), len(levels))
    pair_rows = _take(tables.pair_free, tables.counters[0], "pair_room", len(pairs))
    couple_rows = _take(tables.couple_free, tables.counters[0], "couple_room", len(couples))
    pairs["actor"], pairs["instrument"] = numbers[pairs["actor"]], instrument
    ends = np.sort(np.stack([numbers[couples["first"]], numbers[couples["second"]]]), axis=0)
    couples["first"], couples["second"], couples["instrument"] = ends[0], ends[1], instrument
    market = _rows(sections["market"], MarketRow.dtype)[0]
    couples["last"] = market["clock"]
    tables.pairs[pair_rows], tables.couples[couple_rows] = pairs, couples
    for name in ("tick", "profile"):
        market[name] = tables.markets[instrument][name]
    tables.markets[instrument] = market
    orders["account"] = numbers[orders["account"]]
    orders["pair"] = np.concatenate([[0], pair_rows])[orders["pair"]]
    orders["instrument"] = instrument
    _put_book(tables, instrument, _widened(sections["sides"], STORED_SIDE, SideRow.dtype), levels, orders)
    _reindex(tables)
    places = {Scope.PAIRS: pair_rows, Scope.COUPLES: couple_rows, Scope.INSTRUMENTS: np.array([instrument])}
    ready = json.loads(sections["ready"])
    for memory in memories:
        memory.readied[instrument] = memory.detector.id in ready
        _put_states(
            memory, sections, np.concatenate([[0], places[memory.detector.key.scope]]), instrument, numbers
        )
    return tables


def _rows(data: bytes, dtype: np.dtype[Any]) -> Table:
    return np.frombuffer(data, dtype).copy()


def _widened(data: bytes, stored: np.dtype[Any], dtype: np.dtype[Any]) -> Table:
    held = np.frombuffer(data, stored)
    rows = np.zeros(len(held), dtype)
    for name in stored.names or ():
        rows[name] = held[name]
    return rows


def _with_room(tables: Tables, orders: int, pairs: int, couples: int, levels: int) -> Tables:
    counters = tables.counters[0]
    while counters["order_room"] < orders:
        tables = more_orders(tables)
    while counters["pair_room"] < pairs:
        tables = more_pairs(tables)
    while counters["couple_room"] < couples:
        tables = more_couples(tables)
    while len(tables.levels) - counters["level_top"] < 2 * levels + 4 * SMALLEST_BLOCK:
        tables = more_levels(tables)
    return tables


def _take(stack: Any, counters: Any, room: str, count: int) -> npt.NDArray[np.int64]:
    top = int(counters[room])
    counters[room] = top - count
    rows: npt.NDArray[np.int64] = stack[top - count + 1 : top + 1][::-1].astype(np.int64)
    return rows


def _put_book(tables: Tables, instrument: int, sides: Table, levels: Table, orders: Table) -> None:
    """Levels into blocks, orders into rows, queues tied together again."""
    counters = tables.counters[0]
    order_rows = _take(tables.order_free, counters, "order_room", len(orders))
    counters["live_orders"] += len(orders)
    first_level, first_order = 0, 0
    for at, side in enumerate(sides):
        room = SMALLEST_BLOCK
        while room < side["count"]:
            room *= 2
        side["start"], side["room"] = counters["level_top"], room
        counters["level_top"] += room
        mine = levels[first_level : first_level + side["count"]]
        first_level += int(side["count"])
        of_side = np.flatnonzero((orders["state"] & SELLS != 0) == bool(at))
        queued = int(mine["orders"].sum())
        lengths = [*mine["orders"], len(of_side) - queued]
        fronts = _tie(orders, order_rows, first_order, lengths, mine)
        side["hidden"] = fronts[-1]
        block = slice(side["start"], side["start"] + side["count"])
        tables.ranks[block] = mine["rank"]
        tables.levels[block] = stored(mine, LevelRow.dtype)
        derive(side, mine, int(tables.markets[instrument]["tick"]))
        first_order += len(of_side)
    tables.orders[order_rows] = orders
    tables.sides[2 * instrument : 2 * instrument + 2] = sides


def derive(side: Any, levels: Table, tick: int) -> None:
    """Set the fields of a side that follow from others."""
    side["best"] = levels[-1]["rank"] if len(levels) else UNSET
    side["reach"] = reach(int(side["anchor"]), tick) if side["anchor"] != UNSET else 0
    side["sought"] = UNSET


def _tie(
    orders: Table, rows: npt.NDArray[np.int64], first: int, lengths: list[int], levels: Table
) -> list[int]:
    """Tie consecutive orders into queues of the given lengths; returns the front row of each."""
    fronts = []
    for at, length in enumerate(lengths):
        queue = slice(first, first + int(length))
        orders["before"][queue] = [0, *rows[queue][:-1]][: int(length)]
        orders["after"][queue] = [*rows[queue][1:], 0][: int(length)]
        fronts.append(int(rows[queue][0]) if length else 0)
        if at < len(levels):
            levels[at]["front"] = fronts[-1]
            levels[at]["back"] = int(rows[queue][-1]) if length else 0
        first += int(length)
    return fronts


def _reindex(tables: Tables) -> None:
    for index in (tables.order_index, tables.pair_index, tables.couple_index):
        index[:] = 0
    rebuild_order_index(tables.order_index, tables.orders)
    rebuild_pair_index(tables.pair_index, tables.pairs)
    rebuild_couple_index(tables.couple_index, tables.couples)


def _put_states(
    memory: Memory, sections: Mapping[str, bytes], keys: npt.NDArray[Any], instrument: int, numbers: Table
) -> None:
    rows = _rows(sections[f"detector/{memory.detector.id}"], memory.detector.state.dtype)
    rows["key"] = keys[rows["key"]]
    for name in memory.detector.state.accounts:
        column_of(rows, name)[...] = numbers[column_of(rows, name)]
    memory.adopt(rows, np.full(len(rows), instrument, np.uint32))


def put_health(health: InstrumentHealth, sections: Mapping[str, bytes]) -> None:
    """The quality facts of the instrument so far."""
    stored = json.loads(sections["health"])
    health.counts.update({int(kind): count for kind, count in stored["counts"]})
    health.recent.extend((ts, kind) for ts, kind in stored["recent"])
    health.blind_since = stored["blind_since"]
    health.blind_ns = stored["blind_ns"]
