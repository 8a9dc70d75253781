"""An instrument's windows as canonical bytes, and back: equal states give equal bytes."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.features.state import COUNT, UNKNOWN, MarketState, PairState, State, Usual
from tapewarden.anomaly.features.sums import BookSums, Sums
from tapewarden.anomaly.features.windows import FeatureWindows
from tapewarden.compiled.rows import Table
from tapewarden.domain.directory import Directory
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.snapshot import Names
from tapewarden.engine.tables import Tables

_KIND: Final = b"features".ljust(16)
_LISTS: Final = ("first", "last", "due", "pairs", "sums")


class _Pairs(NamedTuple):
    """The pairs of an instrument in order of their names, and their rows of sums."""

    rows: Table
    sums: Table
    names: Names
    order: npt.NDArray[np.intp]


def take_windows(windows: FeatureWindows, instrument: int, directory: Directory) -> bytes:
    """The windows of one instrument (by number) that are going on."""
    state = windows.state
    if instrument >= len(state.markets) or state.markets[instrument]["second"] == UNKNOWN:
        return b""
    market = state.markets[instrument : instrument + 1].copy()
    pairs = _pairs(state, instrument, directory)
    lists = [_list(state, market[0], place, pairs.order).tolist() for place in range(COUNT)]
    own = market["sums"][0][market["sums"][0] != 0]
    for name in _LISTS:
        market[name] = 0
    books, usual = _block(state, instrument)
    sections = {
        "market": market.tobytes(),
        "own": state.sums[own].tobytes(),
        "books": books.tobytes(),
        "usual": usual.tobytes(),
        "pairs": pairs.rows.tobytes(),
        "sums": pairs.sums.tobytes(),
        "about": json.dumps({"accounts": pairs.names.names, "lists": lists}, ensure_ascii=False).encode(),
    }
    return pack(_KIND, sections)


def _block(state: State, instrument: int) -> tuple[Table, Table]:
    block = slice(instrument * COUNT, (instrument + 1) * COUNT)
    return state.books[block], state.usual[block]


def _pairs(state: State, instrument: int, directory: Directory) -> _Pairs:
    order = np.flatnonzero(state.pairs["instrument"] == instrument)
    rows = state.pairs[order]
    partners = state.sums["partners"][rows["sums"]]
    names = Names(directory, np.concatenate([rows["actor"], partners.ravel()]))
    by_name = np.argsort(names.places(rows["actor"]), kind="stable")
    order, rows = order[by_name], rows[by_name]
    kept = rows["sums"].ravel()
    sums = state.sums[kept[kept != 0]]
    sums["partners"] = names.places(sums["partners"])
    rows["actor"] = names.places(rows["actor"])
    rows["sums"] = rows["sums"] != 0
    for name in ("pair", "instrument", "after", "later"):
        rows[name] = 0
    return _Pairs(rows, sums, names, order)


def _list(state: State, market: Any, place: int, order: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Places, in the order of names, of the pairs whose windows are to be told."""
    rows, row = [], int(market["first"][place])
    while row:
        rows.append(row)
        row = int(state.pairs[row]["later"][place])
    places = np.zeros(len(state.pairs), np.intp)
    places[order] = np.arange(len(order))
    found: npt.NDArray[np.intp] = places[np.array(rows, np.intp)]
    return found


def put_windows(
    windows: FeatureWindows, instrument: int, data: bytes, tables: Tables, directory: Directory
) -> None:
    """Go on from what ``take_windows`` took; the engine's tables hold the instrument's pairs already."""
    windows.fit(len(tables.pairs), len(tables.markets))
    if not data:
        return
    sections = unpack(_KIND, data)
    about = json.loads(sections["about"])
    numbers = np.array([0, *(directory.account_number(name) + 1 for name in about["accounts"])], np.uint32)
    market = np.frombuffer(sections["market"], MarketState.dtype).copy()
    own = np.frombuffer(sections["own"], Sums.dtype)
    pairs = np.frombuffer(sections["pairs"], PairState.dtype).copy()
    sums = np.frombuffer(sections["sums"], Sums.dtype).copy()
    windows.reserve(len(pairs) + 1, len(own) + len(sums) + 1)
    state = windows.state
    sums["partners"] = numbers[sums["partners"]]
    pairs["actor"] = numbers[pairs["actor"]]
    pairs["instrument"] = instrument
    pairs["pair"] = _engine_pairs(tables, instrument, pairs["actor"])
    _put_sums(state, pairs, sums)
    rows = _taken(state.pair_free, state.pool[0], "pairs", len(pairs))
    if len(own):
        market["sums"][0] = _taken(state.sum_free, state.pool[0], "sums", len(own))
        state.sums[market["sums"][0]] = own
    if len(pairs):
        pairs["after"] = [*rows[1:], 0]
        market["pairs"] = rows[0]
    for place, members in enumerate(about["lists"]):
        _put_list(market[0], pairs, rows, place, members)
    state.pairs[rows] = pairs
    state.slots[pairs["pair"]] = rows
    state.markets[instrument] = market[0]
    books, usual = _block(state, instrument)
    books[:] = np.frombuffer(sections["books"], BookSums.dtype)
    usual[:] = np.frombuffer(sections["usual"], Usual.dtype)


def _put_sums(state: State, pairs: Table, sums: Table) -> None:
    kept = pairs["sums"] != 0
    rows = _taken(state.sum_free, state.pool[0], "sums", len(sums))
    state.sums[rows] = sums
    places = pairs["sums"].copy()
    places[kept] = rows
    pairs["sums"] = places


def _put_list(market: Any, pairs: Table, rows: Table, place: int, members: list[int]) -> None:
    if not members:
        return
    pairs["later"][members[:-1], place] = rows[members[1:]]
    market["first"][place], market["last"][place] = rows[members[0]], rows[members[-1]]
    market["due"][place] = len(members)


def _taken(free: Table, pool: Any, name: str, count: int) -> npt.NDArray[np.int64]:
    top = int(pool[name])
    pool[name] = top - count
    rows: npt.NDArray[np.int64] = free[top - count + 1 : top + 1][::-1].astype(np.int64)
    return rows


def _engine_pairs(tables: Tables, instrument: int, actors: Table) -> npt.NDArray[np.uint32]:
    """The engine's numbers of the pairs of these actors on the instrument."""
    here = np.flatnonzero(tables.pairs["instrument"] == instrument)
    known = dict(zip(tables.pairs["actor"][here].tolist(), here.tolist(), strict=True))
    return np.array([known[actor] for actor in actors.tolist()], np.uint32)
