"""The documented layering case, reconstructed on a simulated market, before the detector as it ships."""

from functools import cache

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import EventKind
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.simulated import SimulatedTape
from tapewarden.simulator.orders import ProductionPlan, wishes
from tapewarden.simulator.plan import MarketPlan


@cache
def case() -> tuple[EventBatch, Episode, int, list[Signal]]:
    """The tape, the truth, the suspect's number, and what SPF-02 says with its defaults."""
    market = MarketPlan(seed=20100506, instruments=1, accounts=300, rate=60)
    tape = SimulatedTape(ProductionPlan(market=market, minutes=40, castings=wishes(["sarao-2010"])))
    events = EventBatch.concatenate(list(tape.batches()))
    engine = Engine(tape.directory, [one for one in find_detectors() if one.id == "SPF-02"])
    signals = [*engine.process(events), *engine.finish()]
    [episode] = tape.episodes()
    return events, episode, tape.directory.account_number(episode.accounts[0].id), signals


def layers_of(episode: Episode) -> list[int]:
    return [int(order.id) for order in episode.orders if order.role == "bait"]


def test_the_reconstruction_has_the_figures_of_the_complaint() -> None:
    events, episode, suspect, _ = case()
    own = events[events.account == suspect]
    layers = own[np.isin(own.order, layers_of(episode))]
    offered = layers[np.isin(layers.kind, (EventKind.PLACE, EventKind.AMEND))]  # an amend offers anew
    fills = events[(events.kind == EventKind.TRADE) & np.isin(events.counter_order, layers_of(episode))]

    assert 4 <= round(episode.parameters["levels"]) <= 6
    assert 0.18 <= episode.parameters["share"] <= 0.33
    # moved again and again before they were canceled, not placed anew
    assert (layers.kind == EventKind.AMEND).sum() >= 10 * (layers.kind == EventKind.PLACE).sum()
    assert fills.size.sum() < 0.01 * offered.size.sum()
    assert (events.kind[events.account == suspect] == EventKind.TRADE).any()  # and traded meanwhile


def test_the_suspect_is_found_by_his_patient_layers_and_nobody_else_is() -> None:
    _, episode, _, signals = case()
    assert {signal.actor for signal in signals} == {episode.accounts[0].id}
    assert "moved away from the touch" in signals[0].text
    assert signals[0].start_ns <= episode.end_ns
    assert signals[0].end_ns >= episode.start_ns
