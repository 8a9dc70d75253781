"""A market to show: every kind of misconduct once, beside the honest behavior it is mistaken for."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import MarketWish, Performed, Result, Truth, Wish
from tapewarden.domain.typology import Family
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.alarms import names
from tapewarden.evaluation.matching import families_of
from tapewarden.simulator.scenarios.registry import all_scenarios

SEVERITY: Final = 0.7

OPENING: Final = ("quote-stuffing", "same-owner", "spoofing", "skewing-maker", "layering")
"""Scenarios with which a parade opens: they show early what there is to see."""


_GUILTY: Final = (Result.DETECTED, Result.MISSED, Result.NOT_EVALUATED)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one kind of misconduct; ``after_s`` is the event time to its first signal, if caught.

    ``unseen`` were not caught, and no detector that looks for them could see them.
    """

    name: str
    injected: int
    caught: int
    after_s: float | None = None
    unseen: int = 0

    @property
    def missed(self) -> int:
        """How many were not caught by detectors that could see them."""
        return self.injected - self.caught - self.unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was true on a market beside what was said of it.

    Attributes:
        misconduct: Schemes that accuse somebody, by name.
        quality: Those that detectors of market quality look for, which accuse nobody.
        honest: How many acted who only look like it.
        accused: Of these, who were accused: name and how many false alarms.
        others: False alarms about everybody else.
        idle: How many had no time to act.
    """

    misconduct: tuple[Line, ...]
    quality: tuple[Line, ...]
    honest: int
    accused: tuple[tuple[str, int], ...]
    others: int
    idle: int

    @property
    def total(self) -> Line:
        """All misconduct."""
        injected = sum(line.injected for line in self.misconduct)
        return Line(
            "all",
            injected,
            sum(line.caught for line in self.misconduct),
            unseen=sum(line.unseen for line in self.misconduct),
        )

    @property
    def false_alarms(self) -> int:
        """All of them."""
        return self.others + sum(count for _, count in self.accused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """What a model found unusual on a market that is over, beside who did what there.

    Attributes:
        windows: All that it found.
        guilty: Of these, windows of who deceived or pulled walls.
        schemes: Of whose schemes at least one window was found, and
        acted: how many schemes there were.
        honest: Windows of honest look-alikes.
        others: Of everybody else.
        markets: Of whole instruments.
    """

    windows: int
    guilty: int
    schemes: int
    acted: int
    honest: int
    others: int
    markets: int


def showcase(seed: int, minutes: float, speed: float) -> MarketWish:
    """A market of six instruments on which every scenario is performed once."""
    wishes = tuple(Wish(scenario=name, severity=SEVERITY) for name in all_scenarios())
    return MarketWish(
        seed=seed, instruments=6, accounts=800, rate=90, minutes=minutes, speed=speed, wishes=wishes
    )


def parade(seed: int, minutes: float, speed: float, *, first_s: float, every_s: float) -> MarketWish:
    """A market to which every scenario comes in its turn, so that there is always something new.

    Args:
        seed: Of the market, and of the order in which they come behind ``OPENING``.
        minutes: Of market time.
        speed: See ``MarketWish``.
        first_s: Market time before the first one comes, seconds: what is usual has to be learned before.
        every_s: Market time from one to the next, seconds.
    """
    others = [name for name in all_scenarios() if name not in OPENING]
    random.Random(seed).shuffle(others)
    wishes = tuple(
        Wish(scenario=name, severity=SEVERITY, after_ns=int((first_s + place * every_s) * SECOND))
        for place, name in enumerate((*OPENING, *others))
    )
    return MarketWish(
        seed=seed, instruments=6, accounts=800, rate=90, minutes=minutes, speed=speed, wishes=wishes
    )


def of_market_quality(detectors: Iterable[Detector]) -> frozenset[str]:
    """The scenarios that only detectors of market quality look for, which accuse nobody."""
    families = families_of(detectors)
    return frozenset(
        name
        for name, one in all_scenarios().items()
        if {families.get(typology) for typology in one.typologies} == {Family.MARKET_QUALITY}
    )


def score(truth: Truth, quality: Collection[str]) -> Score:
    """The score of a market that is over; ``quality`` are the scenarios of which nobody can be accused."""
    acted = [one for one in truth.performances if one.result is not Result.IDLE]
    guilty = [one for one in acted if one.result in _GUILTY]
    accused = tuple((one.wish.scenario, one.false_alarms) for one in acted if one.false_alarms)
    lines = [_line(name, guilty) for name in sorted({one.wish.scenario for one in guilty})]
    return Score(
        misconduct=tuple(line for line in lines if line.name not in quality),
        quality=tuple(line for line in lines if line.name in quality),
        honest=len(acted) - len(guilty),
        accused=accused,
        others=(truth.false_alarms or 0) - sum(count for _, count in accused),
        idle=len(truth.performances) - len(acted),
    )


def unusual(truth: Truth, signals: Iterable[Signal]) -> Unusual:
    """What a model says of a market that is over, beside the truth about it."""
    found = [one for one in signals if one.family == Family.ANOMALY]
    own = [one for one in found if one.actor]
    acted = [one for one in truth.performances if one.result in _GUILTY]
    told = [sum(_is_of(signal, one) for signal in own) for one in acted]
    twins = [one for one in truth.performances if one.result in (Result.LEFT_ALONE, Result.ACCUSED)]
    honest = sum(any(_is_of(signal, one) for one in twins) for signal in own)
    guilty = sum(told)
    return Unusual(
        windows=len(found),
        guilty=guilty,
        schemes=sum(count > 0 for count in told),
        acted=len(acted),
        honest=honest,
        others=len(own) - guilty - honest,
        markets=len(found) - len(own),
    )


def telling(truth: Truth, signals: Iterable[Signal]) -> tuple[Performed, Signal] | None:
    """The window of a scheme that a model finds most unusual, of one that rules missed where there is one."""
    found = [
        (one, signal)
        for signal in signals
        for one in truth.performances
        if signal.family == Family.ANOMALY and one.result in _GUILTY and _is_of(signal, one)
    ]
    return max(found, key=lambda one: (one[0].result is not Result.DETECTED, one[1].score), default=None)


def _is_of(signal: Signal, performed: Performed) -> bool:
    """Whether a signal names who performed; each performs once, under names of its own."""
    episode = performed.episode
    if episode is None:
        return False
    twin = episode.benign_twin_of is not None
    return bool(names(signal) & ({one.id for one in episode.accounts} if twin else episode.culprits))


def _line(name: str, guilty: Sequence[Performed]) -> Line:
    mine = [one for one in guilty if one.wish.scenario == name]
    delays = [one.detected_after_s for one in mine if one.detected_after_s is not None]
    unseen = sum(one.result is Result.NOT_EVALUATED for one in mine)
    return Line(name, len(mine), len(delays), min(delays, default=None), unseen)
