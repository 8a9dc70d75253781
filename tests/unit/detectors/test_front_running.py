"""Front running, by its figures."""

import pytest

from tapewarden.detectors.front_running import (
    DETECTOR,
    Params,
    State,
    chance_by_habit,
    chance_by_time,
    habit,
    is_excess,
    time_share,
)
from tapewarden.domain.signal import Signal
from tapewarden.engine.chance import binomial_tail
from tapewarden.runtime.running import run_scenario

BY_NAME = {scenario.name: scenario for scenario in DETECTOR.scenarios}


def insider(ahead: int, occasions: int) -> State:
    """One who traded ahead of some of so many orders to buy; at other times he buys and sells alike."""
    s = State()
    s.buying.inside, s.buying.trials = ahead, occasions
    s.buying.outside = s.selling.outside = 20
    s.buying.exposed, s.buying.free, s.selling.free = 100, 9900, 10_000
    s.gain = 0.01
    return s


def the_signal(name: str) -> Signal:
    (signal,) = run_scenario(DETECTOR, BY_NAME[name])
    return signal


def test_habit_and_time_give_what_chance_would_do() -> None:
    s = insider(18, 20)
    assert habit(s) == 0.5
    assert chance_by_habit(s) == binomial_tail(18, 20, 0.5)
    assert time_share(s) == pytest.approx(38 * 0.01 / 58)
    assert chance_by_time(s) == binomial_tail(18, 58, time_share(s))


def test_a_habit_of_buying_explains_buying_ahead() -> None:
    s = insider(20, 20)
    assert is_excess(s, Params())
    s.buying.outside, s.selling.outside = 38, 0
    assert habit(s) == 39 / 40
    assert not is_excess(s, Params())


def test_orders_that_wait_half_of_the_time_explain_half_of_the_trades() -> None:
    s = insider(20, 20)
    s.buying.exposed = s.buying.free
    assert chance_by_time(s) > 0.05
    assert not is_excess(s, Params())


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("the house trades ahead of twenty orders", "the house traded"),
        ("an employee", "an employee traded"),
        ("who can see the client's orders", "an account that can see the client's orders traded"),
    ],
)
def test_the_signal_says_by_what_link_the_insider_knew(name: str, who: str) -> None:
    assert the_signal(name).text.startswith(who)


def test_the_evidence_is_the_clients_orders_and_the_trades_ahead_of_them() -> None:
    signal = the_signal("the house trades ahead of twenty orders")
    evidence = signal.evidence
    assert evidence.orders == tuple(f"c{200 * n}" for n in range(10, 18))
    assert (evidence.orders_total, len(evidence.trades)) == (17, 8)
    assert [(party.account, party.role) for party in signal.parties] == [
        ("client", "client"),
        ("insider", "insider"),
    ]


def test_a_small_order_is_not_followed() -> None:
    signal = the_signal("the house trades ahead of twenty orders")
    assert not any(order.startswith("s") for order in signal.evidence.orders)
