"""CME and Binance: unknown orders, gaps, and the engine's books beside the venues' own tickers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy.comparing import Agreement
from benchmarks.recorded import read_files
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind, QualityKind, ReferenceKind
from tapewarden.engine.engine import Engine
from tapewarden.runtime.books import touch

FUTURES: Final = "cme_es_mbo/*.dbn.zst"
TICKERS: Final = {
    "Binance, COIN-M": "binance_raw_feeds/cm_btcusd_perp_20240808.gz",
    "Binance, BTC spot": "binance_raw_feeds/spot_btcusdt_20240808.gz",
    "Binance, ETH spot": "binance_raw_feeds/spot_ethusdt_20240808.gz",
    "Binance, USD-M": "binance_raw_feeds/usdm_btcusdt_20240808.gz",
}

Quotes = tuple[tuple[int, int] | None, tuple[int, int] | None]


def compare_futures(path: Path) -> Agreement:
    """Rows that name an order beside those whose order the engine knew, by its ledger."""
    directory, rows = read_files("databento-mbo", path)
    engine = Engine(directory, [])
    engine.process(rows)
    changes = int(np.isin(rows.kind, (EventKind.AMEND, EventKind.CANCEL)).sum())
    unknown = engine.ledger.of(1).counts[QualityKind.UNKNOWN_ORDER]
    return Agreement("CME, orders", "changes of orders that are known", changes - unknown, changes, 1.0)


def compare_ticker(market: str, path: Path) -> Iterator[Agreement]:
    """Updates without a gap, and books after an update that agree with the ticker of that moment."""
    directory, rows = read_files("binance-raw", path)
    engine = Engine(directory, [])
    quotes = _quotes(rows)
    updates = list(quotes)
    compared = agreed = total = 0
    for update, now in _books(engine, rows):
        total += 1
        place = bisect_right(updates, update)
        # The ticker tells every change, so its last word holds until the next.
        if 0 < place < len(updates):
            compared += 1
            agreed += quotes[updates[place - 1]] == now
    broken = (QualityKind.GAP, QualityKind.DROPPED, QualityKind.DISCONNECT)
    gaps = int((np.isin(rows.reason, broken) & (rows.kind == EventKind.QUALITY)).sum())
    yield Agreement(market, "updates of the book without a gap before them", total - gaps, total, 1.0)
    yield Agreement(market, "best bid and ask equal to the ticker's", agreed, compared, 1.0)


def _quotes(rows: EventBatch) -> dict[int, Quotes]:
    """Best bid and best ask by update number, as the ticker says."""
    found: dict[int, Quotes] = {}
    told = np.flatnonzero(rows.kind == EventKind.REFERENCE)
    columns = (getattr(rows, name)[told].tolist() for name in ("sequence", "reason", "price", "size"))
    for update, reason, price, size in zip(*columns, strict=True):
        bid, ask = found.get(update, (None, None))
        quote = (price, size)
        found[update] = (quote, ask) if reason == ReferenceKind.BEST_BID else (bid, quote)
    return dict(sorted(found.items()))


def _books(engine: Engine, rows: EventBatch) -> Iterator[tuple[int, Quotes]]:
    """Update number and touch of the engine's book after each update."""
    depth = np.flatnonzero(np.isin(rows.kind, (EventKind.LEVEL, EventKind.CLEAR)))
    updates = rows.sequence[depth]
    lasts = np.flatnonzero(np.append(updates[1:] != updates[:-1], True))
    start = 0
    for last in lasts.tolist():
        end = int(depth[last]) + 1
        for _ in engine.passes(rows[start:end]):
            pass
        start = end
        yield int(updates[last]), touch(engine, 0)
