import numba
import pytest
from scipy import stats

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.rates import Rates, chance_of_equal_rates, expected_during, weaken_rates
from tapewarden.engine.trials import add_trial


def counted(during: float, during_seconds: float, other: float, other_seconds: float) -> Rates:
    rates = Rates()
    add_trial(rates.during, during, int(during_seconds * SECOND))
    add_trial(rates.other, other, int(other_seconds * SECOND))
    return rates


def test_equal_rates_share_all_doings_by_time() -> None:
    rates = counted(9, 10, 11, 90)
    assert expected_during(rates) == pytest.approx(2)
    assert chance_of_equal_rates(rates) == pytest.approx(stats.binom.sf(8, 20, 0.1))


@pytest.mark.parametrize("per_second", [0.05, 1.0, 20.0])
def test_whoever_does_it_all_the_time_is_unremarkable_at_any_pace(per_second: float) -> None:
    assert chance_of_equal_rates(counted(100 * per_second, 100, 900 * per_second, 900)) > 0.1


def test_without_any_time_no_rate_is_remarkable() -> None:
    rates = counted(3, 0, 0, 0)
    assert expected_during(rates) == 3
    assert chance_of_equal_rates(rates) == 1.0


def test_all_sums_weaken_alike() -> None:
    rates = counted(8, 40, 16, 80)
    rates.told = 4.0
    weaken_rates(rates, 0.5)
    left = (rates.during.times, rates.during.seconds, rates.other.times, rates.other.seconds, rates.told)
    assert left == (4, 20, 8, 40, 2)


def test_compiled_and_python_agree() -> None:
    rates = counted(9, 10, 11, 90)
    compiled = numba.njit(error_model="numpy")(chance_of_equal_rates)
    assert compiled(rates._record[()]) == chance_of_equal_rates(rates)
