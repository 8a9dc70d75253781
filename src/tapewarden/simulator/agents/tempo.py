"""When agents look, and what an asset is worth: the clocks behind a market."""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.simulator.exchange.agenda import LOOK, NEWS, compose, send
from tapewarden.simulator.randomness import exponential, normal, power_of_two, uniform

HOURS_PER_WEEK: Final = 168
CAUSED: Final = 0.5  # of all activity is excited by earlier trades
MOST_EXCITED: Final = 8.0  # times the usual
HALF_LIFE: Final = 10.0  # seconds, of excitement, on a market of usual tempo
LONG_RUN: Final = 15.0  # half-lives, over which what is usual is learned
REGIME, CLIMATE = 600.0, 10_800.0  # seconds after which a spell of volatility is half forgotten
BY_CHANCE: Final = 1
LEAST_NEWS, USUAL_NEWS = 0.002, 0.004  # relative jumps
_LN2: Final = 0.6931471805599453
_MILLION: Final = 1_000_000


def _hours_of_week() -> Any:
    """Usual activity per hour of the week, Monday first, of mean 1: quiet nights (UTC) and weekends."""
    hours = np.arange(HOURS_PER_WEEK)
    daily = 1 + 0.35 * np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    weekly = np.where(hours < 120, 1.0, 0.7)
    return np.round(daily * weekly / np.mean(daily * weekly), 6)


HOURS_OF_WEEK: Final = _hours_of_week()


@rule
def season(time: int) -> float:
    """Usual activity in an hour of the week, beside that of a mean hour."""
    return float(HOURS_OF_WEEK[(time // HOUR + 72) % HOURS_PER_WEEK])  # time began on a Thursday


@rule
def activity(w: Any, instrument: int) -> float:
    """How busy an instrument is beside its usual self, because of recent trades.

    Trades excite, and what they excite fades (Hawkes 1971). They do so relative to the instrument's own
    mean, so that half of all activity is caused by earlier trades, whatever the tempo, and none explodes.
    """
    counters, market = w.counters[0], w.instruments[instrument]
    now = counters.now
    half_life = HALF_LIFE * counters.calm
    fresh = float(market.trades - market.excited)
    elapsed = float(now - market.heated) / SECOND
    if elapsed > 0:
        market.heat *= power_of_two(-min(elapsed / half_life, 50.0))
        market.usual += (fresh - market.usual * elapsed) / max(LONG_RUN * half_life, elapsed)
        market.heat += fresh
        market.heated, market.excited = now, market.trades
    usual_heat = market.usual * half_life / _LN2
    excitement = min(market.heat / usual_heat, MOST_EXCITED) if usual_heat > 0 else 1.0
    return 1.0 - CAUSED + CAUSED * excitement


@rule
def keep_pace(w: Any) -> None:
    """Once a second: everybody a little slower if there were more orders than planned so far, or faster.

    What the plan's agents send comes to the planned rate within ``patience`` seconds, and bursts shorter than
    that stay as they are. The hour of the week counts unless ``season`` is 0.
    """
    counters = w.counters[0]
    hour = season(counters.now) / counters.season if counters.season > 0 else 1.0
    counters.planned += counters.rate * hour
    surplus = (float(counters.background) - counters.planned) / (counters.rate * counters.patience)
    counters.intensity = hour * power_of_two(-min(max(surplus, -3.0), 3.0)) / counters.calm


@rule
def look_later(w: Any, number: int) -> None:
    """Send a crowd's next look at its market, sooner when there is much going on."""
    crowd = w.crowds[number]
    pace = activity(w, crowd.instrument) * w.counters[0].intensity
    wait = min(crowd.interval * exponential(crowd) / pace, 10.0 * HOUR)
    message = compose(w, LOOK, 0)
    w.messages[message].number = number
    send(w, message, w.counters[0].now + max(int(wait), 1000))


@rule
def value(w: Any, instrument: int) -> float:
    """What an instrument is worth in ticks to those who know: a random walk, its volatility in spells."""
    market = w.instruments[instrument]
    asset = w.assets[market.asset]
    elapsed = float(w.counters[0].now - asset.seen) / SECOND
    if elapsed > 0:
        asset.value *= 1.0 + volatility(asset) * sqrt(elapsed) * normal(asset)
        asset.regime = drifted(asset, asset.regime, elapsed / REGIME, 0.4)
        asset.climate = drifted(asset, asset.climate, elapsed / CLIMATE, 1.3)
        asset.seen = w.counters[0].now
    return float(asset.value * market.anchor)


@rule
def volatility(asset: Any) -> float:
    """Relative, per square root of a second, as of now."""
    return float(asset.volatility * asset.regime * asset.climate)


@rule
def drifted(asset: Any, factor: float, spells: float, noise: float) -> float:
    """A factor after so many spells, in each of which it half forgets how far from 1 it was."""
    pull = min(spells, 1.0)
    exponent = sqrt(pull) * noise * normal(asset) - 0.7 * pull * log2_near(factor)
    return min(max(factor * power_of_two(exponent), 0.2), 5.0)


@rule
def log2_near(number: float) -> float:
    """The binary logarithm of a number between 1/8 and 8, roughly: enough to pull a regime back to 1."""
    return (number - 1.0) * 1.5 / (1.0 + 0.5 * number)


@rule
def break_news(w: Any, message: int) -> None:
    """News: what an asset is worth jumps, by an announced part of it or by chance; if so, more will come."""
    told = w.messages[message]
    asset = w.assets[told.instrument]
    change = float(told.price) / _MILLION
    if told.number == BY_CHANCE:
        size = LEAST_NEWS + USUAL_NEWS * exponential(asset)
        change = size if uniform(asset) < 0.5 else -size
        await_news(w, told.instrument)
    asset.shock = change
    asset.value *= 1.0 + change
    asset.shocked = w.counters[0].now


@rule
def await_news(w: Any, asset_number: int) -> None:
    """Send the next news of an asset on their way, if there are any."""
    asset = w.assets[asset_number]
    if asset.news_interval > 0:
        message = compose(w, NEWS, 0)
        w.messages[message].number = BY_CHANCE
        w.messages[message].instrument = asset_number
        send(w, message, w.counters[0].now + integer(asset.news_interval * exponential(asset)))
