import pytest

from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.excess import chance_of, is_excess, share_of_limit


def test_all_looks_together_spend_the_limit() -> None:
    assert sum(share_of_limit(look) for look in range(1, 10_000)) == pytest.approx(1.0, abs=1e-3)


def test_fading_counts_are_rounded_to_whole_ones() -> None:
    assert chance_of(7.6, 0.5) == poisson_tail(8, 0.5)
    assert chance_of(7.4, 0.5) == poisson_tail(7, 0.5)


@pytest.mark.parametrize(
    ("count", "expected", "told", "excess"),
    [
        (9.0, 0.5, 0.0, True),
        (280.0, 100.0, 0.0, False),  # unlikely, but not three times what is expected
        (301.0, 100.0, 0.0, True),
        (39.0, 0.5, 20.0, False),  # told before, and not twice as many since
        (40.0, 0.5, 20.0, True),
        (4.0, 0.5, 0.0, False),  # chance does that
    ],
)
def test_an_excess_is_material_unlikely_and_news(
    count: float, expected: float, told: float, excess: bool
) -> None:
    assert is_excess(count, expected, told, 8, 3.0, 2.0, 1e-6) is excess


def test_later_looks_need_more() -> None:
    tail = poisson_tail(8, 0.5)
    assert is_excess(8.0, 0.5, 0.0, 8, 3.0, 2.0, tail * 72 * 1.001)
    assert not is_excess(8.0, 0.5, 0.0, 8, 3.0, 2.0, tail * 72 * 0.999)
