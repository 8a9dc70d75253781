"""What agents are made of, called as plain Python."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.simulator.agents import learner, momentum
from tapewarden.simulator.agents.hands import human_size, lots, round_number
from tapewarden.simulator.agents.tempo import HOURS_PER_WEEK, activity, season
from tapewarden.simulator.building import new_world
from tapewarden.simulator.exchange.tables import AgentRow, InstrumentRow
from tapewarden.simulator.plan import START, MarketPlan, listings
from tapewarden.simulator.population import Population
from tests.samples.markets import uncompiled


@pytest.fixture(autouse=True)
def _let_integers_wrap() -> Iterator[None]:
    """Compiled code wraps silently, numpy's numbers warn."""
    with np.errstate(over="ignore"):
        yield


def market() -> InstrumentRow:
    row = InstrumentRow()
    row.lot, row.size_scale = 10, 10_000.0
    return row


def test_sizes_of_people_have_first_digits_as_benford_has_them() -> None:
    agent, drawn = AgentRow(), 4000
    sizes = [human_size(agent, market(), 1.0) for _ in range(drawn)]
    assert all(size % 10 == 0 for size in sizes)
    found = Counter(str(size)[0] for size in sizes)
    expected = {str(digit): np.log10(1 + 1 / digit) for digit in range(1, 10)}
    distance = np.mean([abs(found[digit] / drawn - share) for digit, share in expected.items()])
    assert distance < 0.06
    assert found["1"] > found["3"] > found["7"]


@pytest.mark.parametrize(
    ("size", "rounded"), [(1, 1), (4, 2), (7, 5), (10, 10), (19, 10), (49, 20), (999, 500), (1000, 1000)]
)
def test_round_numbers_are_one_two_and_five(size: int, rounded: int) -> None:
    assert round_number(size) == rounded


def test_sizes_are_whole_lots_and_at_least_one() -> None:
    assert lots(market(), 1.23456) == 12_340
    assert lots(market(), 1e-9) == 10


def test_learners_find_how_far_the_price_follows_the_book() -> None:
    agent, chance = AgentRow(), np.random.default_rng(1)
    agent.knobs[learner.RATE], agent.knobs[learner.BELIEF] = 0.02, 9.0
    middle = 1000.0
    for _ in range(3000):
        seen = agent.memory[learner.SEEN_IMBALANCE]
        middle += 3.0 * seen + chance.normal()
        learner.learn(agent, middle)
        agent.memory[learner.SEEN_IMBALANCE] = chance.uniform(-0.6, 0.6)
        agent.memory[learner.SEEN_MIDDLE] = middle
    assert agent.memory[learner.SLOPE] == pytest.approx(3.0, abs=0.7)


def test_a_trend_is_a_quick_average_above_a_slow_one() -> None:
    agent = AgentRow()
    agent.knobs[momentum.QUICK], agent.knobs[momentum.SLOW] = 0.5, 0.05
    flat = [momentum.learn_trend(agent, 100.0) for _ in range(5)]
    rising = [momentum.learn_trend(agent, 100.0 + step) for step in range(1, 20)]
    assert flat == [0.0] * 5
    assert rising == sorted(rising)
    assert rising[-1] > 5


def test_hours_of_the_week_differ_and_are_one_on_average() -> None:
    hours = [season(START + hour * HOUR) for hour in range(HOURS_PER_WEEK)]
    assert np.mean(hours) == pytest.approx(1.0, abs=1e-5)
    assert max(hours) > 1.5 * min(hours)


@pytest.mark.parametrize("per_second", [0.02, 1.0, 50.0])
def test_trades_excite_but_activity_is_one_on_average(per_second: float) -> None:
    plan = MarketPlan(seed=1, instruments=1, rate=20 * per_second)
    world = uncompiled(new_world(plan, listings(1), Population((), ())))
    row, chance, seen = world.instruments[0], np.random.default_rng(2), []
    for _ in range(6000):
        world.counters[0].now += int(SECOND * chance.exponential() / per_second / 3)
        row.trades += int(chance.random() < 1 / 3)
        seen.append(activity(world, 0))
    assert np.mean(seen) == pytest.approx(1.0, abs=0.1)
    assert max(seen) > 1.5
    assert min(seen) < 0.8
