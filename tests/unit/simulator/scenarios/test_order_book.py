"""Scenarios of the order book, performed in their faintest, usual and most brazen forms."""

import numpy as np
import pytest

from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE
from tests.samples.performances import ORDER_BOOK, SEVERITIES, Performed, perform

REPEATING = [name for name in ORDER_BOOK.manipulators if name not in {"layering-patient", "sarao-2010"}]
GRADED = [name for name in ORDER_BOOK.manipulators if name != "sarao-2010"]  # one case as it was: no severity


@pytest.mark.parametrize("name", REPEATING)
def test_the_usual_form_repeats_at_least_eight_times_in_a_quarter_of_an_hour(name: str) -> None:
    _, episode = ORDER_BOOK.seen(name, 0.5)
    assert len(episode.cycles) >= 8
    assert episode.end_ns - episode.start_ns < 15 * MINUTE


@pytest.mark.parametrize("name", GRADED)
def test_the_more_severe_the_more_is_shown_per_minute(name: str) -> None:
    shown = [bait_per_minute(*ORDER_BOOK.seen(name, severity)) for severity in SEVERITIES]
    assert shown == sorted(shown)
    assert shown[0] < 0.3 * shown[2]


def bait_per_minute(market: Performed, episode: Episode) -> float:
    placed = market.placed()
    size = sum(placed[order.id][1] for order in episode.orders if order.role == "bait")
    return size * MINUTE / (episode.end_ns - episode.start_ns)


@pytest.mark.parametrize("name", ["spoofing", "spoofing-two-accounts", "layering", "layering-patient"])
def test_what_is_meant_is_filled_and_bait_is_not(name: str) -> None:
    market, episode = ORDER_BOOK.seen(name, 0.5)
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
    market, episode = ORDER_BOOK.seen("spoofing-two-accounts", 0.5)
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
