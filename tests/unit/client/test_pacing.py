"""Recorded events come when they are due; the clock is a number here, and sleeping adds to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.client.pacing import SHORTEST_WAIT, paced
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.kinds import SECOND

START = 1_700_000_000 * SECOND


class Clock:
    """Stands still but for sleep."""

    def __init__(self) -> None:
        self.now = 5.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= SHORTEST_WAIT
        self.now += seconds


def arrivals(times: list[int], speed: float, size: int) -> list[tuple[int, float]]:
    """Time of each event, and the seconds after which it came."""
    clock = Clock()
    batches = EventBatch.of(len(times), ts_event=times).split(size)
    return [
        (time, clock.now - 5.0)
        for batch in paced(batches, speed, clock.read, clock.sleep)
        for time in batch.ts_event.tolist()
    ]


@pytest.mark.parametrize(("speed", "expected"), [(1, [0, 1, 3]), (2, [0, 0.5, 1.5]), (0.5, [0, 2, 6])])
def test_event_time_passes_as_fast_as_asked(speed: float, expected: list[float]) -> None:
    times = [START, START + SECOND, START + 3 * SECOND]
    assert [after for _, after in arrivals(times, speed, 2)] == pytest.approx(expected, abs=2 * SHORTEST_WAIT)


def test_events_without_a_time_or_out_of_order_come_with_the_one_before() -> None:
    times = [UNKNOWN, START, UNKNOWN, START + SECOND, START + SECOND // 2, UNKNOWN, START + 2 * SECOND]
    after = [after for _, after in arrivals(times, 1, 3)]
    assert after == pytest.approx([0, 0, 0, 1, 1, 1, 2], abs=2 * SHORTEST_WAIT)


@given(
    st.lists(st.one_of(st.just(UNKNOWN), st.integers(START, START + 5 * SECOND)), max_size=30),
    st.floats(0.1, 100),
    st.integers(1, 7),
)
def test_no_event_is_early_lost_or_out_of_order(times: list[int], speed: float, size: int) -> None:
    came = arrivals(times, speed, size)
    assert [time for time, _ in came] == times
    first = next((time for time in times if time != UNKNOWN), None)
    for time, after in came:
        if first is not None and time != UNKNOWN:
            assert after >= (time - first) / SECOND / speed - 1e-9
