"""The measured behavior of tests for rounds: flat counts from the start (DETECTION.md 3.7) and rounds."""

import numpy as np
import pytest

from tapewarden.engine.rounds import chance_of_rounds, count_rounds


def counted(trades: str, members: int, margin: float = 0.01) -> int:
    """Rounds of trades such as ``"AB1 BA1"``: A sells 1 to B, and B sells it back."""
    sellers, buyers, sizes = zip(
        *(("ABCDEFGH".index(t[0]), "ABCDEFGH".index(t[1]), float(t[2:])) for t in trades.split()), strict=True
    )
    return count_rounds(np.array(sellers), np.array(buyers), np.array(sizes), len(sizes), members, margin)


@pytest.mark.parametrize(
    ("trades", "members", "rounds"),
    [
        ("AB1 BA1", 2, 1),
        ("AB1 BA1 AB1 BA1", 2, 3),
        ("AB1 AB1 BA2", 2, 1),
        ("AB1 AB1 BA1 BA1", 2, 2),
        ("AB1 BC1 CA1", 3, 1),
        ("AB1 BC1 CA1 AB2 BC2 CA2", 3, 2),
        ("AB1 BC1 CB1 BA1", 3, 2),
        ("AB1 BA1.02", 2, 0),  # misses by more than 1 %
        ("AB1 BA1.009", 2, 1),
        ("AB1 AB1 AB1 AB1 BA4", 2, 0),  # longer than twice as many trades as members
        ("AB1 BA3 AB1 BA1", 2, 1),  # a trade by the way hides nothing after it
        ("AB0.001 BA10", 2, 0),  # a small trade by itself is no round
    ],
)
def test_a_round_ends_where_everybody_has_what_he_had(trades: str, members: int, rounds: int) -> None:
    assert counted(trades, members) == rounds


def chance(directions: np.ndarray, sizes: np.ndarray, seed: int) -> float:
    """Two actors; 1 where the first sells."""
    sells = directions.astype(np.int64)
    return chance_of_rounds(sells, 1 - sells, sizes.copy(), len(sizes), 2, 0.01, 199, 0.01, seed)


def sizes_of(random: np.random.Generator, kind: str, count: int) -> np.ndarray:
    return random.choice([1.0, 2.0, 5.0, 10.0], count) if kind == "lots" else random.lognormal(0, 1, count)


def detection_rate(kind: str, *, trades: int, wash: bool, error: float = 0.0, noise: float = 0.0) -> float:
    found = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        directions, sizes = random.integers(0, 2, trades), sizes_of(random, kind, trades)
        if wash:
            directions[1::2] = 1 - directions[::2]
            sizes[1::2] = sizes[::2] * (1 + random.uniform(-error, error, trades // 2))
            mixed = random.random(trades) < noise
            directions[mixed], sizes[mixed] = (
                random.integers(0, 2, mixed.sum()),
                random.lognormal(0, 1, mixed.sum()),
            )
        found += chance(directions, sizes, seed) <= 0.01
    return found / 40


@pytest.mark.parametrize("kind", ["lognormal", "lots"])
@pytest.mark.parametrize("trades", [8, 32])
def test_random_trading_is_hardly_ever_unusual(kind: str, trades: int) -> None:
    assert detection_rate(kind, trades=trades, wash=False) <= 0.05


@pytest.mark.parametrize(
    ("kind", "error", "noise"),
    [("lognormal", 0.002, 0.0), ("lots", 0.0, 0.0), ("lognormal", 0.002, 0.2), ("lognormal", 0.02, 0.0)],
)
def test_washing_is_found_with_noise_too(kind: str, error: float, noise: float) -> None:
    assert detection_rate(kind, trades=32, wash=True, error=error, noise=noise) >= 0.95


def test_the_same_evidence_gives_the_same_chance() -> None:
    random = np.random.default_rng(1)
    directions, sizes = random.integers(0, 2, 30), random.lognormal(0, 1, 30)
    assert chance(directions, sizes, 7) == chance(directions, sizes, 7)
    assert chance(directions, 2 * sizes, 7) == chance(directions, sizes, 7)


def test_a_chance_beyond_the_limit_is_not_measured_to_the_end() -> None:
    ones = np.ones(30)
    assert chance(np.zeros(30), ones, 1) == 1.0
