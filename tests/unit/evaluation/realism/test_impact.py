import numpy as np
import pytest

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.fact import Verdict
from tapewarden.evaluation.realism.impact import WINDOW
from tapewarden.evaluation.realism.record import Record
from tests.unit.evaluation.realism.making import START, chance, measured, quotes, record, trades, value


def moved_by(exponent: float, noise: float = 0.5) -> Record:
    """A market whose mid moves by the net volume of each window to a power, and by chance."""
    rng = chance(11)
    windows = 2_000
    sign = rng.choice([-1, 1], windows * WINDOW)
    size = np.ceil(rng.lognormal(6, 1, windows * WINDOW)).astype(np.int64)
    net = (sign * size).reshape(windows, WINDOW).sum(axis=1)
    moves = np.sign(net) * np.abs(net / 1_000) ** exponent + noise * rng.standard_normal(windows)
    mid = 1e12 * np.exp(np.concatenate([[0.0], np.cumsum(moves)]) * 1e-4)
    ts = START + SECOND * np.arange(windows * WINDOW)
    starts = START + SECOND * WINDOW * np.arange(windows + 1) - SECOND // 2
    return record(trades(ts, sign=sign, size=size), touches=quotes(starts, mid))


@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_the_exponent_of_impact_is_found(exponent: float) -> None:
    result = measured("concave impact", moved_by(exponent))
    assert result.measured is not None
    assert result.measured.value == pytest.approx(exponent, abs=0.06)


def test_volume_that_moves_nothing_has_no_exponent() -> None:
    flat = record(trades(count=5_000), touches=quotes([START - 1], [1e12]))
    assert "no impact" in measured("concave impact", flat).why
    assert "needs a book" in measured("concave impact", record(trades(count=5_000))).why


def pushed(undone: float) -> Record:
    """Large orders move the mid by two basis points; so much of it is undone after ten seconds."""
    rng = chance(12)
    count = 1_000
    ts = START + 60 * SECOND * np.arange(1, count + 1)
    size = np.where(np.arange(count) % 10 == 0, 1_000, 10)
    sign = rng.choice([-1, 1], count)
    moves = np.where(size > 10, 2.0 * sign, 0.0)
    steps = np.stack([moves, -undone * moves, 0.01 * rng.standard_normal(count)], axis=1).ravel()
    times = (ts[:, None] + np.array([1, 10 * SECOND, 45 * SECOND])).ravel()
    mid = 1e12 * np.exp(1e-4 * np.concatenate([[0.0], np.cumsum(steps)]))
    market = trades(ts, sign=sign, size=size)
    return record(market, touches=quotes(np.concatenate([[START], times]), mid), last=int(times[-1]))


def test_the_share_of_impact_that_is_undone_is_found() -> None:
    assert value("partial reversion", pushed(0.4)) == pytest.approx(0.4, abs=0.01)
    assert measured("partial reversion", pushed(0.4)).verdict is Verdict.MET
    assert measured("partial reversion", pushed(1.2)).verdict is Verdict.MISSED
    assert measured("partial reversion", pushed(-0.3)).verdict is Verdict.MISSED
