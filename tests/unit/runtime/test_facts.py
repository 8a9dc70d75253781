from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import EventKind, LinkKind, WindowKind
from tapewarden.runtime.facts import FOREVER, FactMerger, Link, Window

FUNDING = Window(kind=WindowKind.FUNDING, instruments=(), first=100, period=50, length=10)


def directory() -> Directory:
    made = Directory()
    made.add_instrument(Instrument(symbol="BTC", venue="SIM", price_exponent=0, size_exponent=0))
    return made


def tape(*times: int) -> EventBatch:
    return EventBatch.of(len(times), kind=EventKind.CLOCK, ts_event=times)


def merged(
    batches: list[EventBatch], windows: tuple[Window, ...] = (), links: tuple[Link, ...] = ()
) -> EventBatch:
    merger = FactMerger(windows, links, directory())
    return EventBatch.concatenate([merger.merge(batch) for batch in batches])


def link(since: int | None) -> Link:
    return Link(kind=LinkKind.SAME_OWNER, account="a", other="b", confidence=0.9, since=since)


def test_windows_open_before_the_first_row_of_their_time() -> None:
    batch = merged([tape(90, 100, 149, 150, 260)], (FUNDING,))
    shown = list(zip(batch.kind == EventKind.WINDOW, batch.ts_event, strict=True))
    assert shown == [
        (False, 90),
        (True, 100),
        (False, 100),
        (False, 149),
        (True, 150),
        (False, 150),
        (True, 200),
        (True, 250),
        (False, 260),
    ]


def test_a_window_open_at_the_beginning_is_open_for_what_is_left() -> None:
    batch = merged([tape(153, 160)], (FUNDING,))
    assert (batch.kind[0], batch.ts_event[0], batch.size[0]) == (EventKind.WINDOW, 153, 7)
    assert list(batch.kind[1:]) == [EventKind.CLOCK] * 2


def test_a_window_that_closed_before_the_tape_is_left_out() -> None:
    assert len(merged([tape(170, 180)], (FUNDING,))) == 2


def test_windows_end_with_their_last() -> None:
    window = Window(kind=WindowKind.CLOSE, instruments=(), first=100, period=50, length=10, until=200)
    batch = merged([tape(90, 500)], (window,))
    assert list(batch.ts_event[batch.kind == EventKind.WINDOW]) == [100, 150]


def test_a_role_without_a_time_applies_from_the_beginning() -> None:
    role = Window(
        kind=WindowKind.MARKET_MAKER,
        instruments=("BTC@SIM",),
        first=None,
        period=0,
        length=FOREVER,
        account="m",
    )
    batch = merged([tape(90, 100), tape(200)], (role,))
    assert list(batch.kind) == [EventKind.WINDOW, *[EventKind.CLOCK] * 3]
    assert (batch.instrument[0], batch.account[0], batch.size[0]) == (0, 0, FOREVER)


def test_instruments_that_are_not_known_are_left_out() -> None:
    window = Window(kind=WindowKind.CLOSE, instruments=("ETH@SIM",), first=100, period=0, length=10)
    assert len(merged([tape(90, 110)], (window,))) == 2


def test_links_apply_from_their_time_on() -> None:
    batch = merged([tape(90), tape(100), tape(110)], links=(link(None), link(50), link(105)))
    assert list(batch.ts_event[batch.kind == EventKind.LINK]) == [90, 90, 105]
    assert list(batch.size[batch.kind == EventKind.LINK]) == [900_000] * 3


def test_rows_of_unknown_time_wait_for_the_first_known_one() -> None:
    batch = merged([tape(UNKNOWN), tape(UNKNOWN, 100)], (FUNDING,))
    assert list(batch.kind) == [EventKind.CLOCK, EventKind.CLOCK, EventKind.WINDOW, EventKind.CLOCK]


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=30),
    st.lists(st.integers(0, 30), max_size=4),
)
def test_where_facts_land_does_not_depend_on_the_batches(times: list[int], cuts: list[int]) -> None:
    whole = tape(*times)
    edges = sorted({0, len(times), *(cut for cut in cuts if cut < len(times))})
    parts = [whole[start:stop] for start, stop in pairwise(edges)]
    links = (link(None), link(70), link(170))
    once, cut = merged([whole], (FUNDING,), links), merged(parts, (FUNDING,), links)
    assert all(np.array_equal(column, getattr(cut, name)) for name, column in once.columns())
