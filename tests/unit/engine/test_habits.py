import numba
import pytest
from scipy import stats

from tapewarden.domain.kinds import HOUR, MINUTE, SECOND
from tapewarden.engine.habits import Habit, better, chance_by_habit, expected, fade
from tapewarden.engine.trials import add_trial

PATIENCE = 3 * MINUTE


def filled(after: float, after_seconds: float, other: float, other_seconds: float) -> Habit:
    habit = Habit()
    add_trial(habit.after, after, int(after_seconds * SECOND))
    add_trial(habit.other, other, int(other_seconds * SECOND))
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


def test_chance_is_twice_the_poisson_tail_of_what_the_own_rate_leads_to_expect() -> None:
    habit = filled(4, 6, 9, 820)
    by_habit = 6 * 10 / (820 + 18)
    assert expected(habit, habit.after, PATIENCE) == pytest.approx(by_habit)
    assert chance_by_habit(habit, PATIENCE) == pytest.approx(2 * stats.poisson.sf(3, by_habit))


def test_the_more_remarkable_reading_counts() -> None:
    habit = filled(4, 60, 9, 820)
    before = chance_by_habit(habit, PATIENCE)
    add_trial(habit.done, 4, 4 * SECOND)
    assert chance_by_habit(habit, PATIENCE) < before
    assert better(habit, PATIENCE).seconds == 4


def test_who_is_quick_with_little_is_taken_to_be_quick_with_much_until_that_is_known() -> None:
    quick, unknown = filled(3, 3, 0, 0), filled(3, 3, 0, 0)
    add_trial(quick.small, 100, 100 * SECOND)
    assert chance_by_habit(quick, PATIENCE) > 100 * chance_by_habit(unknown, PATIENCE)


def test_everything_fades_with_one_half_life() -> None:
    habit = filled(8, 40, 16, 80)
    add_trial(habit.done, 2, 4 * SECOND)
    add_trial(habit.small, 6, 2 * SECOND)
    habit.told = 4.0
    fade(habit, 12 * HOUR, 12 * HOUR)
    trials = (habit.after, habit.done, habit.other, habit.small)
    left = [number for one in trials for number in (one.times, one.seconds)] + [habit.told]
    assert left == pytest.approx([4, 20, 1, 2, 8, 40, 3, 1, 2], rel=1e-4)


def test_compiled_and_python_agree() -> None:
    habit = filled(4, 6, 9, 820)
    compiled = numba.njit(error_model="numpy")(chance_by_habit)
    assert compiled(habit._record[()], PATIENCE) == chance_by_habit(habit, PATIENCE)
