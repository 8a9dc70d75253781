import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.evaluation.curves import Curve, Point, Ranked, Target
from tapewarden.evaluation.intervals import share

scores = st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9])


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[Ranked], list[Target]]:
    """Episodes with alarms about them, and false alarms."""
    alarms, targets = [], []
    for number in range(draw(st.integers(1, 5))):
        found = draw(st.lists(scores, max_size=3))
        alarms += [Ranked(one, True, number) for one in found]
        targets.append(Target(max(found, default=None), number))
    for number, one in enumerate(draw(st.lists(scores, max_size=5))):
        alarms.append(Ranked(one, False, f"false {number}"))
    return alarms, targets


def test_points_follow_the_falling_threshold() -> None:
    alarms = [Ranked(0.9, True, 1), Ranked(0.5, False, "x"), Ranked(0.5, True, 2), Ranked(0.1, False, "y")]
    curve = Curve(alarms, [Target(0.9, 1), Target(0.5, 2), Target(None, 3)])
    assert curve.points() == (
        Point(0.9, 1.0, 0.3333),
        Point(0.5, 0.6667, 0.6667),
        Point(0.1, 0.5, 0.6667),
    )
    assert curve.average_precision() == pytest.approx((1 + 2 / 3) / 3)


@given(rankings())
def test_average_precision_is_the_area_under_the_steps_of_the_curve(
    ranking: tuple[list[Ranked], list[Target]],
) -> None:
    curve = Curve(*ranking)
    before, area = 0.0, 0.0
    for point in curve.points():
        area += (point.recall - before) * point.precision
        before = point.recall
    assert curve.average_precision() == pytest.approx(area, abs=1e-3)


@given(rankings())
def test_the_interval_holds_the_value_of_some_draw_and_repeats_for_a_seed(
    ranking: tuple[list[Ranked], list[Target]],
) -> None:
    curve = Curve(*ranking)
    found = curve.interval(seed=3, replicates=50)
    assert found is not None
    assert found == Curve(*ranking).interval(seed=3, replicates=50)
    assert 0 <= found.low <= found.high <= 1
    assert found.value == pytest.approx(curve.average_precision(), abs=1e-4)


def test_more_episodes_make_a_narrower_interval() -> None:
    def width(count: int) -> float:
        targets = [Target(0.9 if number % 2 else None, number) for number in range(count)]
        alarms = [Ranked(0.9, True, number) for number in range(1, count, 2)]
        found = Curve(alarms, targets).interval(seed=1)
        assert found is not None
        return found.high - found.low

    assert width(400) < width(20) / 2


def test_without_episodes_there_is_no_curve() -> None:
    curve = Curve([Ranked(0.5, False, "x")], [])
    assert (curve.points(), curve.average_precision(), curve.interval(seed=1)) == ((), None, None)


def test_without_alarms_nothing_is_found() -> None:
    curve = Curve([], [Target(None, 1)])
    assert (curve.points(), curve.average_precision()) == ((), 0.0)


def test_wilson_intervals_are_those_of_the_literature() -> None:
    """Agresti and Coull (1998) give 0 of 10 as 0 to 0.278; 8 of 10 is in many tables."""
    assert (share(0, 10).low, share(0, 10).high) == (0.0, 0.2775)
    assert (share(8, 10).low, share(8, 10).high) == (0.4902, 0.9433)
    assert share(0, 0).value is None


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_share_lies_in_its_interval(hits: int, more: int) -> None:
    one = share(hits, hits + more)
    assert one.value is not None
    assert 0 <= one.low <= one.value <= one.high <= 1
    mirrored = share(more, hits + more)
    assert mirrored.low == pytest.approx(1 - one.high, abs=1.1e-4)
