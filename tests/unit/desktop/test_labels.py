"""Labels that do not cover each other, and round numbers for axes."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.labels import Box, Wanted, placed
from tapewarden.desktop.presenters.ticks import round_numbers, round_times
from tapewarden.domain.kinds import DAY, MINUTE, SECOND

ROOM = Box(0, 0, 300, 200)
LABELS = st.lists(
    st.builds(
        lambda left, top, width, upward: Wanted(Box(left, top, left + width, top + 16), upward),
        st.integers(-50, 320),
        st.integers(-20, 210),
        st.integers(10, 120),
        st.booleans(),
    ),
    max_size=25,
)


@given(LABELS)
def test_placed_labels_are_within_the_room_and_cover_none(labels: list[Wanted]) -> None:
    boxes = [box for box in placed(labels, ROOM) if box is not None]
    for box in boxes:
        assert box.left >= ROOM.left
        assert box.right <= ROOM.right
        assert box.top >= ROOM.top
        assert box.bottom <= ROOM.bottom
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))


def test_a_label_steps_away_from_the_one_before_it() -> None:
    wanted = Wanted(Box(10, 100, 60, 116), upward=True)
    assert placed([wanted, wanted], ROOM) == [Box(10, 100, 60, 116), Box(10, 84, 60, 100)]


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(2, 12))
def test_round_numbers_are_few_even_and_between(low: float, span: float, most: int) -> None:
    numbers = round_numbers(low, low + span, most)
    assert 0 < len(numbers) <= most + 1
    assert all(low - 1e-6 * span <= one <= low + span * (1 + 1e-6) for one in numbers)


def test_nothing_has_no_round_numbers() -> None:
    assert round_numbers(5, 5, 4) == []
    assert round_times(5, 5, 4) == []


@pytest.mark.parametrize(("span", "step"), [(60 * SECOND, 15 * SECOND), (3 * DAY, DAY), (50 * DAY, 13 * DAY)])
def test_round_times_are_whole_seconds_minutes_or_days(span: int, step: int) -> None:
    assert round_times(0, span, 4) == list(range(0, span + 1, step))


def test_round_times_begin_within_the_span() -> None:
    assert round_times(MINUTE + 1, 2 * MINUTE, 1) == [90 * SECOND, 2 * MINUTE]
