"""The compiled engine against recorded markets; `make accuracy` prints the same figures."""

from pathlib import Path

import pytest

from benchmarks.accuracy import checkpoints, feeds, order_lives
from benchmarks.accuracy.checkpoints import Point, WarmUp
from benchmarks.accuracy.comparing import Agreement, share_text
from benchmarks.accuracy.order_lives import LivesCompared
from benchmarks.accuracy.page import PAGE, page_text


@pytest.fixture(scope="module")
def points(shared_data: Path) -> list[Point]:
    return checkpoints.compare(shared_data / checkpoints.LOG)


@pytest.fixture(scope="module")
def lives(shared_data: Path) -> LivesCompared:
    paths = (shared_data / name for name in (checkpoints.LOG, order_lives.EVENTS, order_lives.TRADES))
    return order_lives.compare(*paths)


@pytest.fixture(scope="module")
def futures(shared_data: Path) -> Agreement:
    (path,) = shared_data.glob(feeds.FUTURES)
    return feeds.compare_futures(path)


@pytest.fixture(scope="module")
def tickers(shared_data: Path) -> list[Agreement]:
    return [
        line
        for market, path in feeds.TICKERS.items()
        for line in feeds.compare_ticker(market, shared_data / path)
    ]


def test_touches_of_the_book_agree_with_the_checkpoints_in_the_log(points: list[Point]) -> None:
    usual = behind(points, checkpoints.USUAL_WARM_UP)
    assert (usual.exact, usual.compared) == (2_646, 2_649)
    assert usual.sides >= 0.999 * 2 * usual.compared


def test_book_is_warm_where_nothing_older_than_the_log_stands_at_a_touch(points: list[Point]) -> None:
    first = 1 + max(place for place, point in enumerate(points) if point.old)
    warm = behind(points, first)
    assert (first, warm.compared - warm.exact) == (286, 4)
    assert warm.within_a_message == warm.compared
    # Over two channels: the message that the checkpoint does not know yet came just before it.
    assert max(point.pause for point in warm.points if not point.exact) <= 15_000_000


def test_lives_agree_with_the_reference_or_differ_for_a_known_reason(lives: LivesCompared) -> None:
    assert (lives.classes.total(), lives.missing, lives.older) == (16_076, 0, 164)
    assert lives.unexplained == 0
    assert lives.classes[order_lives.SAME] + lives.classes[order_lives.SATOSHI] == 16_068
    assert lives.flashed / lives.lives == pytest.approx(0.96, abs=0.005)


def test_lives_fill_at_least_what_the_trades_of_the_reference_say(lives: LivesCompared) -> None:
    assert lives.fills.total() == 457
    assert lives.fills[order_lives.FILLED_ALIKE] >= 423
    assert lives.fills[order_lives.UNEXPLAINED] == 0


def test_engine_knows_every_order_of_the_futures(futures: Agreement) -> None:
    assert (futures.agreed, futures.compared) == (107, 107)


def test_engine_agrees_with_the_ticker_at_every_point_and_misses_no_update(tickers: list[Agreement]) -> None:
    assert [line for line in tickers if line.agreed != line.compared] == []
    assert len(tickers) == 2 * len(feeds.TICKERS)
    assert min(line.compared for line in tickers) > 3_400


def test_page_is_what_the_command_gives(
    points: list[Point], lives: LivesCompared, futures: Agreement, tickers: list[Agreement]
) -> None:
    assert page_text(points, lives, [futures, *tickers]) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("agreed", "compared", "text"),
    [(2_954, 2_957, "99.898 %"), (1, 1, "100.000 %"), (99_999, 100_000, "99.999 %"), (0, 0, "0.000 %")],
)
def test_shares_are_cut_off(agreed: int, compared: int, text: str) -> None:
    assert share_text(agreed, compared) == text


def behind(points: list[Point], first: int) -> WarmUp:
    return WarmUp("", first, points[first:])
