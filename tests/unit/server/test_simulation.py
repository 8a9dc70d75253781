"""Simulated markets over real gRPC: started, disturbed, stopped, reset, and true to their labels."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from tapewarden.cases.store import SignalFilter
from tapewarden.client import Connection, Publisher, SimulationClient, resume
from tapewarden.detectors.pump import DETECTOR as PUMP
from tapewarden.detectors.self_match import DETECTOR as SELF_MATCH
from tapewarden.detectors.spoofing import DETECTOR as SPOOFING
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import ConfigurationError, ServerError
from tapewarden.domain.kinds import MINUTE, SECOND, EventKind, Flag
from tapewarden.domain.simulation import MarketWish, Performed, Phase, Result, SimulationState, Truth, Wish
from tapewarden.domain.staff import Person, Role
from tapewarden.engine.contract import Detector
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.server.simulated_run import SOURCE, begin_after
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import START, MarketPlan
from tapewarden.simulator.scenarios.registry import all_scenarios, find_scenario
from tapewarden.simulator.staging import Casting
from tests.strategies import small_directory
from tests.unit.server.running import Running, running

BRAZEN = Wish(scenario="self-match", severity=1.0, after_ns=30 * SECOND)
HONEST = Wish(scenario="two-strategies", severity=1.0, after_ns=30 * SECOND)
MARKET = MarketWish(seed=4, instruments=2, accounts=60, rate=10, minutes=8, speed=0, wishes=(BRAZEN, HONEST))
ENDLESS = replace(MARKET, minutes=10_000, speed=1, wishes=())


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    configuration = Configuration(detectors=(SELF_MATCH,))
    return Plan(folder=tmp_path / "data", configuration=configuration, listen="127.0.0.1:0", simulation=True)


@pytest.fixture
def server(plan: Plan) -> Iterator[Running]:
    with running(plan) as server:
        yield server


class Control:
    """The client for tests, which wait."""

    def __init__(self, server: Running) -> None:
        self.connection = Connection(address=server.address)

    def ask(self, name: str, *arguments: Any, **options: Any) -> Any:
        async def ask() -> Any:
            async with SimulationClient(self.connection) as client:
                return await getattr(client, name)(*arguments, **options)

        return asyncio.run(ask())

    def start(self, wish: MarketWish = MARKET) -> SimulationState:
        state = self.ask("start", wish)
        assert isinstance(state, SimulationState)
        return state

    def ended(self) -> SimulationState:
        """The state once the market has come to its end by itself."""

        async def wait() -> SimulationState:
            async with SimulationClient(self.connection) as client:
                while (state := await client.state()).phase in (Phase.RUNNING, Phase.ENDING):
                    await asyncio.sleep(0.05)
                return state

        return asyncio.run(wait())

    def truth(self) -> Truth:
        truth = self.ask("truth")
        assert isinstance(truth, Truth)
        return truth


@pytest.fixture
def control(server: Running) -> Control:
    return Control(server)


def stored(server: Running) -> list[str]:
    """All signals that the server shows, as lines."""
    person = Person("tester", frozenset({Role.ANALYST}))
    found = server.server.store.signals(SignalFilter(limit=1_000), person, 0)
    return sorted(one.signal.to_json() for one in found)


def test_all_scenarios_are_told_with_what_severity_changes(control: Control) -> None:
    scenarios = control.ask("scenarios")
    assert [one.id for one in scenarios] == list(all_scenarios())
    told = next(one for one in scenarios if one.id == "two-desks")
    assert (told.twin_of, told.roles, told.instruments) == ("same-owner", ("bystander", "bystander"), 1)
    assert [one.name for one in told.knobs] == ["reaction", "cycles", "rest"]


def test_a_market_runs_to_its_end_and_what_was_true_on_it_is_told(server: Running, control: Control) -> None:
    begun = control.start()
    assert (begun.run, begun.wish, begun.begin_ns) == (1, MARKET, START)
    state = control.ended()
    assert (state.phase, state.failure) == (Phase.ENDED, "")
    assert state.now_ns == state.end_ns == START + 8 * MINUTE
    assert state.events_sent == state.events_durable == server.server.pipeline.detection.events > 0
    truth = control.truth()
    guilty, honest = truth.performances
    assert (guilty.wish, honest.wish) == (BRAZEN, HONEST)
    assert guilty.result is Result.DETECTED
    assert guilty.detected_after_s is not None
    assert guilty.signals
    assert guilty.episode is not None
    assert guilty.episode.start_ns == START + 30 * SECOND
    assert honest.result in (Result.LEFT_ALONE, Result.ACCUSED)
    assert truth.false_alarms == (honest.result is Result.ACCUSED)
    assert len(stored(server)) >= len(guilty.signals)


@pytest.mark.parametrize(
    ("detector", "scenario", "result"),
    [
        (SELF_MATCH, "spoofing", Result.NOT_EVALUATED),  # nobody looks for it
        (PUMP, "pump-and-dump", Result.NOT_EVALUATED),  # who does has not learned enough in so short a time
        (SPOOFING, "spoofing", Result.MISSED),  # too faint for who does
    ],
)
def test_what_no_detector_could_have_seen_is_not_missed(
    plan: Plan, detector: Detector, scenario: str, result: Result
) -> None:
    wish = Wish(scenario=scenario, severity=0.0, after_ns=10 * SECOND)
    configuration = Configuration(detectors=(detector,))
    with running(replace(plan, configuration=configuration)) as server:
        control = Control(server)
        control.start(replace(MARKET, minutes=4, wishes=(wish,)))
        control.ended()
        (performed,) = control.truth().performances
    assert performed.episode is not None
    assert performed.result is result


def test_events_on_the_tape_are_those_of_the_simulator_flagged_as_simulated(plan: Plan) -> None:
    market = MarketPlan(seed=4, instruments=2, accounts=60, rate=10)
    casting = Casting(find_scenario("self-match"), 1.0)
    expected = EventBatch.concatenate(
        list(ProductionPlan(market=market, minutes=1, castings=(casting,)).produce().run())
    )
    wish = replace(MARKET, minutes=1, wishes=(replace(BRAZEN, after_ns=None),))
    with running(plan) as server:
        Control(server).start(wish)
        Control(server).ended()
        pipeline = server.server.pipeline
        intake = pipeline.fresh().intake
        events = EventBatch.concatenate([intake.again(frame).events for frame in pipeline.journal.read(1)])
    told, end = events[: len(expected)], events[len(expected) :]
    for name, column in expected.columns():
        if name != "source":
            assert getattr(told, name).tolist() == column.tolist(), name
    assert end.kind.tolist() == [EventKind.CLEAR, EventKind.CLEAR, EventKind.CLOCK]
    assert all(flags & Flag.SIMULATED for flags in events.flags.tolist())


def test_what_is_injected_can_be_had_again_with_what_the_answer_says(plan: Plan, tmp_path: Path) -> None:
    wish = replace(MARKET, minutes=10, speed=200, wishes=(replace(HONEST, after_ns=None),))
    with running(plan) as server:
        control = Control(server)
        control.start(wish)
        put_on = control.ask("inject", Wish(scenario="self-match", severity=1.0, seed=9))
        assert isinstance(put_on, Performed)
        assert (put_on.number, put_on.result, put_on.wish.seed) == (1, Result.PENDING, 9)
        control.ended()
        signals, truth = stored(server), control.truth()
    assert truth.performances[1].result is Result.DETECTED
    with running(replace(plan, folder=tmp_path / "again")) as server:
        control = Control(server)
        control.start(replace(wish, speed=0, wishes=(*wish.wishes, put_on.wish)))
        control.ended()
        assert stored(server) == signals
        assert control.truth() == truth


def test_nothing_is_told_of_what_still_goes_on(control: Control) -> None:
    control.start(replace(ENDLESS, wishes=(replace(BRAZEN, after_ns=None),)))
    control.ask("inject", replace(BRAZEN, after_ns=None))
    truth = control.truth()
    assert [one.result for one in truth.performances] == [Result.PENDING, Result.PENDING]
    assert all(one.episode is None and not one.signals for one in truth.performances)
    assert truth.false_alarms is None


def test_stopping_ends_a_market_and_tells_what_was_true_so_far(server: Running, control: Control) -> None:
    control.start(ENDLESS)
    control.ask("inject", BRAZEN)
    state = control.ask("stop")
    assert state.phase is Phase.ENDED
    assert state.now_ns < state.end_ns
    assert state.events_durable == state.events_sent == server.server.pipeline.detection.events
    assert control.truth().false_alarms == 0
    assert control.ask("stop") == replace(state, events_per_second=control.ask("state").events_per_second)


def test_how_long_a_scenario_may_take_is_told_with_it_and_has_bounds(control: Control) -> None:
    control.start(ENDLESS)
    asked = replace(BRAZEN, duration_ns=5 * MINUTE)
    assert control.ask("inject", asked).wish.duration_ns == 5 * MINUTE
    assert control.truth().performances[0].wish.duration_ns == 5 * MINUTE
    with pytest.raises(ServerError, match=r"duration: expected 2 to .* minutes, received 1"):
        control.ask("inject", replace(BRAZEN, duration_ns=MINUTE))


def test_a_second_market_is_another_epoch_with_names_and_times_of_its_own(
    server: Running, control: Control
) -> None:
    control.start()
    first = control.ended()
    first_truth, first_signals = control.truth(), stored(server)
    second = control.start()
    assert second.run == 2
    assert second.instruments == tuple(f"{name}~2" for name in first.instruments)
    assert second.begin_ns == begin_after(first.end_ns + MINUTE) > first.end_ns
    control.ended()
    position = resume(control.connection, SOURCE)
    assert position is not None
    assert position.epoch == 2
    truth = control.truth()
    assert [one.result for one in truth.performances] == [one.result for one in first_truth.performances]
    assert [one.detected_after_s for one in truth.performances] == [
        one.detected_after_s for one in first_truth.performances
    ]
    assert len(stored(server)) == 2 * len(first_signals)


def test_one_market_runs_at_a_time_and_none_can_be_disturbed_that_does_not_run(control: Control) -> None:
    with pytest.raises(ServerError, match="no market runs"):
        control.ask("inject", BRAZEN)
    control.start(ENDLESS)
    with pytest.raises(ServerError, match="a market runs already"):
        control.start()
    control.ask("stop")
    with pytest.raises(ServerError, match="the market is over"):
        control.ask("inject", BRAZEN)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (replace(MARKET, wishes=(Wish(scenario="spoofin"),)), "did you mean 'spoofing'"),
        (replace(MARKET, wishes=(replace(BRAZEN, severity=1.5),)), "severity: expected 0 to 1, received 1.5"),
        (
            replace(MARKET, wishes=(replace(BRAZEN, instrument="BTC"),)),
            "instrument: expected one of BTC-USD@SIM",
        ),
        (replace(MARKET, rate=0), "rate: expected 0.1 to 100000, received 0"),
        (replace(MARKET, minutes=0), "minutes: expected 0.1 to 10080, received 0"),
        (replace(MARKET, speed=-1), "speed: expected 0 to 10000, received -1"),
        (replace(MARKET, wishes=(BRAZEN,) * 1001), "castings: expected 0 to 1000, received 1001"),
    ],
)
def test_what_is_no_market_is_refused_and_says_why(control: Control, wish: MarketWish, text: str) -> None:
    with pytest.raises(ServerError, match=re.escape(text)):
        control.start(wish)
    assert control.ask("state").phase is Phase.IDLE


def test_a_reset_says_what_it_clears_and_forgets_what_was_true(server: Running, control: Control) -> None:
    assert control.ask("reset").cleared == ()
    control.start()
    control.ended()
    signals = stored(server)
    preview = control.ask("reset", preview=True)
    assert preview.cleared == ("what was true on run 1, with its 2 scenarios",)
    assert "the audit trail" in preview.kept
    assert len(control.truth().performances) == 2
    assert control.ask("reset") == preview
    assert control.ask("state").phase is Phase.IDLE
    assert control.truth() == Truth(0)
    assert stored(server) == signals


def test_a_reset_ends_a_market_that_runs(control: Control) -> None:
    control.start(ENDLESS)
    assert control.ask("reset").cleared[0] == "run 1: its market ends, and its order books are emptied"
    assert control.start().run == 2


def test_what_somebody_does_with_a_market_is_entered_into_the_trail_and_nothing_else(
    server: Running, control: Control
) -> None:
    control.ask("stop")
    control.ask("reset")
    control.start(ENDLESS)
    with pytest.raises(ServerError):
        control.start()
    performed = control.ask("inject", BRAZEN)
    with pytest.raises(ServerError):
        control.ask("inject", Wish(scenario="spoofin"))
    control.ask("stop")
    control.ask("stop")
    cleared = control.ask("reset", preview=True).cleared
    control.ask("reset")
    auditor = Person("audrey", frozenset({Role.AUDITOR}))
    entries = [one.entry for one in server.server.store.entries(auditor, 0, subject="simulation 1")]
    assert [(one.actor, one.action, one.new) for one in entries] == [
        ("local", "simulation.start", {**asdict(ENDLESS), "wishes": []}),
        ("local", "simulation.inject", asdict(performed.wish)),
        ("local", "simulation.stop", None),
        ("local", "simulation.reset", {"cleared": list(cleared)}),
    ]


def test_a_server_that_stops_ends_the_market_and_a_later_one_begins_another(plan: Plan) -> None:
    with running(plan) as server:
        control = Control(server)
        control.start(ENDLESS)
        first = control.ask("inject", BRAZEN)
    with running(plan) as server:
        control = Control(server)
        assert control.ask("state").phase is Phase.IDLE
        assert control.truth() == Truth(0)
        position = resume(control.connection, SOURCE)
        assert position is not None
        assert position.epoch == 1
        began = control.start()
        assert began.run == 2
        assert began.begin_ns > START + (first.wish.after_ns or 0)
        assert control.ended().phase is Phase.ENDED
        assert control.truth().performances[0].result is Result.DETECTED


def test_a_market_whose_server_takes_nothing_more_fails_and_says_why(
    server: Running, control: Control
) -> None:
    control.start(ENDLESS)
    with Publisher(control.connection, SOURCE, small_directory(), epoch=9) as other:
        other.send(EventBatch.of(1, kind=EventKind.CLOCK, ts_event=START))
    state = control.ended()
    assert state.phase is Phase.FAILED
    refused = "expected epoch 9 or a later one, received epoch 1"
    overtaken = "expected epoch 1, received that epoch 9 has begun"
    assert refused in state.failure or overtaken in state.failure  # whichever the market hears of first
    assert control.start(replace(MARKET, minutes=1)).run == 10


def test_a_market_has_no_room_on_a_server_that_watches_real_venues(control: Control) -> None:
    with Publisher(control.connection, "venue", small_directory()) as venue:
        venue.send(EventBatch.of(1, kind=EventKind.CLOCK, ts_event=time.time_ns()))
    with pytest.raises(ServerError, match="simulate on a server of its own"):
        control.start()


def test_a_market_whose_events_are_rejected_fails_and_says_why(plan: Plan) -> None:
    bounds = replace(plan.options.bounds, ahead_ns=START + 20 * SECOND - time.time_ns())
    with running(replace(plan, options=replace(plan.options, bounds=bounds))) as server:
        control = Control(server)
        control.start(replace(MARKET, minutes=1, wishes=()))
        state = control.ended()
    assert state.phase is Phase.FAILED
    assert "ts_event: expected a time up to" in state.failure


def test_a_server_has_no_simulation_unless_it_is_asked_for(plan: Plan) -> None:
    with (
        running(replace(plan, simulation=False)) as server,
        pytest.raises(ServerError, match="UNIMPLEMENTED"),
    ):
        Control(server).start()


def test_a_server_with_tokens_cannot_simulate(plan: Plan) -> None:
    with (
        pytest.raises(ConfigurationError, match="expected a server without tokens"),
        running(replace(plan, tokens=True)),
    ):
        pass
