"""Facts of orders: most are canceled, and soon; some accounts order far more than they trade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.realism.book import ALIKE, nearest
from tapewarden.evaluation.realism.fact import Band, Fact, Measured, NotMeasurableError, need
from tapewarden.evaluation.realism.record import Floats, Lives, Record
from tapewarden.evaluation.realism.statistics import Distribution

LEAST_LIVES: Final = 500

CLASSES: Final = {"maker": r"maker", "executor": r"twap|pov|iceberg|executor", "retail": r"retail|noise"}
"""Classes of accounts from those that order most to those that order least, by what their names contain."""


def durations(record: Record) -> Floats:
    """Seconds from entry to end of the orders that ended."""
    ended = _lives(record).duration
    return np.asarray(ended[ended >= 0] / SECOND)


def order_to_trade(record: Record) -> dict[str, float]:
    """Size ordered over size traded, by class of account; classes that never traded are left out."""
    lives, names = _lives(record), record.accounts
    if names is None or not (lives.account >= 0).any():
        raise NotMeasurableError("needs accounts (T3)")
    found = {}
    for name, pattern in CLASSES.items():
        members = [number for number, text in names.items() if re.search(pattern, text)]
        mine = np.isin(lives.account, members)
        if lives.traded[mine].sum() > 0:
            found[name] = float(lives.ordered[mine].sum() / lives.traded[mine].sum())
    return found


def _lives(record: Record) -> Lives:
    if record.lives is None:
        raise NotMeasurableError("needs orders (T2)")
    need(len(record.lives.duration), LEAST_LIVES, "orders")
    return record.lives


def _canceled(record: Record, _: Sequence[Record]) -> Measured:
    lives = _lives(record)
    canceled, filled = int(lives.canceled.sum()), int(lives.filled.sum())
    need(canceled + filled, LEAST_LIVES, "orders that ended")
    share = canceled / (canceled + filled)
    return Measured(share, canceled + filled, np.sqrt(share * (1 - share) / (canceled + filled)))


def _sample(record: Record) -> Distribution:
    seconds = durations(record)
    need(len(seconds), LEAST_LIVES, "orders that ended")
    return seconds, np.ones(len(seconds))


def _life_distance(record: Record, others: Sequence[Record]) -> Measured:
    seconds, _ = _sample(record)
    found, name = nearest(record, others, _sample)
    return Measured(found, len(seconds), note=f"to {name}, median {np.median(seconds):.3g} s")


def _classes(record: Record, _: Sequence[Record]) -> Measured:
    ratios = order_to_trade(record)
    if len(ratios) < 2:
        raise NotMeasurableError("needs accounts of known classes")
    note = ", ".join(f"{name} {ratio:.3g}" for name, ratio in ratios.items())
    least = min(more / less for more, less in pairwise(ratios.values()))
    return Measured(least, len(_lives(record).duration), note=note)


FACTS: Final = (
    Fact(
        "cancels",
        "share of ended orders that their members canceled",
        Band(low=0.9),
        "Hasbrouck and Saar 2009",
        _canceled,
    ),
    Fact(
        "order life",
        "KS distance of order lives to the nearest recorded market",
        ALIKE,
        "Vyetrenko et al. 2020",
        _life_distance,
    ),
    Fact(
        "order-to-trade by class",
        "smallest ratio of size ordered per size traded between makers, executors and retail",
        Band(low=2),
        "RTS (EU) 2017/566, form of the ratio",
        _classes,
    ),
)
