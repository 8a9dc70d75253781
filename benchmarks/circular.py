"""How two counts find wash trading between two accounts: returns to the start, and rounds.

Run as `python -m benchmarks.circular`. It prints the rate at which a permutation test at p <= 0.01 calls 150
sequences of trades unusual, by their length: *flat* counts the trades after which all balances are back at
the start (Victor and Weintraud 2021), *rounds* those that end a round, as WSH-04 does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import kernel, rule
from tapewarden.engine.rounds import Places, Sizes, chance_of_rounds

LENGTHS: Final = (8, 16, 32, 64)
REPEATS: Final = 150
MARGIN: Final = 0.01
SHUFFLES: Final = 199


class Case(NamedTuple):
    """A way two accounts trade: sizes, whether each trade is undone, and what spoils that."""

    name: str
    lots: bool
    washes: bool
    error: float = 0.0
    noise: float = 0.0


CASES: Final = (
    Case("at random, lognormal sizes", False, False),
    Case("at random, round lots", True, False),
    Case("undone, within 0.2 %", False, True, error=0.002),
    Case("undone, round lots", True, True),
    Case("undone, a fifth of trades at random", False, True, error=0.002, noise=0.2),
    Case("undone, within 2 %", False, True, error=0.02),
)


def trades_of(case: Case, count: int, random: np.random.Generator) -> tuple[Places, Sizes]:
    """Who sells, 0 or 1, and sizes."""
    sells = random.integers(0, 2, count)
    sizes = random.choice([1.0, 2.0, 5.0, 10.0], count) if case.lots else random.lognormal(0, 1, count)
    if case.washes:
        sells[1::2] = 1 - sells[::2]
        sizes[1::2] = sizes[::2] * (1 + random.uniform(-case.error, case.error, count // 2))
        mixed = random.random(count) < case.noise
        sells[mixed], sizes[mixed] = random.integers(0, 2, mixed.sum()), random.lognormal(0, 1, mixed.sum())
    return sells, sizes


@rule
def count_flat(sells: npt.NDArray[np.int64], sizes: Sizes) -> int:
    """Trades after which the balance is back at the start."""
    balance, flat, margin = 0.0, 0, MARGIN * sizes.mean()
    for k in range(len(sizes)):
        balance += sizes[k] if sells[k] == 1 else -sizes[k]
        if abs(balance) <= margin:
            flat += 1
    return flat


@kernel
def chance_of_flat(sells: Places, sizes: Sizes, seed: int) -> float:
    """The permutation test of `count_flat`."""
    np.random.seed(seed)
    observed, as_many = count_flat(sells, sizes), 0
    for _ in range(SHUFFLES):
        np.random.shuffle(sells)
        np.random.shuffle(sizes)
        as_many += count_flat(sells, sizes) >= observed
    return (as_many + 1.0) / (SHUFFLES + 1.0)


@kernel
def chance_of_rounds_of_two(sells: Places, sizes: Sizes, seed: int) -> float:
    """The permutation test of WSH-04."""
    return chance_of_rounds(sells, 1 - sells, sizes, len(sizes), 2, MARGIN, SHUFFLES, 0.01, seed)


def rate(case: Case, count: int, test: Callable[[Places, Sizes, int], float]) -> float:
    """How often a test calls trades of a case unusual."""
    unusual = 0
    for seed in range(REPEATS):
        unusual += test(*trades_of(case, count, np.random.default_rng(seed)), seed) <= 0.01
    return unusual / REPEATS


def main() -> None:
    """Print the table."""
    heads = [f"{name}, {count}" for name in ("flat", "rounds") for count in LENGTHS]
    print(f"| two accounts trade | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}")
    for case in CASES:
        rates = [
            rate(case, count, test) for test in (chance_of_flat, chance_of_rounds_of_two) for count in LENGTHS
        ]
        print(f"| {case.name} | {' | '.join(f'{value:.2f}' for value in rates)} |")


if __name__ == "__main__":
    main()
