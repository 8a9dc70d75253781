"""When agents look, and what an asset is worth: the clocks behind a market."""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import rule
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.simulator.exchange.agenda import LOOK, compose, send
from tapewarden.simulator.randomness import exponential, normal, power_of_two

HOURS_PER_WEEK: Final = 168
EXCITED: Final = 10 * SECOND  # half-life of excitement
MOST_EXCITED: Final = 6.0
REGIME: Final = 600.0  # seconds after which a regime of volatility is half forgotten
_MILLION: Final = 1_000_000


def _hours_of_week() -> Any:
    """Usual activity per hour of the week, Monday first, of mean 1: quiet nights (UTC) and weekends."""
    hours = np.arange(HOURS_PER_WEEK)
    daily = 1 + 0.35 * np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    weekly = np.where(hours < 120, 1.0, 0.7)
    return np.round(daily * weekly / np.mean(daily * weekly), 6)


HOURS_OF_WEEK: Final = _hours_of_week()


@rule
def activity(w: Any, instrument: int) -> float:
    """How busy an instrument is beside its usual self: the hour of the week, and recent trades.

    Trades excite, and what they excite fades (Hawkes 1971); half of all activity is caused by earlier trades
    when ``excitement`` is set as ``population`` does.
    """
    now, market = w.counters[0].now, w.instruments[instrument]
    if now > market.heated:
        market.heat *= power_of_two(-min(float(now - market.heated) / EXCITED, 50.0))
        market.heated = now
    market.heat = min(market.heat + market.excitement * (market.trades - market.excited), MOST_EXCITED)
    market.excited = market.trades
    hour = (now // HOUR + 72) % HOURS_PER_WEEK  # time began on a Thursday
    return float(HOURS_OF_WEEK[hour]) * (0.5 + market.heat)


@rule
def look_later(w: Any, number: int) -> None:
    """Send an agent's next look at its market, sooner when there is much going on."""
    agent = w.agents[number]
    pace = activity(w, agent.instrument) * w.counters[0].intensity
    wait = min(agent.interval * exponential(agent) / pace, 10.0 * HOUR)
    send(w, compose(w, LOOK, number), w.counters[0].now + max(int(wait), 1000))


@rule
def value(w: Any, instrument: int) -> float:
    """What an instrument is worth in ticks to those who know: a random walk, its volatility in spells."""
    market = w.instruments[instrument]
    asset = w.assets[market.asset]
    elapsed = float(w.counters[0].now - asset.seen) / SECOND
    if elapsed > 0:
        asset.value *= 1.0 + asset.volatility * asset.regime * sqrt(elapsed) * normal(asset)
        pull = min(elapsed / REGIME, 1.0)
        asset.regime *= power_of_two(-0.7 * pull * log2_near(asset.regime) + sqrt(pull) * 0.9 * normal(asset))
        asset.regime = min(max(asset.regime, 0.2), 6.0)
        asset.seen = w.counters[0].now
    return float(asset.value * market.anchor)


@rule
def log2_near(number: float) -> float:
    """The binary logarithm of a number between 1/8 and 8, roughly: enough to pull a regime back to 1."""
    return (number - 1.0) * 1.5 / (1.0 + 0.5 * number)


@rule
def shock(w: Any, asset_number: int, millionths: int) -> None:
    """News: what an asset is worth jumps by so many millionths."""
    asset = w.assets[asset_number]
    asset.shock = float(millionths) / _MILLION
    asset.value *= 1.0 + asset.shock
    asset.shocked = w.counters[0].now
