"""The language that chooses trades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.trade_filter import FilterError, Word, quoted, read_filter
from tapewarden.desktop.presenters.trade_ring import Parties, TradeRing
from tapewarden.domain.kinds import Side
from tests.unit.desktop.tapes import row, signal, trades

SIGNALS = [signal("acct-0000", first=0, last=9)]
ROWS = (
    row(0, price=6_000_000, size=20_000),  # 60,000.00 × 2
    row(1, instrument=1, price=300_000, size=5_000, side=Side.SELL, account=2, counter=3),
    row(2, price=6_100_000, size=10_000, side=Side.SELL, account=3, counter=0),
    row(3, instrument=1, price=310_000, size=1, side=Side.UNKNOWN, account=-1, counter=-1),
)


@pytest.fixture
def ring() -> TradeRing:
    ring = TradeRing(10, Parties())
    ring.add(trades(ROWS))
    ring.mark(ring.numbers()[:1], 0)
    return ring


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [0, 1, 2, 3]),
        ("sym:btc-usd", [0, 2]),
        ("sym:BTC qty>1", [0]),
        ("sym=btc-usd", []),
        ("sym=BTC-USD@sim", [0, 2]),
        ("qty>=1", [0, 2]),
        ("qty<0.01", [3]),
        ("price>60,000", [2]),
        ("notional<=1500", [1, 3]),
        ("price=3000", [1]),
        ("side:sell", [1, 2]),
        ("side:unknown", [3]),
        ("acct:0003", [1, 2]),
        ("buyer:0000", [0, 2]),
        ("seller:0001", [0]),
        ("flag:any", [0]),
        ("flag:none", [1, 2, 3]),
        ("flag:spoof", [0]),
        ("-sym:BTC", [1, 3]),
        ("-flag:any side:sell", [1, 2]),
        ('"acct-0002"', [1]),
        ("eth", [1, 3]),
        ("sym:", [0, 1, 2, 3]),
    ],
)
def test_what_fits(ring: TradeRing, text: str, numbers: list[int]) -> None:
    assert read_filter(text).fitting(ring, ring.numbers(), SIGNALS).tolist() == numbers


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("size>1", "size: not a field; there are sym, acct"),
        ("qty:1", "qty: compare with"),
        ("qty>", "qty>: expected a number"),
        ("price>ten", "price>ten: expected a number after >"),
        ("sym>BTC", "sym>: a text is looked for with a colon"),
        ("side:up", "side:up: expected buy, sell or unknown"),
    ],
)
def test_a_filter_that_is_none_is_refused_in_one_line(text: str, wrong: str) -> None:
    with pytest.raises(FilterError, match=wrong) as raised:
        read_filter(text)
    assert "\n" not in str(raised.value)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_filter_or_refused(text: str) -> None:
    ring = TradeRing(10, Parties())
    ring.add(trades(ROWS))
    try:
        wanted = read_filter(text)
    except FilterError:
        return
    assert set(wanted.fitting(ring, ring.numbers(), SIGNALS).tolist()) <= {0, 1, 2, 3}


@given(st.text(min_size=1))
def test_any_name_is_one_word_once_it_is_quoted(name: str) -> None:
    assert read_filter(f"acct={quoted(name)}").words == (Word("acct", "=", name.lower()),)
