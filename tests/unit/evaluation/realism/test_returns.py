import numpy as np
import pytest

from tapewarden.evaluation.realism.fact import Verdict
from tests.unit.evaluation.realism.making import chance, measured, minutes, value


def gaussian(count: int = 20_000) -> np.ndarray:
    return 1e-4 * chance().standard_normal(count)


def clustered(count: int = 20_000) -> np.ndarray:
    """A stochastic volatility that forgets half of itself in about two hours."""
    rng = chance(2)
    level, steps = 0.0, rng.standard_normal(count)
    levels = np.empty(count)
    for place in range(count):
        level = 0.995 * level + 0.08 * steps[place]
        levels[place] = level
    return 1e-4 * np.exp(levels) * rng.standard_normal(count)


def test_a_gaussian_walk_has_no_heavy_tails() -> None:
    walk = minutes(gaussian())
    assert value("heavy tails", walk) == pytest.approx(3, abs=0.1)
    assert measured("heavy tails", walk).verdict is Verdict.MISSED
    assert value("tail index", walk) > 5
    assert value("aggregational normality", walk) == pytest.approx(1, abs=0.15)
    assert measured("no memory of direction", walk).verdict is Verdict.MET
    assert measured("volatility clustering", walk).verdict is Verdict.MISSED


def test_stochastic_volatility_has_heavy_tails_that_fade_and_clusters() -> None:
    market = minutes(clustered())
    assert measured("heavy tails", market).verdict is Verdict.MET
    assert measured("aggregational normality", market).verdict is Verdict.MET
    assert measured("no memory of direction", market).verdict is Verdict.MET
    assert measured("volatility clustering", market).verdict is Verdict.MET


@pytest.mark.parametrize("index", [2.5, 4.0])
def test_the_tail_index_of_pareto_moves_is_found(index: float) -> None:
    rng = chance(3)
    moves = 1e-5 * (1 + rng.pareto(index, 20_000)) * rng.choice([-1, 1], 20_000)
    result = measured("tail index", minutes(moves))
    assert result.measured is not None
    assert result.measured.error is not None
    assert result.measured.value == pytest.approx(index, abs=3 * result.measured.error)
    assert result.verdict is Verdict.MET


def test_moves_that_turn_back_have_a_memory_of_direction() -> None:
    noise = gaussian()
    assert value("no memory of direction", minutes(noise[1:] - 0.5 * noise[:-1])) == pytest.approx(
        -0.4, abs=0.02
    )


def test_volume_that_follows_moves_correlates_with_them() -> None:
    moves = gaussian()
    linked = minutes(moves, np.round(1e8 * np.abs(moves)) + 1)
    assert value("volume and volatility", linked) == pytest.approx(1, abs=0.01)
    alone = minutes(moves, chance(4).integers(1, 1000, len(moves)))
    assert measured("volume and volatility", alone).verdict is Verdict.MISSED


def test_short_quiet_and_still_markets_tell_nothing() -> None:
    assert "too short: 50 of 120 minutes" in measured("heavy tails", minutes(gaussian(50))).why
    sparse = minutes(gaussian(5_000))
    kept = slice(None, None, 5)
    trade = sparse.trades
    columns = (trade.ts, trade.price, trade.size, trade.sign, trade.order)
    quiet = type(trade)(*(column[kept] for column in columns))
    assert (
        "too quiet: 80% of minutes"
        in measured(
            "heavy tails", type(sparse)("quiet", "A@B", 0, True, sparse.first, sparse.last, quiet)
        ).why
    )
    still = minutes(np.zeros(1_000))
    assert "constant price" in measured("heavy tails", still).why
    assert "constant price" in measured("volatility clustering", still).why
