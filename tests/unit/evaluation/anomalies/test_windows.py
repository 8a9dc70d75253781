"""Windows held against what was true: which are abusive, whose they are, and what rules told of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tapewarden.anomaly.features.catalogue import ACCOUNT
from tapewarden.domain.episode import Episode, Participant, Role
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Typology
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.anomalies.windows import JudgedWindows, Truth, together
from tapewarden.evaluation.matching import families_of
from tapewarden.runtime.features import FeatureTable
from tests.samples.episodes import START, episode, twin
from tests.samples.signals import signal

BEGIN = START // MINUTE * MINUTE
BTC = "BTC-USD@SIM"


def table(*windows: tuple[str, int], length: int = MINUTE, blind: bool = False) -> FeatureTable:
    """Windows of actors, the so-manieth minute each."""
    count = len(windows)
    return FeatureTable(
        features=ACCOUNT,
        values=np.arange(count)[:, None] + np.zeros(len(ACCOUNT)),
        actors=tuple(actor for actor, _ in windows),
        instruments=(BTC,) * count,
        lengths=np.full(count, length),
        starts=np.array([BEGIN + minute * MINUTE for _, minute in windows]),
        acts=np.full(count, 50),
        blind=np.full(count, blind),
    )


def judged(
    tables: Sequence[FeatureTable], episodes: Sequence[Episode] = (), signals: Sequence[Signal] = ()
) -> JudgedWindows:
    truth = Truth(episodes, signals, {"m2": "mallory"}, families_of(built_in_detectors()), 7)
    return truth.judged(tables, 60)


def spoofing(first: float, last: float, **other: Any) -> Episode:
    return episode(
        start_ns=BEGIN + int(first * MINUTE), first_harm_ns=None, end_ns=BEGIN + int(last * MINUTE), **other
    )


def test_a_window_is_abusive_from_half_of_it_on_and_unclear_below() -> None:
    minutes = table(*(("mallory", minute) for minute in range(4)), ("somebody", 1))
    found = judged([minutes], [spoofing(0.7, 2.5)])
    assert found.abusive.tolist() == [False, True, True, False, False]
    assert found.unclear.tolist() == [True, False, False, False, False]
    assert found.families.tolist() == ["order book"] * 3 + ["", ""]
    assert found.episodes == (1, 1)
    assert found.market.tolist() == [7] * 5


def test_misconduct_of_an_account_is_its_owners_and_victims_are_innocent() -> None:
    others = (Participant("m2", Role.ACCOMPLICE), Participant("victor", Role.VICTIM))
    found = judged([table(("mallory", 0), ("victor", 0))], [spoofing(0, 1, accounts=others)])
    assert found.abusive.tolist() == [True, False]
    assert not found.unclear.any()


def test_twins_are_not_abusive_and_have_the_family_they_look_like() -> None:
    looks = twin(typologies=(Typology.SPOOFING,), start_ns=BEGIN, end_ns=BEGIN + MINUTE)
    found = judged([table(("maker", 0), ("maker", 2))], [looks])
    assert not found.abusive.any()
    assert not found.unclear.any()
    assert found.families.tolist() == ["order book", ""]
    assert found.episodes == (0, 0)


def test_of_what_nobody_is_accused_windows_are_unclear() -> None:
    found = judged([table(("mallory", 0))], [spoofing(0, 1, typologies=(Typology.PULLED_WALL,))])
    assert (found.abusive.tolist(), found.unclear.tolist(), found.episodes) == ([False], [True], (0, 0))


def test_an_episode_without_a_told_window_is_not_seen() -> None:
    assert judged([table(("mallory", 3))], [spoofing(0, 1)]).episodes == (1, 0)


def test_the_highest_score_of_a_rule_that_overlaps_counts() -> None:
    minutes = table(("mallory", 0), ("mallory", 1), ("mallory", 2), ("somebody", 0))
    told = [
        signal(start_ns=BEGIN, end_ns=BEGIN + MINUTE - 1, score=0.4),
        signal(start_ns=BEGIN + 30, end_ns=BEGIN + MINUTE, score=0.7, actor="m2"),
        signal(start_ns=BEGIN, end_ns=BEGIN + 9 * MINUTE, score=0.9, family="market quality"),
        signal(start_ns=BEGIN, end_ns=BEGIN + 9 * MINUTE, score=0.9, instrument="ETH-USD@SIM"),
    ]
    assert judged([minutes], signals=told).told.tolist() == [0.7, 0.7, 0, 0]


def test_windows_of_other_lengths_and_blind_ones_are_left_out() -> None:
    tables = [table(("a", 0), ("b", 1)), table(("c", 0), length=5 * MINUTE), table(("d", 0), blind=True)]
    found = judged(tables)
    assert (len(found), found.values[:, 0].tolist()) == (2, [0, 1])
    both = together([found, found.where(found.starts > BEGIN)])
    assert both.values[:, 0].tolist() == [0, 1, 1]
