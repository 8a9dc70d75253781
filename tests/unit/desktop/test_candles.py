"""Candles from trades, however these are cut into batches."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters import candles as made
from tapewarden.desktop.presenters.candles import CandleSeries
from tapewarden.domain.kinds import MINUTE, SECOND

TRADES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(-1, 50), st.integers(-1, 9)), min_size=1, max_size=60
)


def simply(trades: list[tuple[int, int, int]], span: int) -> dict[int, list[int]]:
    """Open, high, low, close, volume by span, from trades in order of time."""
    found: dict[int, list[int]] = {}
    for second, price, size in trades:
        if price >= 0:
            known = found.setdefault(second // span, [price, price, price, price, 0])
            known[1], known[2], known[3] = max(known[1], price), min(known[2], price), price
            known[4] += max(size, 0)
    return found


def filled(trades: list[tuple[int, int, int]], cuts: list[int]) -> CandleSeries:
    series = CandleSeries()
    for part in np.split(np.array(trades, np.int64), sorted(cut % (len(trades) + 1) for cut in cuts)):
        series.add(part[:, 0] * SECOND + 7, part[:, 1], part[:, 2])
    return series


def told(series: CandleSeries, count: int, span: int) -> dict[int, list[int]]:
    candles = series.latest(count, span * SECOND)
    columns = (candles.open, candles.high, candles.low, candles.close, candles.volume)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        start // (span * SECOND): list(row)
        for start, row in zip(candles.start_ns.tolist(), rows, strict=True)
    }


@given(TRADES, st.lists(st.integers(0, 60), max_size=4), st.sampled_from([1, 5, 60]))
def test_candles_are_those_of_all_trades_whatever_the_batches(
    trades: list[tuple[int, int, int]], cuts: list[int], span: int
) -> None:
    trades.sort(key=lambda trade: trade[0])
    assert told(filled(trades, cuts), 1_000, span) == simply(trades, span)


@given(TRADES, st.lists(st.integers(0, 60), max_size=4))
def test_a_late_trade_loses_nothing_of_high_low_and_volume(
    trades: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    found = told(filled(trades, cuts), 1_000, 1)
    expected = simply(trades, 1)
    assert list(found) == sorted(expected)
    for second, (_, high, low, _, volume) in found.items():
        assert [high, low, volume] == [expected[second][place] for place in (1, 2, 4)]


def test_only_the_latest_are_told() -> None:
    series = CandleSeries()
    series.add(np.arange(200) * SECOND, np.arange(200) + 1, np.ones(200, np.int64))
    assert (series.latest(3).start_ns // SECOND).tolist() == [197, 198, 199]
    assert series.latest(2, MINUTE).volume.tolist() == [60, 20]


def test_a_long_series_forgets_its_older_half_and_goes_on() -> None:
    series = CandleSeries()
    times = np.arange(2 * made.MOST_KEPT + 5)
    series.add(times * SECOND, times + 1, np.ones(len(times), np.int64))
    assert made.MOST_KEPT <= len(series) < 2 * made.MOST_KEPT
    assert int(series.latest(1).close[0]) == times[-1] + 1


def test_no_trades_are_no_candles() -> None:
    assert len(CandleSeries().latest(10)) == 0
