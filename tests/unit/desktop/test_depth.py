"""Depth as an image."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.client import Book
from tapewarden.desktop.presenters.depth import DepthHistory, depth_image


def book(middle: int, levels: int = 5, *, at: int = 0, tick: int = 2, size: int = 10) -> Book:
    steps = np.arange(1, levels + 1) * tick
    sizes = np.full(levels, size)
    return Book(at, middle - steps, sizes, middle + steps, sizes)


EMPTY = Book(0, *(np.zeros(0, np.int64) for _ in range(4)))


def test_every_level_has_a_row_of_its_own_where_there_is_room() -> None:
    image = depth_image([book(1_000)], tick=2, rows=80)
    assert image is not None
    column = image.sizes[:, 0]
    assert np.count_nonzero(column) == 10
    assert float(column.sum()) == 100


def test_a_book_without_levels_has_no_image() -> None:
    assert depth_image([EMPTY], tick=2, rows=80) is None
    history = DepthHistory(10, 80)
    history.add(EMPTY)
    assert history.image() is None


def test_a_side_without_levels_is_unknown_not_zero() -> None:
    full = book(1_000)
    image = depth_image([Book(0, full.bid_prices, full.bid_sizes, EMPTY.ask_prices, EMPTY.ask_sizes)], 2, 80)
    assert image is not None
    assert image.bids.tolist() == [998.0]
    assert np.isnan(image.asks).all()


def test_the_image_follows_a_price_that_runs_away() -> None:
    history = DepthHistory(50, 80, tick=2)
    for step in range(40):
        history.add(book(1_000 + 20 * step, at=step))
    image = history.image()
    assert image is not None
    assert image.low < 1_780 < image.high
    assert image.sizes.shape[1] == len(history) == 40
    assert np.count_nonzero(image.sizes[:, -1]) == 10


def test_the_image_is_as_high_as_its_books_need_and_no_higher() -> None:
    history = DepthHistory(10, 80, tick=2)
    for step in range(60):
        history.add(book(1_000 + 3 * min(step, 30), at=step))
        image = history.image()
        assert image is not None
        shown = np.array([image.bids, image.asks])
        assert image.low <= shown.min()
        assert shown.max() < image.high
        needed = shown.max() - shown.min() + 20
        assert image.high - image.low <= 4 * needed


def test_a_book_without_new_events_replaces_the_one_before_it() -> None:
    history = DepthHistory(50, 80, tick=2)
    history.add(book(1_000, at=1))
    history.add(book(1_000, at=1, size=20))
    image = history.image()
    assert image is not None
    assert image.times.tolist() == [1]
    assert float(image.sizes.sum()) == 200


@given(st.lists(st.integers(900, 1_100), min_size=1, max_size=30), st.integers(1, 20))
def test_a_history_is_the_image_of_its_latest_books(middles: list[int], kept: int) -> None:
    history = DepthHistory(kept, 60, tick=2)
    for at, middle in enumerate(middles):
        history.add(book(middle, at=at))
    image = history.image()
    assert image is not None
    assert image.times.tolist() == list(range(len(middles)))[-kept:]
    assert image.bids.tolist() == [middle - 2 for middle in middles[-kept:]]
    for place, middle in enumerate(middles[-kept:]):
        inside = [price for price in book(middle).bid_prices if image.low <= price < image.high]
        inside += [price for price in book(middle).ask_prices if image.low <= price < image.high]
        assert float(image.sizes[:, place].sum()) == 10 * len(inside)


def test_brightness_is_between_nothing_and_all() -> None:
    image = depth_image([book(1_000, size=10), book(1_000, at=1, size=1_000)], 2, 80)
    assert image is not None
    brightness = image.brightness()
    assert 0 < float(brightness[:, 0].max()) < float(brightness[:, 1].max()) == 1
