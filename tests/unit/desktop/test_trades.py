"""Trades that the window remembers, as rows that may be held, and which of them signals name."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.client import TradeScores
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.trade_book import TradeBook
from tapewarden.desktop.presenters.trade_filter import read_filter
from tapewarden.desktop.presenters.trade_ring import BILLION, UNRATED, Parties, TradeRing
from tapewarden.desktop.presenters.trade_rows import TradeRows, unusual_cell
from tapewarden.domain.kinds import Flag, Side
from tapewarden.domain.signal import Signal
from tests.unit.desktop.tapes import BTC, ETH, INSTRUMENTS, news, row, signal, trades


def keys(rows: TradeRows) -> list[object]:
    return [rows.key(place) for place in range(len(rows))]


@given(st.lists(st.integers(0, 12), max_size=12), st.integers(1, 20))
def test_received_trades_are_kept_or_evicted(batches: list[int], capacity: int) -> None:
    ring, received = TradeRing(capacity, Parties()), 0
    for count in batches:
        ring.add(trades([row(received + one, price=received + one) for one in range(count)]))
        received += count
        assert ring.received == ring.kept + ring.evicted == received
        assert ring.column("price", ring.numbers()).tolist() == list(range(ring.oldest, received))


def test_buyer_and_seller_are_told_from_the_aggressor() -> None:
    ring = TradeRing(4, Parties())
    ring.add(trades([row(0, side=Side.BUY), row(1, side=Side.SELL), row(2, side=Side.UNKNOWN, counter=-1)]))
    names = ring.parties.accounts
    found = [(ring.row(number)["buyer"], ring.row(number)["seller"]) for number in range(3)]
    assert [tuple("–" if one < 0 else names[one] for one in pair) for pair in found] == [
        ("acct-0000", "acct-0001"),
        ("acct-0001", "acct-0000"),
        ("acct-0000", "–"),
    ]


def test_another_stream_may_number_the_same_instruments_otherwise() -> None:
    ring = TradeRing(4, Parties())
    ring.add(trades([row(0, instrument=0)]))
    ring.add(trades([row(1, instrument=0)], instruments=(ETH, BTC)))
    names = [ring.parties.instruments[ring.row(number)["instrument"]].name for number in range(2)]
    assert names == [BTC.name, ETH.name]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 6)),
        st.tuples(st.just("hold"), st.booleans()),
        st.tuples(st.just("choose"), st.sampled_from(["", "side:buy", "price>=3", "-side:buy"])),
    ),
    max_size=25,
)


@given(STEPS, st.integers(3, 15))
def test_rows_are_the_fitting_trades_that_are_kept_up_to_where_they_are_held(
    steps: list[tuple[str, int | bool | str]], capacity: int
) -> None:
    ring = TradeRing(capacity, Parties())
    rows, wanted, held_at = TradeRows(ring, []), "", None
    for kind, value in steps:
        if kind == "add":
            sides = (Side.BUY, Side.SELL)
            ring.add(
                trades(
                    [row(one, price=one, side=sides[(ring.received + one) % 2]) for one in range(int(value))]
                )
            )
        elif kind == "hold":
            held_at = None if not value else ring.received if held_at is None else held_at
            rows.hold(bool(value))
        else:
            wanted = str(value)
            rows.choose(read_filter(wanted))
        rows.catch_up()
        fitting = read_filter(wanted).fitting(ring, ring.numbers(), []).tolist()
        shown = [one for one in fitting if held_at is None or one < held_at]
        assert keys(rows) == shown[::-1]
        assert [rows.index(key) for key in keys(rows)] == list(range(len(shown)))
        assert rows.fresh == len(fitting) - len(shown)


def test_a_held_row_stays_at_its_place_while_others_come() -> None:
    ring = TradeRing(100, Parties())
    rows = TradeRows(ring, [])
    ring.add(trades([row(one) for one in range(10)]))
    rows.catch_up()
    rows.hold(True)
    before = keys(rows)
    ring.add(trades([row(one) for one in range(7)]))
    rows.catch_up()
    assert keys(rows) == before
    assert rows.fresh == 7
    rows.hold(False)
    assert rows.key(0) == 16


def test_a_signal_marks_the_trades_it_names_before_and_after_it() -> None:
    signals: list[Signal] = []
    book = TradeBook(signals)
    book.add(news([row(0), row(5), row(6, account=2, counter=3), row(7, instrument=1), row(20)]))
    signals.append(signal("acct-0001", first=4, last=9))
    book.learn(0, signals[0])
    book.add(news([row(8), row(10)]))
    marks = book.ring.column("signal", book.ring.numbers()).tolist()
    assert marks == [-1, 0, -1, -1, -1, 0, -1]
    assert book.marked == 2


def test_the_graver_signal_marks_a_trade_that_two_name() -> None:
    signals = [
        signal("acct-0000", first=0, last=9, severity="high", name="grave"),
        signal("acct-0000", first=0, last=9, severity="low", name="slight"),
    ]
    book = TradeBook(signals)
    book.add(news([row(1)]))
    for place, one in enumerate(signals):
        book.learn(place, one)
    assert book.ring.row(0)["signal"] == 0


def test_a_trade_is_a_row_with_all_it_says() -> None:
    signals = [signal("acct-0000", first=0, last=9)]
    book = TradeBook(signals)
    book.add(news([row(1, price=6_426_151, size=13_119, side=Side.SELL)]))
    book.learn(0, signals[0])
    rows = TradeRows(book.ring, signals)
    rows.catch_up()
    assert [cell.text for cell in rows.cells(0)] == [
        "22:13:21.000",
        "BTC-USD@SIM",
        "SELL",
        "64,261.51",
        "1.3119",
        "84,305",
        "–",
        "acct-0001",
        "acct-0000",
        "Spoofing",
    ]


def test_that_trades_are_simulated_is_remembered() -> None:
    book = TradeBook([])
    book.add(news([row(0)]))
    assert not book.simulated
    simulated = news([row(1)])
    simulated.trades.flags[:] = Flag.SIMULATED
    book.add(simulated)
    book.add(news([row(2)]))
    assert book.simulated


def test_candles_are_kept_for_every_instrument() -> None:
    book = TradeBook([])
    book.add(news([row(0, price=5), row(0, price=7), row(0, instrument=1, price=9)]))
    assert book.candles(0).latest(9).close.tolist() == [7]
    assert book.candles(1).latest(9).close.tolist() == [9]


def scores(*pairs: tuple[int, float]) -> TradeScores:
    """P-values of trades by the numbers that their stream gave them."""
    trade, p_value = (np.array(column) for column in zip(*pairs, strict=True))
    nothing = np.zeros(len(pairs), np.int64)
    return TradeScores(trade=trade, p_value=p_value, from_ns=nothing, until_ns=nothing, subject=nothing)


def rarities(book: TradeBook) -> list[int]:
    return [book.ring.row(number)["rarity"] for number in book.ring.numbers().tolist()]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12),
    st.integers(1, 20),
    st.sets(st.integers(1, 60)),
)
def test_a_score_comes_to_the_trade_that_its_stream_numbered_so_and_to_no_other(
    batches: list[tuple[int, bool]], capacity: int, scored: set[int]
) -> None:
    book, instruments, carried = TradeBook([], capacity), list(INSTRUMENTS), 0
    expected: list[int] = []
    for count, comes in batches:
        told = trades([row(one) for one in range(count)], instruments=instruments)
        if comes:
            book.add(replace(news([]), trades=told, first_trade=carried + 1))
            expected += [carried + 1 + one for one in range(count)]
        carried += count
    if scored:
        found = scores(*((one, one / 1_000) for one in sorted(scored)))
        book.add(replace(news([]), trades=trades([], instruments=instruments), scores=found))
    kept = expected[-capacity:]
    assert rarities(book) == [one * 1_000_000 if one in scored else UNRATED for one in kept]
    assert book.rated == len(scored.intersection(kept))


def test_another_stream_numbers_trades_anew() -> None:
    book = TradeBook([], 10)
    for _ in range(2):  # a stream has a list of instruments of its own
        stream = list(INSTRUMENTS)
        told = trades([row(0), row(1)], instruments=stream)
        book.add(replace(news([]), trades=told, first_trade=1))
    found = scores((2, 0.25))
    book.add(replace(news([]), trades=trades([], instruments=stream), scores=found))
    assert rarities(book) == [UNRATED, UNRATED, UNRATED, 250_000_000]


def test_how_unusual_a_trade_is_can_be_filtered_by_and_is_told_in_percent() -> None:
    book = TradeBook([], 10)
    told = trades([row(second) for second in range(3)])
    found = scores((1, 0.002), (2, 0.3))
    book.add(replace(news([]), trades=told, first_trade=1, scores=found))
    rows = TradeRows(book.ring, book.signals)
    rows.choose(read_filter("unusual>=99"))
    assert keys(rows) == [0]
    assert rows.follows_ratings
    rows.choose(read_filter("unusual<99"))
    assert keys(rows) == [1]
    rows.choose(read_filter("-unusual<99"))
    assert keys(rows) == [2, 0]
    rows.choose(read_filter(""))
    unusual = [rows.cells(place)[6] for place in range(3)]
    assert [(cell.text, cell.tone) for cell in unusual] == [
        ("–", Tone.MUTED),
        ("70.0 %", Tone.MUTED),
        ("99.8 %", Tone.ANOMALY),
    ]


@given(st.integers(0, BILLION))
def test_nothing_that_has_a_rarity_reads_as_a_hundred_percent(rarity: int) -> None:
    text = unusual_cell(rarity).text
    assert text.endswith(" %")
    assert (text == "100.0 %") is (rarity == 0)
    assert abs(float(text[:-2]) - 100 * (1 - rarity / BILLION)) <= 0.1
