"""Scenarios of the order book, performed in their faintest, usual and most brazen forms."""

import numpy as np
import pytest

from tapewarden.domain.episode import Episode, Role
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.typology import Typology
from tapewarden.simulator.scenarios.registry import all_scenarios
from tests.samples.performances import Performed, perform, performed

TYPOLOGIES = {
    Typology.SPOOFING,
    Typology.LAYERING,
    Typology.PULLED_WALL,
    Typology.QUOTE_STUFFING,
    Typology.NO_INTENT,
}
SCENARIOS = {name: one for name, one in all_scenarios().items() if not TYPOLOGIES.isdisjoint(one.typologies)}
NAMES = tuple(SCENARIOS)
MANIPULATORS = [name for name, one in SCENARIOS.items() if one.twin_of is None]
REPEATING = [name for name in MANIPULATORS if name not in {"layering-patient", "sarao-2010"}]
SEVERITIES = (0.0, 0.5, 1.0)

each_form = pytest.mark.parametrize(
    ("name", "severity"), [(name, severity) for name in NAMES for severity in SEVERITIES]
)


def seen(name: str, severity: float) -> tuple[Performed, Episode]:
    market = performed(NAMES, severity)
    return market, market.episodes[name]


def test_every_typology_of_the_book_has_a_twin() -> None:
    twins = {one.twin_of for one in SCENARIOS.values() if one.twin_of}
    assert {"spoofing", "layering", "pulled-wall", "quote-stuffing", "no-intent"} <= twins


@each_form
def test_all_orders_of_the_label_are_on_the_tape_and_of_its_accounts(name: str, severity: float) -> None:
    market, episode = seen(name, severity)
    placed, own = market.placed(), {market.accounts[one.id] for one in episode.accounts}
    assert episode.orders
    assert {placed[order.id][0] for order in episode.orders} <= own


@each_form
def test_the_label_has_all_orders_of_its_accounts(name: str, severity: float) -> None:
    market, episode = seen(name, severity)
    own = {market.accounts[one.id] for one in episode.accounts}
    told = {order for order, (account, _) in market.placed().items() if account in own}
    slices = name == "iceberg"  # the tape gives each slice a number, its owner knows the first
    assert told == {order.id for order in episode.orders} or slices


@each_form
def test_nothing_is_left_open_at_the_end(name: str, severity: float) -> None:
    market, episode = seen(name, severity)
    assert market.have_orders.isdisjoint(market.accounts[one.id] for one in episode.accounts)


@each_form
def test_only_manipulators_harm(name: str, severity: float) -> None:
    _, episode = seen(name, severity)
    is_twin = SCENARIOS[name].twin_of is not None
    assert {one.role for one in episode.accounts} == {Role.BYSTANDER if is_twin else Role.MANIPULATOR}
    assert (episode.first_harm_ns is None) == is_twin
    assert {order.role for order in episode.orders} <= (
        {"benign"} if is_twin else {"bait", "intent", "cover"}
    )


@pytest.mark.parametrize("name", REPEATING)
def test_the_usual_form_repeats_at_least_eight_times_in_a_quarter_of_an_hour(name: str) -> None:
    _, episode = seen(name, 0.5)
    assert len(episode.cycles) >= 8
    assert episode.end_ns - episode.start_ns < 15 * MINUTE


@pytest.mark.parametrize("name", MANIPULATORS)
def test_the_more_severe_the_more_is_shown_per_minute(name: str) -> None:
    shown = [bait_per_minute(*seen(name, severity)) for severity in SEVERITIES]
    assert shown == sorted(shown)
    assert shown[0] < 0.3 * shown[2]


def bait_per_minute(market: Performed, episode: Episode) -> float:
    placed = market.placed()
    size = sum(placed[order.id][1] for order in episode.orders if order.role == "bait")
    return size * MINUTE / (episode.end_ns - episode.start_ns)


@pytest.mark.parametrize("name", ["spoofing", "spoofing-two-accounts", "layering", "layering-patient"])
def test_what_is_meant_is_filled_and_bait_is_not(name: str) -> None:
    market, episode = seen(name, 0.5)
    assert traded_share(market, episode, "intent") >= 0.5
    assert traded_share(market, episode, "bait") <= 0.3


def traded_share(market: Performed, episode: Episode, role: str) -> float:
    placed, tape = market.placed(), market.tape
    wanted = [int(order.id) for order in episode.orders if order.role == role]
    trades = tape[tape.trade > 0]
    sides = (np.isin(trades.order, wanted), np.isin(trades.counter_order, wanted))
    traded = sum(int(trades.size[side].sum()) for side in sides)
    return traded / sum(placed[str(order)][1] for order in wanted)


def test_bait_and_intent_of_two_accounts_stay_apart() -> None:
    market, episode = seen("spoofing-two-accounts", 0.5)
    placed = market.placed()
    by_role = {
        role: {placed[order.id][0] for order in episode.orders if order.role == role}
        for role in ("bait", "intent")
    }
    assert len(by_role["bait"]) == len(by_role["intent"]) == 1
    assert by_role["bait"].isdisjoint(by_role["intent"])


def test_equal_performances_give_equal_tapes_and_labels() -> None:
    names = ("spoofing", "burst-requoter", "iceberg")
    first, second = perform(names, 0.7), perform(names, 0.7)
    assert first.episodes == second.episodes
    assert all(
        (mine == yours).all()
        for (_, mine), (_, yours) in zip(first.tape.columns(), second.tape.columns(), strict=True)
    )
