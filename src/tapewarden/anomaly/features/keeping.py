"""An instrument's windows as canonical bytes, and back: equal states give equal bytes."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.features.digest import SECOND_BITS, Digest, place_of_kind
from tapewarden.anomaly.features.state import (
    COUNT,
    NEAR_ACTS,
    PAIR_LINES,
    UNKNOWN,
    BusyState,
    MarketState,
    PairState,
    State,
    Usual,
    near_row,
)
from tapewarden.anomaly.features.sums import BookSums, Sums
from tapewarden.anomaly.features.windows import STACKS, FeatureWindows
from tapewarden.compiled.rows import Row, Table
from tapewarden.domain.directory import Directory
from tapewarden.engine.acts import FILL
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.snapshot import Names
from tapewarden.engine.tables import Tables

_KIND: Final = b"features".ljust(16)
_POOLED: Final = ("first", "last", "due", "pairs")
_SECTIONS: Final[dict[str, type[Row]]] = {
    "market": MarketState,
    "own": Sums,
    "pairs": PairState,
    "busy": BusyState,
    "sums": Sums,
    "digests": Digest,
}


class _Kept(NamedTuple):
    """The pairs of an instrument in order of their names, and what they keep, in the same order.

    Rows of pairs and of busy ones say how many rows of the others are theirs instead of which.
    """

    pairs: Table
    busy: Table
    sums: Table
    digests: Table
    names: Names


def take_windows(windows: FeatureWindows, instrument: int, directory: Directory) -> bytes:
    """The windows of one instrument (by number) that are going on."""
    state = windows.state
    if instrument >= len(state.markets) or state.markets[instrument]["second"] == UNKNOWN:
        return b""
    market = state.markets[instrument : instrument + 1].copy()
    own = state.sums[market["sums"][0]]
    kept, busy = _kept(state, instrument, directory)
    lists = [_list(state, market[0], place, busy) for place in range(COUNT)]
    for name in _POOLED:
        market[name] = 0
    market["sums"] = 1
    books, usual = _block(state, instrument)
    sections = {
        "market": market.tobytes(),
        "own": own.tobytes(),
        "books": books.tobytes(),
        "usual": usual.tobytes(),
        "pairs": kept.pairs.tobytes(),
        "busy": kept.busy.tobytes(),
        "sums": kept.sums.tobytes(),
        "digests": kept.digests.tobytes(),
        "about": json.dumps({"accounts": kept.names.names, "lists": lists}, ensure_ascii=False).encode(),
    }
    return pack(_KIND, sections)


def _block(state: State, instrument: int) -> tuple[Table, Table]:
    block = slice(instrument * COUNT, (instrument + 1) * COUNT)
    return state.books[block], state.usual[block]


def _kept(state: State, instrument: int, directory: Directory) -> tuple[_Kept, npt.NDArray[np.int64]]:
    """What an instrument's pairs keep, and in the same order the rows of its busy ones."""
    rows = PAIR_LINES * np.flatnonzero(state.pairs["instrument"][::PAIR_LINES] == instrument)
    texts = [directory.accounts[number - 1].name for number in state.pairs["actor"][rows].tolist()]
    rows = rows[np.array(sorted(range(len(rows)), key=texts.__getitem__), np.intp)]
    pairs = state.pairs[rows]
    busy_rows = pairs["busy"][pairs["busy"] != 0].astype(np.int64)
    busy = state.busy[busy_rows]
    sums = state.sums[busy["sums"][busy["sums"] != 0]]
    digests = _acts(state, rows, pairs)
    fills = _fills(digests)
    actors = [pairs["actor"], sums["partners"].ravel(), digests["partner_or_gap"][fills]]
    names = Names(directory, np.concatenate(actors))
    pairs["actor"] = names.places(pairs["actor"])
    sums["partners"] = names.places(sums["partners"])
    digests["partner_or_gap"][fills] = names.places(digests["partner_or_gap"][fills])
    for table, name in ((pairs, "busy"), (busy, "sums")):
        table[name] = table[name] != 0
    for name in ("instrument", "after", "far"):
        pairs[name] = 0
    busy["home"] = busy["later"] = 0
    return _Kept(pairs, busy, sums, digests, names), busy_rows


def _fills(digests: Table) -> npt.NDArray[np.bool_]:
    """Which acts are fills: they keep a partner."""
    fills: npt.NDArray[np.bool_] = digests["moment"] >> SECOND_BITS == place_of_kind(FILL)
    return fills


def _acts(state: State, rows: npt.NDArray[np.int64], pairs: Table) -> Table:
    """The acts that pairs keep, of one pair after the other, oldest first."""
    are_near, places = _act_rows(rows, pairs)
    acts = np.empty(len(places), Digest.dtype)
    acts[are_near], acts[~are_near] = state.near[places[are_near]], state.far[places[~are_near]]
    return acts


def _put_acts(state: State, rows: npt.NDArray[np.int64], pairs: Table, acts: Table) -> None:
    """Acts as ``_acts`` gives them; pairs get room for those that lie elsewhere."""
    many = pairs["acts"] > NEAR_ACTS
    pairs["far"][many] = _taken(state, "far", int(many.sum()))
    are_near, places = _act_rows(rows, pairs)
    state.near[places[are_near]], state.far[places[~are_near]] = acts[are_near], acts[~are_near]


def _act_rows(
    rows: npt.NDArray[np.int64], pairs: Table
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Which acts lie beside their pair, and their rows there or elsewhere."""
    counts = pairs["acts"].astype(np.int64)
    place = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    are_near = place < NEAR_ACTS
    near, far = np.repeat(near_row(rows), counts), np.repeat(pairs["far"].astype(np.int64), counts)
    return are_near, np.where(are_near, near + place, far + place - NEAR_ACTS)


def _list(state: State, market: Any, place: int, busy: npt.NDArray[np.int64]) -> list[int]:
    """Places among the busy pairs of those whose windows are to be told."""
    places = {row: at for at, row in enumerate(busy.tolist())}
    found, row = [], int(market["first"][place])
    while row:
        found.append(places[row])
        row = int(state.busy[row]["later"][place])
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
    market, own, pairs, busy, sums, digests = (
        np.frombuffer(sections[name], row.dtype).copy() for name, row in _SECTIONS.items()
    )
    windows.reserve(far=len(pairs), busy=len(busy), sums=len(own) + len(sums))
    state = windows.state
    pairs["actor"] = numbers[pairs["actor"]]
    pairs["instrument"] = instrument
    fills = _fills(digests)
    sums["partners"] = numbers[sums["partners"]]
    digests["partner_or_gap"][fills] = numbers[digests["partner_or_gap"][fills]]
    pair_rows = PAIR_LINES * _engine_pairs(tables, instrument, pairs["actor"]).astype(np.int64)
    busy_rows = _taken(state, "busy", len(busy))
    pairs["after"] = [*pair_rows[1:], 0][: len(pairs)]
    market["pairs"] = pair_rows[0] if len(pairs) else 0
    are_busy = pairs["busy"] != 0
    pairs["busy"][are_busy], busy["home"] = busy_rows, pair_rows[are_busy]
    _put_acts(state, pair_rows, pairs, digests)
    _put_sums(state, busy["sums"], sums)
    _put_sums(state, market["sums"], own)
    for place, members in enumerate(about["lists"]):
        _put_list(market[0], busy, busy_rows, place, members)
    state.pairs[pair_rows], state.busy[busy_rows] = pairs, busy
    state.markets[instrument] = market[0]
    books, usual = _block(state, instrument)
    books[:] = np.frombuffer(sections["books"], BookSums.dtype)
    usual[:] = np.frombuffer(sections["usual"], Usual.dtype)


def _put_sums(state: State, places: Table, sums: Table) -> None:
    """Rows for sums, entered at the places that have some."""
    rows = _taken(state, "sums", len(sums))
    state.sums[rows] = sums
    places[places != 0] = rows


def _put_list(market: Any, busy: Table, rows: Table, place: int, members: list[int]) -> None:
    if not members:
        return
    busy["later"][members[:-1], place] = rows[members[1:]]
    market["first"][place], market["last"][place] = rows[members[0]], rows[members[-1]]
    market["due"][place] = len(members)


def _taken(state: State, name: str, count: int) -> npt.NDArray[np.int64]:
    """Free rows of a pool, which must have as many."""
    pool, free = state.pool[0], getattr(state, STACKS[name])
    top = int(pool[name])
    pool[name] = top - count
    rows: npt.NDArray[np.int64] = free[top - count + 1 : top + 1][::-1].astype(np.int64)
    return rows


def _engine_pairs(tables: Tables, instrument: int, actors: Table) -> npt.NDArray[np.uint32]:
    """The engine's numbers of the pairs of these actors on the instrument."""
    here = np.flatnonzero(tables.pairs["instrument"] == instrument)
    known = dict(zip(tables.pairs["actor"][here].tolist(), here.tolist(), strict=True))
    return np.array([known[actor] for actor in actors.tolist()], np.uint32)
