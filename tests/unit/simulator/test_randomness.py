import numpy as np
import pytest

from tapewarden.simulator.randomness import (
    RandomRow,
    below,
    exponential,
    normal,
    power_of_two,
    uniform,
)

DRAWS = 20_000


def stream(start: int = 1) -> RandomRow:
    row = RandomRow()
    row.counter = start
    return row


@pytest.fixture(autouse=True)
def _let_integers_wrap() -> object:
    """Compiled code wraps silently, numpy's numbers warn."""
    with np.errstate(over="ignore"):
        yield


def test_uniform_numbers_fill_the_unit_interval_evenly() -> None:
    one = stream()
    drawn = np.array([uniform(one) for _ in range(DRAWS)])
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = np.histogram(drawn, 10, (0, 1))[0]
    assert counts.min() > 0.9 * DRAWS / 10


def test_whole_numbers_stay_below_their_limit() -> None:
    one = stream()
    assert {below(one, 3) for _ in range(200)} == {0, 1, 2}


def test_waits_have_no_memory() -> None:
    one = stream()
    drawn = np.array([exponential(one) for _ in range(DRAWS)])
    assert drawn.mean() == pytest.approx(1, abs=0.03)
    assert np.median(drawn) == pytest.approx(np.log(2), abs=0.03)
    assert drawn.max() > 8.4  # beyond the table


def test_normal_numbers_have_their_deviation() -> None:
    one = stream()
    drawn = np.array([normal(one) for _ in range(DRAWS)])
    assert drawn.mean() == pytest.approx(0, abs=0.03)
    assert drawn.std() == pytest.approx(1, abs=0.03)
    assert abs(drawn).max() < 4.4


@pytest.mark.parametrize("exponent", [-60.0, -20.3, -1.0, -0.5, 0.0, 0.1, 1.0, 17.77, 60.0])
def test_powers_of_two_are_nearly_exact(exponent: float) -> None:
    assert power_of_two(exponent) == pytest.approx(2**exponent, rel=1e-6)


def test_streams_are_their_own() -> None:
    one, other = stream(1), stream(2)
    alone = [uniform(one) for _ in range(5)]
    again = stream(1)
    mixed = []
    for _ in range(5):
        mixed.append(uniform(again))
        uniform(other)
    assert mixed == alone
