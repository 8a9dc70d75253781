"""Scenarios of the simulator, performed as they are in a recorded market."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import SECOND
from tapewarden.evaluation.injection.injecting import Recording, inject
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.staging import Casting
from tests.unit.evaluation.injection.market import batch, tape


def lines(turns: int) -> list[str]:
    """A market with a spread of ten and something taken from the best ask every few seconds."""
    found = ["place 1 sell 500 @ 1010", "place 2 buy 500 @ 990", "place 3 buy 500 @ 985"]
    for number in range(10, 10 + turns):
        found += [
            f"place {number} sell 5 @ {1005 + number % 4}",
            f"fill {number} 5",
            f"trade {number} 5 @ 1005",
        ]
    return found


RECORDING = Recording(tape(batch("\n".join(lines(300)))))


@pytest.mark.parametrize(
    "name",
    [
        "spoofing", "spoofing-two-accounts", "layering", "layering-patient", "quote-stuffing", "no-intent",
        "pulled-wall", "stop-and-reverse", "skewing-maker", "grid-bot", "canceling-maker", "wall-renewer",
        "whale",
    ],
)  # fmt: skip
def test_a_scenario_of_the_book_acts_on_a_recorded_market_too(name: str) -> None:
    scenario = replace(find_scenario(name), length=600 * SECOND)
    made, episodes = inject(RECORDING, [Casting(scenario, 0.5)], 1)
    (episode,) = episodes
    assert episode.cycles
    assert episode.orders
    assert sum(len(events) for events in made.batches()) > len(RECORDING.batch)


def test_a_recorded_market_hears_no_news_that_did_not_come() -> None:
    with pytest.raises(ConfigurationError, match="news"):
        inject(RECORDING, [Casting(replace(find_scenario("news-rebalancer"), length=SECOND), 0.5)], 1)
