"""An hour of a manipulated market, delivered in every clumsy way: the signals of one clean run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from tapewarden.cases.store import SignalFilter, Store
from tapewarden.client import Batching, Connection, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import MINUTE
from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.configuration import Configuration
from tapewarden.server import serving
from tapewarden.server.serving import Plan
from tapewarden.simulator.pacing import paced
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Ranges
from tapewarden.simulator.staging import Casting, Production
from tests.samples.cutting import cutting
from tests.unit.live.rig import VERA, messages, replayed
from tests.unit.server.running import Running, running

SCHEMES = ("spoofing", "layering", "quote-stuffing", "self-match", "same-owner", "canceling-maker")
CUTS = 6
"""Connections of a client that are cut, each after some hundred kilobytes."""


class Hour(NamedTuple):
    """A market's tape, who is on it, and the lines of the signals of one clean run, sorted."""

    directory: Directory
    tape: EventBatch
    signals: list[str]


@cache
def hour() -> Hour:
    plan = MarketPlan(seed=11, instruments=3, accounts=150, rate=10)
    simulation = paced(plan)
    castings = [Casting(find_scenario(name), 1.0) for name in SCHEMES]
    production = Production(simulation, castings, plan.start + 60 * MINUTE, seed=11, ranges=Ranges.TUNING)
    tape = EventBatch.concatenate(list(production.run()))
    found = replayed(simulation.directory, tape, built_in_detectors())
    return Hour(simulation.directory, tape, found)


def parts(chance: Random) -> list[EventBatch]:
    """The hour cut into batches of any size."""
    tape, places = hour().tape, [0]
    while places[-1] < len(tape):
        places.append(min(places[-1] + chance.randint(1, 3000), len(tape)))
    return [tape[start:stop] for start, stop in pairwise(places)]


def publish(address: str, chance: Random) -> None:
    with Publisher(
        Connection(address=address),
        "venue",
        hour().directory,
        batching=Batching(rows=chance.randint(50, 900)),
    ) as publisher:
        for part in parts(chance):
            publisher.send(part)


def by_a_client_that_is_cut_off(server: Running, chance: Random) -> None:
    budgets = [None, *(chance.randint(10_000, 1_000_000) for _ in range(CUTS))]
    with cutting(server.server.port, budgets) as address:
        publish(address, chance)


def by_two_clients_at_once(server: Running, chance: Random) -> None:
    threads = [
        threading.Thread(target=by_a_client_that_is_cut_off, args=(server, Random(chance.random())))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def in_any_order_and_twice(server: Running, chance: Random) -> None:
    """Batches change places with near ones, and some come again much later."""
    sent = messages(hour().directory, parts(chance))
    late = [(place + chance.uniform(0, 20), message) for place, message in enumerate(sent)]
    again = [(place + chance.uniform(0, 500), sent[int(place)]) for place in range(0, len(sent), 3)]
    with server.channel() as channel:
        call = channel.stream_stream("/tapewarden.v1.Ingest/Publish")
        assert list(call(message for _, message in sorted(late + again)))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers do not wait for the streams that publishers keep open."""
    monkeypatch.setattr(serving, "GRACE_S", 0.0)


@pytest.mark.parametrize(
    "deliver", [by_a_client_that_is_cut_off, by_two_clients_at_once, in_any_order_and_twice]
)
def test_however_an_hour_is_delivered_the_signals_are_those_of_one_clean_run(
    tmp_path: Path, deliver: Callable[[Running, Random], None]
) -> None:
    expected = hour().signals
    caught = {one.id for one in built_in_detectors() if any(f'"{one.id}"' in line for line in expected)}
    assert {"SPF-01", "SPF-02", "QST-01", "WSH-01", "WSH-02"} <= caught
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=built_in_detectors()),
        listen="127.0.0.1:0",
    )
    with running(plan) as server:
        deliver(server, Random(7))
        server.server.pipeline.settle()
        assert server.server.pipeline.detection.events == len(hour().tape)
    store = Store.open(plan.database_url)
    try:
        filed = store.signals(SignalFilter(limit=1000), VERA, 0)
    finally:
        store.close()
    assert sorted(one.signal.to_json() for one in filed) == expected
