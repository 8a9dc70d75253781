"""Scenarios of wash trading, performed in their faintest, usual and most brazen forms."""

import pytest

from tapewarden.domain.episode import Episode, Role
from tapewarden.domain.kinds import EventKind
from tapewarden.domain.typology import Typology
from tapewarden.simulator.scenarios.registry import all_scenarios
from tests.samples.performances import Performed, performed

TYPOLOGIES = {Typology.SELF_MATCH, Typology.SAME_OWNER, Typology.PREARRANGED, Typology.CIRCULAR}
SCENARIOS = {name: one for name, one in all_scenarios().items() if not TYPOLOGIES.isdisjoint(one.typologies)}
NAMES = tuple(SCENARIOS)
MANIPULATORS = [name for name, one in SCENARIOS.items() if one.twin_of is None]
SEVERITIES = (0.0, 0.5, 1.0)

each_form = pytest.mark.parametrize(
    ("name", "severity"), [(name, severity) for name in NAMES for severity in SEVERITIES]
)


def seen(name: str, severity: float) -> tuple[Performed, Episode]:
    market = performed(NAMES, severity)
    return market, market.episodes[name]


def trades_among(market: Performed, episode: Episode) -> int:
    """Trades with both sides of the episode's accounts."""
    own = [market.accounts[one.id] for one in episode.accounts]
    tape = market.tape
    trades = tape.kind == EventKind.TRADE
    both = [[account in own for account in side.tolist()] for side in (tape.account, tape.counter_account)]
    return sum(one and first and second for one, first, second in zip(trades.tolist(), *both, strict=True))


def test_every_kind_of_wash_trading_has_a_twin() -> None:
    assert {one.twin_of for one in SCENARIOS.values() if one.twin_of} == set(MANIPULATORS)


@each_form
def test_the_label_has_all_orders_of_its_accounts(name: str, severity: float) -> None:
    market, episode = seen(name, severity)
    own = {market.accounts[one.id] for one in episode.accounts}
    told = {order for order, (account, _) in market.placed().items() if account in own}
    assert episode.orders
    assert told == {order.id for order in episode.orders}


@each_form
def test_nothing_is_left_open_at_the_end(name: str, severity: float) -> None:
    market, episode = seen(name, severity)
    assert market.have_orders.isdisjoint(market.accounts[one.id] for one in episode.accounts)


@each_form
def test_only_manipulators_harm(name: str, severity: float) -> None:
    _, episode = seen(name, severity)
    is_twin = SCENARIOS[name].twin_of is not None
    assert (episode.first_harm_ns is None) == is_twin
    assert all((one.role == Role.BYSTANDER) == is_twin for one in episode.accounts)


@pytest.mark.parametrize("name", MANIPULATORS)
def test_those_who_wash_trade_among_themselves_the_more_the_more_brazen(name: str) -> None:
    counts = [trades_among(*seen(name, severity)) for severity in SEVERITIES]
    assert counts[0] < counts[1] < counts[2]
    assert counts[1] >= 8


def test_accounts_of_one_owner_are_known_as_such_and_others_are_not() -> None:
    market, _ = seen("same-owner", 0.5)
    assert [SCENARIOS[name].owners for name in ("same-owner", "two-desks", "circular", "pre-arranged")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert (market.tape.kind == EventKind.LINK).any()
