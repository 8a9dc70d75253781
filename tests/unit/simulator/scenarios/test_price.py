"""Scenarios that move prices: what makes each of them what its name says."""

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE, SECOND, EndReason, EventKind, Side, WindowKind
from tests.samples.performances import PRICE, SEVERITIES, Performed, performed


def orders(market: Performed, episode: Episode, *roles: str) -> EventBatch:
    """The rows that placed the episode's orders of these roles, in tape order."""
    wanted = [int(order.id) for order in episode.orders if order.role in roles]
    return market.tape[(market.tape.kind == EventKind.PLACE) & np.isin(market.tape.order, wanted)]


def trades(market: Performed, episode: Episode) -> EventBatch:
    """All trades of the episode's instrument while it lasts."""
    tape = market.tape
    here = tape.instrument == orders(market, episode, *(one.role for one in episode.orders)).instrument[0]
    lasts = (episode.start_ns <= tape.ts_event) & (tape.ts_event <= episode.end_ns)
    return tape[(tape.kind == EventKind.TRADE) & here & lasts]


def pushed_per_minute(name: str, severity: float) -> float:
    """By a scenario that is alone on its market: how much it takes to push depends on what others do."""
    market = performed((name,), severity, minutes=30)
    episode = market.episodes[name]
    role = "benign" if name == "pump-and-dump" else "ignite"
    pushed = orders(market, episode, role)
    return float(column(pushed, "size").sum()) * MINUTE / (episode.end_ns - episode.start_ns)


def column(batch: EventBatch, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return dict(batch.columns())[name]


@pytest.mark.parametrize("name", PRICE.manipulators)
def test_the_more_severe_the_more_is_pushed(name: str) -> None:
    pushed = [pushed_per_minute(name, severity) for severity in SEVERITIES]
    assert pushed[0] < 0.7 * pushed[2]


@pytest.mark.parametrize("name", PRICE.manipulators)
def test_the_usual_form_is_over_within_twenty_five_minutes(name: str) -> None:
    _, episode = PRICE.seen(name, 0.5)
    assert episode.end_ns - episode.start_ns < 25 * MINUTE


def test_momentum_is_ignited_within_seconds_when_the_way_out_is_laid() -> None:
    market, episode = PRICE.seen("momentum-ignition", 0.5)
    pushes, exits = orders(market, episode, "ignite"), orders(market, episode, "intent")
    assert len(episode.cycles) >= 4
    for start, end in episode.cycles:
        sent = pushes[(start <= pushes.ts_event) & (pushes.ts_event <= end)]
        laid = exits[(start <= exits.ts_event) & (exits.ts_event <= end)]
        assert np.ptp(sent.ts_event) <= 2 * SECOND
        assert laid.ts_event.max() < sent.ts_event.min()
        assert set(laid.side.tolist()) == {-int(sent.side[0])}


def test_a_ramp_is_a_large_part_of_the_volume_and_is_traded_back() -> None:
    market = performed(("ramping",), 0.5, minutes=30)
    episode = market.episodes["ramping"]
    ramp = trades(market, episode)
    ramp = ramp[ramp.ts_event <= episode.cycles[0][1]]
    own = market.accounts[episode.accounts[0].id]
    mine = (ramp.account == own) | (ramp.counter_account == own)
    assert column(ramp, "size")[mine].sum() >= 0.25 * column(ramp, "size").sum()
    bought = column(orders(market, episode, "ignite"), "size").sum()
    assert column(orders(market, episode, "cover"), "size").sum() >= 0.4 * bought


def test_marks_are_left_in_windows_in_one_direction() -> None:
    market, episode = PRICE.seen("marking", 0.5)
    windows = market.tape[(market.tape.kind == EventKind.WINDOW) & (market.tape.reason == WindowKind.INDEX)]
    pushes = orders(market, episode, "ignite")
    opened = windows.ts_event[np.searchsorted(windows.ts_event, pushes.ts_event) - 1]
    assert (pushes.ts_event - opened <= column(windows, "size")[0]).all()
    assert len(set(opened.tolist())) >= 4
    assert len(set(pushes.side.tolist())) == 1


def test_a_benchmark_is_rebalanced_in_both_directions() -> None:
    market, episode = PRICE.seen("benchmark-rebalancer", 0.5)
    assert set(orders(market, episode, "benign").side.tolist()) == {Side.BUY, Side.SELL}


def test_a_crowd_rushes_in_with_orders_filled_several_times_at_once() -> None:
    market, episode = PRICE.seen("pump-and-dump", 0.5)
    rush = orders(market, episode, "benign")
    assert len(set(rush.account.tolist())) == 25
    every = trades(market, episode)
    buys = every[every.side == Side.BUY]
    _, first, fills = np.unique(buys.order, return_index=True, return_counts=True)
    times = buys.ts_event[first[fills > 1]]
    called, over = episode.first_harm_ns, int(rush.ts_event[rush.side == Side.BUY].max())
    assert called is not None
    before = (times < called).sum() / (called - episode.start_ns)
    during = ((called <= times) & (times <= over)).sum() / (over - called)
    assert during > 10 * before


def test_organizers_sell_what_they_bought_before_the_crowd_came() -> None:
    market, episode = PRICE.seen("pump-and-dump", 0.5)
    bought, sold = orders(market, episode, "intent"), orders(market, episode, "cover")
    assert set(bought.side.tolist()) == {Side.BUY}
    assert set(sold.side.tolist()) == {Side.SELL}
    assert bought.ts_event.max() < sold.ts_event.min() < episode.end_ns


def test_who_ignites_does_not_run_into_the_way_out() -> None:
    market, episode = PRICE.seen("momentum-ignition", 0.5)
    own = [int(order.id) for order in episode.orders]
    ends = market.tape[np.isin(market.tape.order, own) & (market.tape.kind == EventKind.CANCEL)]
    assert len(ends) > 0
    assert (ends.reason != EndReason.SELF_TRADE_PREVENTION).all()


def test_those_who_follow_a_push_fill_the_way_out() -> None:
    market, episode = PRICE.seen("momentum-ignition", 0.5)
    exits, follow = orders(market, episode, "intent"), orders(market, episode, "benign")
    own = market.accounts[episode.accounts[0].id]
    assert own not in follow.account
    filled = market.tape[
        (market.tape.kind == EventKind.TRADE) & np.isin(market.tape.counter_order, exits.order)
    ]
    assert column(filled, "size").sum() > 0.4 * column(orders(market, episode, "ignite"), "size").sum()
    assert np.isin(filled.order, follow.order).mean() > 0.25
