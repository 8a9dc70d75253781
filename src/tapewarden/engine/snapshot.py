"""State as bytes: canonical, so that equal states give equal bytes, whatever the numbering and the history.

Rows refer to accounts by their place in a sorted list of names, tables are sorted by it, queues lie in
their order, and what has expired or could be forgotten is left out. Nothing of a pool's layout is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import Table, column_of
from tapewarden.domain.directory import Directory
from tapewarden.engine.container import SCHEMA, pack
from tapewarden.engine.housekeeping import forgettable
from tapewarden.engine.keys import Scope
from tapewarden.engine.ledger import InstrumentHealth
from tapewarden.engine.memory import Memory
from tapewarden.engine.observer import Observer
from tapewarden.engine.tables import CoupleRow, LevelRow, MarketRow, OrderRow, PairRow, SideRow, Tables

STORED_SIDE: Final = np.dtype(
    [field for field in SideRow.dtype.descr if field[0] not in {"sought", "best", "reach"}]
)
"""A side without the fields that follow from others."""

STORED_LEVEL: Final = np.dtype([("rank", np.int64), *LevelRow.dtype.descr])
"""A level with its rank."""

STORED_ORDER: Final = np.dtype([field for field in OrderRow.dtype.descr if field[0] not in {"tag", "spare"}])
"""An order without what its table needs to be quick."""

_POOLED: Final = {
    "market": ("tick", "profile"),
    "sides": ("start", "room", "hidden", "hint"),
    "levels": ("front", "back"),
}


def state_kind(memories: Sequence[Memory], observers: Sequence[Observer]) -> bytes:
    """Sixteen bytes for the layout of the state: tables, detectors, their parameters, observers."""
    layout: list[Any] = [SCHEMA]
    rows = (STORED_LEVEL, STORED_SIDE, MarketRow.dtype, PairRow.dtype, CoupleRow.dtype)
    layout += [str(row) for row in (STORED_ORDER, *rows)]
    for memory in sorted(memories, key=lambda memory: memory.detector.id):
        meta = memory.detector.meta
        layout.append([meta.id, meta.version, str(memory.detector.state.dtype), memory.hashes])
    layout += [[observer.name, observer.layout] for observer in sorted(observers, key=lambda one: one.name)]
    return hashlib.blake2b(json.dumps(layout).encode(), digest_size=16).digest()


class View(NamedTuple):
    """What a snapshot of an instrument is taken of."""

    tables: Tables
    memories: Sequence[Memory]
    observers: Sequence[Observer]
    directory: Directory
    health: InstrumentHealth


class Names:
    """Account numbers as places in a sorted list of names; 0 stays nobody."""

    def __init__(self, directory: Directory, numbers: npt.NDArray[Any]) -> None:
        used = np.unique(numbers[numbers != 0]).astype(np.int64)
        names = [directory.accounts[number - 1].name for number in used]
        order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
        self.names = [names[i] for i in order]
        self._places = np.zeros(int(used.max(initial=0)) + 1, np.uint32)
        self._places[used[order]] = np.arange(1, len(used) + 1)

    def places(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.uint32]:
        """Places of account numbers."""
        places: npt.NDArray[np.uint32] = self._places[numbers]
        return places


def take_instrument(view: View, instrument: int) -> bytes:
    """The part of a snapshot that holds one instrument (by number)."""
    tables, directory = view.tables, view.directory
    sides = tables.sides[2 * instrument : 2 * instrument + 2].copy()
    levels = [_levels(tables, side) for side in sides]
    order_rows = _order_rows(tables, sides, levels)
    states = {memory.detector.id: _live_states(memory, tables, instrument) for memory in view.memories}
    pair_rows = _needed_pairs(tables, instrument, view.memories, states)
    couple_rows = _needed_couples(tables, instrument, view.memories, states)
    orders, pairs, couples = tables.orders[order_rows], tables.pairs[pair_rows], tables.couples[couple_rows]
    names = Names(directory, _accounts_in(orders, pairs, couples, view.memories, states))
    pair_order = np.argsort(names.places(pairs["actor"]), kind="stable")
    pairs, pair_rows = pairs[pair_order], pair_rows[pair_order]
    pair_places = _places(pair_rows)
    orders["account"] = names.places(orders["account"])
    orders["pair"] = pair_places[orders["pair"]]
    for name in ("instrument", "before", "after"):
        orders[name] = 0
    pairs["actor"], pairs["instrument"] = names.places(pairs["actor"]), 0
    couples, couple_places = _canonical_couples(couples, couple_rows, names)
    places = {Scope.PAIRS: pair_places, Scope.COUPLES: couple_places, Scope.INSTRUMENTS: None}
    sections = {
        "market": _blanked(tables.markets[instrument : instrument + 1], "market").tobytes(),
        "sides": _blanked(stored(sides, STORED_SIDE), "sides").tobytes(),
        "levels": b"".join(_blanked(side, "levels").tobytes() for side in levels),
        "orders": stored(orders, STORED_ORDER).tobytes(),
        "pairs": pairs.tobytes(),
        "couples": couples.tobytes(),
        "accounts": _json(
            [[name, directory.accounts[directory.account_number(name)].owner] for name in names.names]
        ),
        "health": _json(_health(view.health)),
        "ready": _json(sorted(memory.detector.id for memory in view.memories if memory.readied[instrument])),
    }
    for memory in view.memories:
        rows = _canonical_states(memory, states[memory.detector.id], places[memory.detector.key.scope], names)
        sections[f"detector/{memory.detector.id}"] = rows.tobytes()
    for observer in view.observers:
        sections[f"observer/{observer.name}"] = observer.take(instrument, directory)
    return pack(state_kind(view.memories, view.observers), sections)


def _levels(tables: Tables, side: Any) -> Table:
    """The levels of a side with their ranks, the best last."""
    block = slice(side["start"], side["start"] + side["count"])
    levels = np.zeros(side["count"], STORED_LEVEL)
    levels["rank"] = tables.ranks[block]
    for name in LevelRow.dtype.names or ():
        levels[name] = tables.levels[name][block]
    return levels


def _order_rows(tables: Tables, sides: Table, levels: Sequence[Table]) -> npt.NDArray[np.int64]:
    """Rows of the instrument's orders: by side, by level, in queue order; the hidden ones of a side last."""
    rows = []
    for side, side_levels in zip(sides, levels, strict=True):
        for front in [*side_levels["front"], side["hidden"]]:
            row = int(front)
            while row:
                rows.append(row)
                row = int(tables.orders[row]["after"])
    return np.array(rows, np.int64)


def _live_states(memory: Memory, tables: Tables, instrument: int) -> Table:
    """A detector's rows of one instrument that have not expired."""
    rows = memory.lasting(int(tables.markets[instrument]["clock"]))
    where = rows["key"]
    if memory.detector.key.scope is Scope.PAIRS:
        where = tables.pairs["instrument"][where]
    elif memory.detector.key.scope is Scope.COUPLES:
        where = tables.couples["instrument"][where]
    here: Table = rows[where == instrument]
    return here


def _needed_pairs(
    tables: Tables, instrument: int, memories: Sequence[Memory], states: dict[str, Table]
) -> npt.NDArray[np.int64]:
    pairs = tables.pairs
    here = np.flatnonzero(pairs["instrument"] == instrument)
    busy = ~forgettable(pairs[here], tables.markets[instrument]["clock"])
    needed: npt.NDArray[np.int64] = here[busy | np.isin(here, _keys(Scope.PAIRS, memories, states))]
    return needed


def _needed_couples(
    tables: Tables, instrument: int, memories: Sequence[Memory], states: dict[str, Table]
) -> npt.NDArray[np.int64]:
    here = np.flatnonzero(tables.couples["instrument"] == instrument)
    needed: npt.NDArray[np.int64] = here[np.isin(here, _keys(Scope.COUPLES, memories, states))]
    return needed


def _keys(scope: Scope, memories: Sequence[Memory], states: dict[str, Table]) -> npt.NDArray[Any]:
    keys = [states[memory.detector.id]["key"] for memory in memories if memory.detector.key.scope is scope]
    return np.concatenate([np.zeros(0, np.uint32), *keys])


def _accounts_in(
    orders: Table, pairs: Table, couples: Table, memories: Sequence[Memory], states: dict[str, Table]
) -> npt.NDArray[Any]:
    """Every account number that the part refers to."""
    numbers = [orders["account"], pairs["actor"], couples["first"], couples["second"]]
    for memory in memories:
        for name in memory.detector.state.accounts:
            numbers.append(column_of(states[memory.detector.id], name).ravel())
    return np.concatenate(numbers)


def _places(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    places = np.zeros(int(rows.max(initial=0)) + 1, np.uint32)
    places[rows] = np.arange(1, len(rows) + 1)
    return places


def _canonical_couples(
    couples: Table, rows: npt.NDArray[np.int64], names: Names
) -> tuple[Table, npt.NDArray[np.uint32]]:
    ends = np.sort(np.stack([names.places(couples["first"]), names.places(couples["second"])]), axis=0)
    couples["first"], couples["second"] = ends
    couples["instrument"] = couples["last"] = 0
    order = np.lexsort((ends[1], ends[0]))
    return couples[order], _places(rows[order])


def _canonical_states(
    memory: Memory, rows: Table, places: npt.NDArray[np.uint32] | None, names: Names
) -> Table:
    rows = rows.copy()
    rows["key"] = 1 if places is None else places[rows["key"]]
    for name in memory.detector.state.accounts:
        column_of(rows, name)[...] = names.places(column_of(rows, name))
    return rows[np.argsort(rows["key"], kind="stable")]


def stored(rows: Table, dtype: np.dtype[Any]) -> Table:
    """The fields of rows that another layout has too."""
    kept: Table = rows[list(dtype.names or ())].astype(dtype)
    return kept


def _blanked(rows: Table, section: str) -> Table:
    """A copy without what depends on a pool's layout or comes from elsewhere."""
    rows = rows.copy()
    for name in _POOLED[section]:
        rows[name] = 0
    return rows


def _health(health: InstrumentHealth) -> Any:
    return {
        "counts": sorted(health.counts.items()),
        "recent": list(health.recent),
        "blind_since": health.blind_since,
        "blind_ns": health.blind_ns,
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
