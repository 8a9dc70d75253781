import numpy as np
import pytest

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.fact import Verdict
from tests.unit.evaluation.realism.making import START, chance, measured, record, trades, value


def fractional_noise(memory: float, count: int = 1 << 16) -> np.ndarray:
    """Gaussian noise whose autocorrelation decays as lag^-memory (Davies and Harte 1987)."""
    hurst = 1 - memory / 2
    lags = np.arange(count + 1, dtype=float)
    cover = 0.5 * ((lags + 1) ** (2 * hurst) - 2 * lags ** (2 * hurst) + np.abs(lags - 1) ** (2 * hurst))
    power = np.fft.fft(np.concatenate([cover, cover[-2:0:-1]])).real
    rng = chance(5)
    waves = rng.standard_normal(2 * count) + 1j * rng.standard_normal(2 * count)
    return np.fft.fft(np.sqrt(np.maximum(power, 0)) * waves).real[:count]


@pytest.mark.parametrize("memory", [0.4, 0.7])
def test_the_decay_of_long_memory_signs_is_found(memory: float) -> None:
    signs = np.where(fractional_noise(memory) > 0, 1, -1)
    assert value("order-flow persistence", record(trades(sign=signs))) == pytest.approx(memory, abs=0.1)


def test_independent_signs_decay_at_once() -> None:
    result = measured("order-flow persistence", record(trades(sign=chance().choice([-1, 1], 10_000))))
    assert result.verdict is Verdict.MISSED
    assert result.measured is not None
    assert result.measured.value == np.inf


def test_signs_that_never_change_or_are_unknown_tell_nothing() -> None:
    assert "one side" in measured("order-flow persistence", record(trades(count=1_000))).why
    assert "0 of 500" in measured("order-flow persistence", record(trades(sign=np.zeros(1_000)))).why


def at_gaps(seconds: np.ndarray) -> float:
    ts = START + np.cumsum(np.round(seconds * SECOND)).astype(np.int64)
    return value("bursts of orders", record(trades(ts)))


def test_poisson_arrivals_are_no_bursts() -> None:
    assert at_gaps(chance().exponential(3.0, 5_000)) < 10


def test_stretched_and_log_normal_waits_are_told_from_exponential_ones() -> None:
    assert at_gaps(chance().weibull(0.5, 5_000)) > 1_000
    assert at_gaps(chance().lognormal(0, 2, 5_000)) > 1_000
    for waits, best in (
        (chance().weibull(0.5, 5_000), "Weibull"),
        (chance().lognormal(0, 2, 5_000), "log-normal"),
    ):
        ts = START + np.cumsum(np.round(waits * SECOND)).astype(np.int64)
        result = measured("bursts of orders", record(trades(ts)))
        assert result.measured is not None
        assert result.measured.note.startswith(f"{best} fits best")


def test_orders_of_one_moment_are_no_wait() -> None:
    ts = START + SECOND * np.repeat(np.arange(150), 2)
    assert "149 of 200 waits" in measured("bursts of orders", record(trades(ts))).why
