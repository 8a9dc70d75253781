"""Importers against recorded markets: what they make must agree with what the venues themselves say.

Each test prints its figures, see `pytest -s`.
"""

import csv
import gzip
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tapewarden.adapters.files.bitstamp_l3 import Checkpoint, read_checkpoints
from tapewarden.domain.kinds import EventKind, Flag, ReferenceKind, Side
from tests.reference.simple_book import LevelBook, OrderBook, Touch
from tests.unit.adapters.importing import Imported, by_preset

BINANCE = {
    "cm_btcusd_perp_20240808.gz": 26_000,
    "spot_btcusdt_20240808.gz": 3_400,
    "spot_ethusdt_20240808.gz": 3_400,
    "usdm_btcusdt_20240808.gz": 6_500,
}
"""Recordings, and how many points of comparison there are at least."""

WARM_UP = 600
"""Checkpoints until the orders older than the log no longer matter."""


@pytest.fixture(scope="module")
def bitstamp(shared_data: Path) -> tuple[Imported, Path]:
    folder = shared_data / "bitstamp_l3"
    return by_preset("bitstamp-l3", folder / "2015-05-01_first3h.log.xz"), folder


def touches(rows: list[dict[str, int]]) -> Iterator[tuple[int, Touch, Touch]]:
    """Update number, best bid and best ask after each update of the book."""
    book = LevelBook()
    update = None
    for row in rows:
        if row["kind"] in (EventKind.LEVEL, EventKind.CLEAR):
            if update is not None and row["sequence"] != update:
                yield update, book.best_bid(), book.best_ask()
            update = row["sequence"]
            book.apply(row)


@pytest.mark.parametrize(("name", "least"), BINANCE.items())
def test_book_of_updates_agrees_with_the_ticker_at_every_point(
    shared_data: Path, name: str, least: int
) -> None:
    result = by_preset("binance-raw", shared_data / "binance_raw_feeds" / name)
    tickers: dict[int, list[Touch]] = {}
    for row in result.all:
        if row["kind"] == EventKind.REFERENCE:
            assert row["reason"] in (ReferenceKind.BEST_BID, ReferenceKind.BEST_ASK)
            tickers.setdefault(row["sequence"], []).append((row["price"], row["size"]))
    updates = list(tickers)
    assert updates == sorted(updates)
    compared = agreed = 0
    for update, bid, ask in touches(result.all):
        place = bisect_right(updates, update)
        if 0 < place < len(updates):  # the ticker tells every change, so its last word holds until the next
            compared += 1
            agreed += tickers[updates[place - 1]] == [bid, ask]
    print(f"\n{name}: {agreed:,} of {compared:,} agree, {len(result.rejects)} rejects")
    assert result.rejects == []
    assert EventKind.QUALITY not in result.column("kind")
    assert compared >= least
    assert agreed == compared


def test_futures_book_knows_every_order_behind_the_snapshot(shared_data: Path) -> None:
    (path,) = (shared_data / "cme_es_mbo").glob("*.dbn.zst")
    result = by_preset("databento-mbo", path)
    book = OrderBook()
    for row in result.all:
        book.apply(row)
    kinds = Counter(EventKind(kind).name for kind in result.column("kind"))
    print(f"\n{dict(kinds)}, {len(book.orders):,} orders rest, {dict(book.problems)}")
    snapshot = [row for row in result.all if row["flags"] & Flag.SNAPSHOT]
    assert (len(snapshot), result.rejects, book.problems) == (13_601, [], Counter())
    assert (book.best_bid(), book.best_ask()) == ((521400, 28), (521425, 17))
    filled = [row["counter_order"] for row in result.all if row["kind"] == EventKind.TRADE]
    assert len(filled) == 5
    assert all(filled)


def test_book_of_orders_agrees_with_the_checkpoints_in_the_log(bitstamp: tuple[Imported, Path]) -> None:
    result, folder = bitstamp
    book, place = OrderBook(), 0
    exact: list[bool] = []
    late: list[bool] = []
    for checkpoint in read_checkpoints(folder / "2015-05-01_first3h.log.xz"):
        before = (book.best_bid(), book.best_ask())
        while place < checkpoint.position:
            before = (book.best_bid(), book.best_ask())
            book.apply(result.all[place])
            place += 1
        exact.append(_agrees(checkpoint, book.best_bid(), book.best_ask()))
        late.append(exact[-1] or _agrees(checkpoint, *before))
    compared = len(exact) - WARM_UP
    print(f"\n{sum(exact[WARM_UP:]):,} of {compared:,} agree, {sum(late[WARM_UP:]):,} within one event")
    assert result.rejects == []
    assert compared == 2_649
    # Checkpoints come over another channel: three were made before the order told one to fifteen
    # milliseconds earlier, and agree with the book without it.
    assert sum(exact[WARM_UP:]) == compared - 3
    assert sum(late[WARM_UP:]) == compared


def _agrees(checkpoint: Checkpoint, bid: Touch, ask: Touch) -> bool:
    return (bid, ask) == (checkpoint.bid, checkpoint.ask)


def test_order_lives_agree_with_the_reference(bitstamp: tuple[Imported, Path]) -> None:
    result, folder = bitstamp
    actions = {EventKind.PLACE: "created", EventKind.AMEND: "changed", EventKind.CANCEL: "deleted"}
    ours: Counter[tuple[object, ...]] = Counter(
        (row["order"], actions[EventKind(row["kind"])], row["price"], row["side"], row["ts_event"] // 10**6)
        for row in result.all
        if row["kind"] in actions
    )
    theirs: Counter[tuple[object, ...]] = Counter(
        (
            int(row["id"]),
            row["action"],
            round(float(row["price"]) * 100),
            Side.BUY if row["direction"] == "bid" else Side.SELL,
            round(float(row["timestamp"]) * 1000),
        )
        for row in read_csv(folder / "ref_events_first3h.csv.gz")
    )
    same = (ours & theirs).total()
    print(f"\n{same:,} of {theirs.total():,} agree to the millisecond")
    # The reference turns round the times of four orders told as deleted before they were created and of one
    # told as deleted before its last change, and leaves out second deletions; we keep what the log says.
    assert Counter(action for _, action, *_ in theirs - ours) == {"created": 4, "changed": 1, "deleted": 1}
    mine, reference = (Counter(key[:2] for key in lives.elements()) for lives in (ours, theirs))
    assert reference <= mine
    assert Counter(action for _, action in (mine - reference).elements()) == {"deleted": 18}


def test_trades_name_the_orders_the_reference_names(bitstamp: tuple[Imported, Path]) -> None:
    result, folder = bitstamp
    ours: Counter[tuple[object, ...]] = Counter(
        (row["order"], row["counter_order"], row["size"], row["side"])
        for row in result.all
        if row["kind"] == EventKind.TRADE and row["order"]
    )
    theirs: Counter[tuple[object, ...]] = Counter(
        (
            int(row["taker"]),
            int(row["maker"]),
            round(float(row["volume"])),
            Side.BUY if row["direction"] == "buy" else Side.SELL,
        )
        for row in read_csv(folder / "ref_trades_first3h.csv.gz")
    )
    same = (ours & theirs).total()
    total = result.column("kind").count(EventKind.TRADE)
    print(f"\n{ours.total()} of {total} trades name orders; {same} of {theirs.total()} as the reference")
    # The other trades of the reference stand between their two reductions in the log, and we look back
    # only. The reference misses some of ours.
    assert total == 406
    assert same >= 318
    sizes = {key[2] for key in theirs - ours}
    assert all(key[2] not in sizes or ours[key] for key in ours & theirs)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("AST_2018-09-07_15.30.csv.gz", 47_665),
        ("DLT_2018-08-23_16.00.csv.gz", 25_967),
        ("OAX_2018-08-17_16.00.csv.gz", 18_654),
        ("STORJ_2019-08-10_20.00.csv.gz", 38_644),
    ],
)
def test_trades_around_pumps_are_read_exactly(shared_data: Path, name: str, count: int) -> None:
    path = shared_data / "pump_binance_trades" / name
    result = by_preset("binance-trades", path)
    (instrument,) = result.session.directory.instruments
    price, size = (Fraction(10) ** e for e in (instrument.price_exponent, instrument.size_exponent))
    expected = [
        (
            Fraction(row["price"]),
            Fraction(row["amount"]),
            int(row["timestamp"]) * 10**6,
            Side.BUY if row["side"] == "buy" else Side.SELL,
        )
        for row in read_csv(path)
    ]
    read = [(row["price"] * price, row["size"] * size, row["ts_event"], row["side"]) for row in result.all]
    assert read == expected
    assert (len(read), result.rejects) == (count, [])


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)
