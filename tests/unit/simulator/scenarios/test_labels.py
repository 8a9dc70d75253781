"""What holds for the label of every scenario, in its faintest, usual and most brazen forms."""

import pytest

from tapewarden.domain.episode import Role
from tapewarden.simulator.scenarios.registry import all_scenarios
from tests.samples.performances import INFORMATION, ORDER_BOOK, PRICE, WASH, Cast

CASTS = (ORDER_BOOK, WASH, PRICE, INFORMATION)
ROLES = {"bait", "intent", "ignite", "cover", "wash", "benign"}

# With a scope the tests of one form follow each other, so that seldom two workers perform the same.
each_form = pytest.mark.parametrize(
    ("cast", "name", "severity"), [(cast, *form) for cast in CASTS for form in cast.forms], scope="module"
)


def test_every_scenario_is_in_a_cast() -> None:
    assert sorted(name for cast in CASTS for name in cast.names) == sorted(all_scenarios())


def test_every_typology_has_a_twin() -> None:
    scenarios = all_scenarios().values()
    looked_like = {typology for one in scenarios if one.twin_of for typology in one.typologies}
    assert looked_like == {typology for one in scenarios for typology in one.typologies}


@each_form
def test_the_label_has_all_orders_of_its_accounts_and_no_others(
    cast: Cast, name: str, severity: float
) -> None:
    market, episode = cast.seen(name, severity)
    placed, own = market.placed(), {market.accounts[one.id] for one in episode.accounts}
    labelled = {order.id for order in episode.orders}
    told = {order for order, (account, _) in placed.items() if account in own}
    slices = name == "iceberg"  # the tape gives each slice a number, its owner knows the first
    assert labelled
    assert labelled <= told
    assert labelled == told or slices


@each_form
def test_nothing_is_left_open_at_the_end(cast: Cast, name: str, severity: float) -> None:
    market, episode = cast.seen(name, severity)
    assert market.have_orders.isdisjoint(market.accounts[one.id] for one in episode.accounts)


@each_form
def test_only_manipulators_harm(cast: Cast, name: str, severity: float) -> None:
    _, episode = cast.seen(name, severity)
    is_twin = cast.scenarios[name].twin_of is not None
    roles = {one.role for one in episode.accounts}
    assert (roles == {Role.BYSTANDER}) if is_twin else (Role.MANIPULATOR in roles)
    assert (episode.first_harm_ns is None) == is_twin
    assert {order.role for order in episode.orders} <= ({"benign"} if is_twin else ROLES)
