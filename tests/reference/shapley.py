"""Shares of a game by its definition: the mean effect of joining, over all sets of others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial


def shapley(worth: Callable[[frozenset[int]], float], players: int) -> list[float]:
    """What each player adds on average to the worth of those before it, over all orders (Shapley 1953)."""
    shares = []
    for player in range(players):
        others = [one for one in range(players) if one != player]
        share = 0.0
        for size in range(players):
            part = factorial(size) * factorial(players - 1 - size) / factorial(players)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                share += part * (worth(before | {player}) - worth(before))
        shares.append(share)
    return shares
