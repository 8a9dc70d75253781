from collections import Counter
from itertools import groupby

import numpy as np
import pytest

from tapewarden.domain.kinds import EventKind, LinkKind, WindowKind
from tapewarden.simulator.agents.acting import COPIER, LEARNER, MAKER, MOMENTUM
from tapewarden.simulator.agents.copier import LEADER
from tapewarden.simulator.agents.kinds import KINDS, Place
from tapewarden.simulator.agents.maker import IMBALANCE
from tapewarden.simulator.census import populate
from tapewarden.simulator.exchange.matching import PREVENT_NOTHING
from tapewarden.simulator.plan import SECOND_VENUE, MarketPlan, listings
from tapewarden.simulator.population import Population, busyness
from tests.samples.markets import small_run

PLANS = [
    MarketPlan(seed=1, instruments=15, accounts=2000, rate=75),
    MarketPlan(seed=2, instruments=3, accounts=150),
    MarketPlan(seed=3, instruments=1, accounts=20),
]


def people(plan: MarketPlan) -> Population:
    return populate(plan, listings(plan.instruments))


@pytest.mark.parametrize("plan", PLANS)
def test_there_are_as_many_accounts_as_planned_and_most_are_retail(plan: MarketPlan) -> None:
    holders = people(plan).holders
    assert len(holders) == plan.accounts
    assert len({holder.name for holder in holders}) == plan.accounts
    retail = sum(holder.name.startswith("retail-") for holder in holders)
    assert retail >= 0.4 * plan.accounts


@pytest.mark.parametrize("plan", PLANS)
def test_agents_of_a_crowd_come_one_after_another(plan: MarketPlan) -> None:
    seats = people(plan).seats
    groups = [key for key, _ in groupby((seat.instrument, seat.kind.name) for seat in seats)]
    assert len(groups) == len(set(groups))
    crowds = list(people(plan).crowds(busyness(plan.instruments)))
    assert [crowd.first for crowd in crowds] == np.cumsum(
        [1, *(crowd.size for crowd in crowds[:-1])]
    ).tolist()
    assert sum(crowd.size for crowd in crowds) == len(seats)


@pytest.mark.parametrize("plan", PLANS)
def test_makers_and_book_readers_are_on_every_instrument(plan: MarketPlan) -> None:
    found = Counter((seat.instrument, seat.kind.name) for seat in people(plan).seats)
    for instrument in range(plan.instruments):
        for name in ("maker", "fast maker", "book reader"):
            assert found[instrument, name] >= 2


@pytest.mark.parametrize("plan", PLANS)
def test_an_account_trades_an_instrument_with_one_agent(plan: MarketPlan) -> None:
    seats = people(plan).seats
    assert len({(seat.account, seat.instrument) for seat in seats}) == len(seats)


def test_those_who_trade_two_instruments_are_where_there_are_two() -> None:
    listed = listings(15)
    for seat in people(PLANS[0]).seats:
        one = listed[seat.instrument]
        assert seat.kind.place is not Place.PERPETUAL or one.spot == seat.other
        assert seat.kind.place is not Place.SECOND_VENUE or one.instrument.venue == SECOND_VENUE
        assert listed[seat.other].asset == one.asset
    one_instrument = {seat.kind.place for seat in people(PLANS[2]).seats}
    assert one_instrument == {Place.ANY}


def test_without_book_readers_nobody_looks_at_displayed_sizes() -> None:
    plan = MarketPlan(seed=1, instruments=2, accounts=100, book_readers=False)
    seats = people(plan).seats
    assert not any(seat.kind.kind == LEARNER for seat in seats)
    assert {seat.knobs[IMBALANCE] for seat in seats if seat.kind.kind == MAKER} == {0.0}


def test_copy_traders_follow_few_momentum_traders_to_their_instruments() -> None:
    seats = people(PLANS[0]).seats
    leaders = {seat.knobs[LEADER] for seat in seats if seat.kind.kind == COPIER}
    assert 1 <= len(leaders) <= 5
    led = {(seat.account, seat.instrument) for seat in seats if seat.kind.kind == MOMENTUM}
    assert {(seat.knobs[LEADER], seat.instrument) for seat in seats if seat.kind.kind == COPIER} <= led


def test_some_owners_have_two_or_three_accounts() -> None:
    owners = Counter(holder.owner for holder in people(PLANS[0]).holders if holder.owner)
    assert set(owners.values()) <= {1, 2, 3}
    assert sum(count > 1 for count in owners.values()) > 20


def test_machines_do_not_trade_with_themselves_and_people_differ() -> None:
    careless = {kind.name.replace(" ", "-") for kind in KINDS if kind.careless}
    found = [
        holder.name.rsplit("-", 1)[0]
        for holder in people(PLANS[0]).holders
        if holder.prevention == PREVENT_NOTHING
    ]
    assert set(found) == careless
    assert len({holder.prevention for holder in people(PLANS[0]).holders}) == 5


def test_links_and_roles_stand_at_the_beginning_of_the_tape() -> None:
    run = small_run()
    holders, directory = run.simulation.people.holders, run.simulation.directory
    links = run.tape[run.tape.kind == EventKind.LINK]
    roles = run.tape[run.tape.kind == EventKind.WINDOW]
    assert set(links.reason.tolist()) == {LinkKind.SAME_OWNER}
    for one, other in zip(links.account.tolist(), links.counter_account.tolist(), strict=True):
        assert holders[one].owner == holders[other].owner is not None
        assert directory.accounts[one].owner == holders[one].owner
    assert set(roles.reason.tolist()) == {WindowKind.MARKET_MAKER}
    assert roles.account.tolist() == [n for n, holder in enumerate(holders) if holder.is_market_maker]
