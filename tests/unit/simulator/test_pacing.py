import pytest

from tapewarden.domain.kinds import HOUR, MINUTE, SECOND, Flag, Side
from tapewarden.simulator.members.desk import ExchangeDesk
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import START, MarketPlan
from tests.samples.markets import tape_of

ONE = MarketPlan(seed=2, instruments=1, accounts=50, rate=20)


@pytest.mark.parametrize(
    ("rate", "instruments", "accounts", "minutes"),
    [(3, 15, 2000, 60), (75, 15, 2000, 5), (1000, 15, 300, 1), (30, 3, 500, 10), (0.5, 1, 20, 60)],
)
def test_a_market_keeps_to_its_planned_rate(
    rate: float, instruments: int, accounts: int, minutes: int
) -> None:
    simulation = paced(MarketPlan(seed=2, instruments=instruments, accounts=accounts, rate=rate))
    tape_of(simulation, simulation.now + minutes * MINUTE)
    assert simulation.placed / (minutes * 60) == pytest.approx(rate, rel=0.1)


def test_the_tape_begins_when_the_plan_says() -> None:
    simulation = paced(ONE)
    assert simulation.now == START
    assert simulation.placed == 0
    assert simulation.told == 0


def test_the_night_is_quieter_than_the_afternoon() -> None:
    simulation = paced(MarketPlan(seed=2, instruments=1, accounts=50, rate=5))
    placed = [0]
    for hour in range(1, 18):  # from ten in the morning to three at night
        tape_of(simulation, START + hour * HOUR)
        placed.append(simulation.placed)
    assert placed[6] - placed[4] > 1.5 * (placed[17] - placed[15])


def test_members_from_outside_do_not_slow_the_others_down() -> None:
    counts = []
    for orders in (0, 2000):
        simulation = paced(ONE)
        desk = ExchangeDesk(simulation, "outsider", 0, latency=1000)
        far = desk.best(Side.BUY) // 2 // desk.tick * desk.tick
        for number in range(orders):
            desk.place(Side.BUY, desk.usual_size, far + number % 50 * desk.tick, flags=Flag.POST_ONLY)
        tape_of(simulation, simulation.now + 300 * SECOND)
        counts.append(int(simulation.world.counters[0]["background"]))
        assert simulation.placed == counts[-1] + orders
    assert counts[1] == pytest.approx(counts[0], rel=0.1)
