from collections.abc import Iterator

import pytest

from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind


def source(number: int, times: list[int], size: int) -> Iterator[EventBatch]:
    """Events at these times; `trade` numbers them within the source."""
    yield EventBatch.of(0)
    batch = EventBatch.of(
        len(times), kind=EventKind.TRADE, account=number, ts_event=times, trade=range(len(times))
    )
    yield from batch.split(size)


def merged(*sources: Iterator[EventBatch]) -> list[tuple[int, int, int]]:
    whole = EventBatch.concatenate(list(merge_by_time(sources)))
    return list(zip(whole.ts_event.tolist(), whole.account.tolist(), whole.trade.tolist(), strict=True))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_sources_merge_by_time_with_ties_in_their_order_however_they_are_cut(size: int) -> None:
    first, second, third = [1, 3, 3, 3, 9], [2, 3, 3, 4], [3, 3, 12]
    expected = sorted(
        (time, number, place)
        for number, times in enumerate((first, second, third))
        for place, time in enumerate(times)
    )
    assert merged(*(source(n, t, size) for n, t in enumerate((first, second, third)))) == expected


@pytest.mark.parametrize("size", [1, 3, 100])
def test_order_within_a_source_stays_where_its_time_runs_backwards(size: int) -> None:
    rows = merged(source(0, [5, 2, 8, 1], size), source(1, [3, 6], size))
    assert [place for _, number, place in rows if number == 0] == [0, 1, 2, 3]
    assert [time for time, number, _ in rows if number == 1] == [3, 6]


def test_receive_time_decides_where_it_is_known() -> None:
    late = EventBatch.of(1, kind=EventKind.TRADE, account=0, ts_event=1, ts_receive=10)
    early = EventBatch.of(1, kind=EventKind.TRADE, account=1, ts_event=5)
    assert [number for _, number, _ in merged(iter([late]), iter([early]))] == [1, 0]


def test_nothing_merges_to_nothing() -> None:
    assert list(merge_by_time([iter([]), iter([EventBatch.of(0)])])) == []
