import numba
import pytest
from scipy import stats

from tapewarden.domain.kinds import HOUR, MINUTE, SECOND
from tapewarden.engine.habits import Habit, add_after, add_other, chance_by_habit, expected, fade

PATIENCE = 3 * MINUTE


def filled(after: float, after_seconds: float, other: float, other_seconds: float) -> Habit:
    habit = Habit()
    add_after(habit, after, int(after_seconds * SECOND))
    add_other(habit, other, int(other_seconds * SECOND))
    return habit


@pytest.mark.parametrize("per_second", [0.05, 1.0, 20.0, 400.0])
def test_a_maker_is_unremarkable_at_any_pace_as_long_as_a_fill_changes_nothing(per_second: float) -> None:
    windows, day = 300 * 5.0, 20_000.0
    assert chance_by_habit(filled(windows * per_second, windows, day * per_second, day), PATIENCE) > 0.01


@pytest.mark.parametrize("per_second", [0.05, 1.0, 20.0])
def test_ten_times_the_own_pace_after_fills_is_remarkable_at_any_pace(per_second: float) -> None:
    seconds = 40 / per_second
    habit = filled(10 * seconds * per_second, seconds, 20_000 * per_second, 20_000)
    assert chance_by_habit(habit, PATIENCE) < 1e-20


def test_chance_is_the_poisson_tail_of_what_the_own_rate_leads_to_expect() -> None:
    habit = filled(4, 6, 9, 820)
    assert expected(habit, PATIENCE) == pytest.approx(6 * 10 / 1000)
    assert chance_by_habit(habit, PATIENCE) == pytest.approx(stats.poisson.sf(3, 0.06))


def test_everything_fades_with_one_half_life() -> None:
    habit = filled(8, 40, 16, 80)
    habit.told = 4.0
    fade(habit, 12 * HOUR, 12 * HOUR)
    left = (habit.after, habit.after_seconds, habit.other, habit.other_seconds, habit.told)
    assert left == pytest.approx((4, 20, 8, 40, 2), rel=1e-4)


def test_compiled_and_python_agree() -> None:
    habit = filled(4, 6, 9, 820)
    compiled = numba.njit(error_model="numpy")(chance_by_habit)
    assert compiled(habit._record, PATIENCE) == chance_by_habit(habit, PATIENCE)
