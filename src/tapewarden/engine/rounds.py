"""Rounds: how often everybody in a group has again what he had before, and whether chance would have it so.

A *round* ends with a trade after which, over a run of at most twice as many trades as there are members, the
balance of each member is back where it was, within a margin of the typical trade. Whoever merely trades to
and fro rarely gets back exactly; whoever passes the same size round does it again and again.

Sizes that are round lots add up to nothing by accident. So the number of trades that end a round is compared
with what it would be had the same sizes and the same pairs come in any other order: a permutation test,
p = (1 + those with as many) / (1 + all) (Phipson and Smyth 2010), given up as soon as it cannot succeed
(Besag and Clifford 1991, Biometrika 78). Its random numbers are keyed by the evidence.

The balances of Victor and Weintraud (2021) are counted from the start, so that a single trade by the way
hides all that comes after it; see `python -m benchmarks.circular` for what that costs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.engine.chance import uniform

Places = npt.NDArray[np.int64]
Sizes = npt.NDArray[np.float64]


@rule
def count_rounds(sellers: Places, buyers: Places, sizes: Sizes, n: int, members: int, margin: float) -> int:
    """How many of the first ``n`` trades end a round; parties are numbered from 0 to ``members`` - 1."""
    total = 0.0
    for k in range(n):
        total += sizes[k]
    balances, rounds = np.zeros(members), 0
    for k in range(n):
        rounds += _ends_round(sellers, buyers, sizes, k, balances, margin * total / n)
    return rounds


@rule
def _ends_round(sellers: Places, buyers: Places, sizes: Sizes, k: int, balances: Sizes, margin: float) -> int:
    members = len(balances)
    for m in range(members):
        balances[m] = 0.0
    for j in range(k, max(k - 2 * members, -1), -1):
        balances[sellers[j]] -= sizes[j]
        balances[buyers[j]] += sizes[j]
        furthest = 0.0
        for m in range(members):
            furthest = max(furthest, abs(balances[m]))
        if furthest <= margin and j < k:
            return 1
    return 0


@rule
def chance_of_rounds(  # noqa: PLR0917  rules are called by position
    sellers: Places,
    buyers: Places,
    sizes: Sizes,
    n: int,
    members: int,
    margin: float,
    shuffles: int,
    limit: float,
    seed: int,
) -> float:
    """Probability of as many rounds, had sizes and pairs come in any order. Shuffles its arguments.

    Exact up to the ``shuffles`` drawn where it is at most ``limit``; cost: about ten operations per trade,
    member and shuffle, a few shuffles where nothing is unusual.
    """
    observed = count_rounds(sellers, buyers, sizes, n, members, margin)
    drawn, as_many = 0, 0
    while drawn < shuffles and as_many + 1 <= limit * (shuffles + 1):
        for k in range(n - 1, 0, -1):
            position = 2 * (drawn * n + k)
            i, j = int(uniform(seed, position) * (k + 1)), int(uniform(seed, position + 1) * (k + 1))
            sellers[k], sellers[i] = sellers[i], sellers[k]
            buyers[k], buyers[i] = buyers[i], buyers[k]
            sizes[k], sizes[j] = sizes[j], sizes[k]
        drawn += 1
        if count_rounds(sellers, buyers, sizes, n, members, margin) >= observed:
            as_many += 1
    return (as_many + 1.0) / (drawn + 1.0)
