from typing import NamedTuple

import numpy as np
import pytest

from tapewarden.detectors import same_owner, self_match
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import HOUR, SECOND, EventKind
from tapewarden.runtime.running import Tape, run_scenario, run_tape

HONEST = 60


class Market(NamedTuple):
    tape: Tape
    incidental: int


def random_market(orders_per_second: int, hours: float, *, washers: int, meetings: int, seed: int) -> Market:
    """Trades of makers and takers who meet at random, one for eight orders, and some who meet themselves.

    Accounts are as unequal as rank and size of cities, makers in another order than takers.
    """
    random = np.random.default_rng(seed)
    directory = Directory()
    directory.sources.number("venue")
    directory.add_instrument(Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-3))
    for number in range(HONEST):
        directory.add_account(f"honest {number}")
    for number in range(washers):
        directory.add_account(f"washer {number}")
    honest = int(orders_per_second * hours * 3600 / 8)
    weight = 1 / np.arange(1, HONEST + 1)
    makers = random.choice(HONEST, honest, p=weight / weight.sum())
    takers = random.choice(random.permutation(HONEST), honest, p=weight / weight.sum())
    wash = np.repeat(np.arange(HONEST, HONEST + washers), meetings)
    ts = random.uniform(0, hours * HOUR, honest + len(wash)).astype(np.int64)
    order = np.argsort(ts)
    batch = EventBatch.of(
        len(ts),
        kind=EventKind.TRADE,
        instrument=0,
        source=0,
        ts_event=10**18 + ts[order],
        side=random.choice([-1, 1], len(ts)),
        price=10_000,
        size=1 + (1000 * random.lognormal(0, 1, len(ts))).astype(np.int64),
        account=np.concatenate([takers, wash])[order],
        counter_account=np.concatenate([makers, wash])[order],
        trade=np.arange(1, len(ts) + 1),
        sequence=np.arange(1, len(ts) + 1),
    )
    return Market(Tape(batch, directory), int((makers == takers).sum()))


@pytest.mark.parametrize(("orders_per_second", "hours"), [(3, 12), (25, 8), (250, 2), (1000, 1), (4000, 0.5)])
def test_precision_is_the_same_at_every_density(orders_per_second: int, hours: float) -> None:
    for seed in range(3):
        market = random_market(orders_per_second, hours, washers=3, meetings=60, seed=seed)
        assert market.incidental > 100
        suspected = {signal.actor for signal in run_tape([self_match.DETECTOR], market.tape)}
        assert suspected == {"washer 0", "washer 1", "washer 2"}


def test_the_signal_says_who_how_often_and_which_trades() -> None:
    (scenario,) = (one for one in self_match.SCENARIOS if one.name == "in a market that sleeps")
    (signal,) = run_scenario(self_match.DETECTOR, scenario)
    assert signal.actor == "suspect"
    assert [(party.account, party.role) for party in signal.parties] == [("suspect", "actor")]
    assert signal.text.startswith("Orders of the same account met 16 times within 2 min.")
    assert len(signal.evidence.trades) == 8
    assert signal.end_ns - signal.start_ns == 150 * SECOND
    assert all(reason.value >= 0 for reason in signal.reasons)
    assert signal.reasons[1].value <= signal.reasons[1].threshold


def test_between_accounts_of_one_owner_both_are_parties() -> None:
    (signal,) = run_scenario(same_owner.DETECTOR, same_owner.SCENARIOS[0])
    assert {(party.account, party.role) for party in signal.parties} == {
        ("friend", "actor"),
        ("suspect", "counterparty"),
    }


def test_one_account_and_one_owner_are_never_both_suspected_of_the_same_trades() -> None:
    for detector, other in ((self_match, same_owner), (same_owner, self_match)):
        for scenario in detector.SCENARIOS:
            if scenario.count:
                assert run_scenario(other.DETECTOR, scenario) == []
