"""Simulated markets as messages, and back."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.domain.episode import Episode, LabelledOrder, Participant, Role
from tapewarden.domain.simulation import (
    KnobFacts,
    MarketWish,
    Performed,
    Phase,
    ResetReport,
    Result,
    ScenarioFacts,
    SimulationState,
    Truth,
    Wish,
)
from tapewarden.domain.typology import Typology
from tapewarden.wire.v1 import simulation_pb2 as pb

_KNOB: Final = ("name", "faint", "brazen", "unit", "meaning")
_SCENARIO: Final = ("id", "title", "instruments", "usual_length_ns")
_WISH: Final = ("severity", "instrument", "seed", "after_ns", "duration_ns")
_MARKET: Final = ("instruments", "accounts", "rate", "minutes", "speed")
_STATE: Final = (
    "run",
    "source",
    "begin_ns",
    "now_ns",
    "end_ns",
    "events_sent",
    "events_durable",
    "events_per_second",
    "performances",
    "performances_over",
    "failure",
)
_EPISODE: Final = ("scenario", "severity", "seed", "venue", "start_ns", "end_ns")


def scenario_message(facts: ScenarioFacts) -> pb.Scenario:
    """The message of a scenario."""
    return pb.Scenario(
        **_fields(facts, _SCENARIO),
        typologies=facts.typologies,
        twin_of=facts.twin_of,
        expected_detectors=facts.expected_detectors,
        roles=facts.roles,
        knobs=[pb.Knob(**_fields(one, _KNOB)) for one in facts.knobs],
    )


def scenario_of(message: pb.Scenario) -> ScenarioFacts:
    """The scenario in a message."""
    return ScenarioFacts(
        **_fields(message, _SCENARIO),
        typologies=tuple(message.typologies),
        twin_of=_given(message, "twin_of"),
        expected_detectors=tuple(message.expected_detectors),
        roles=tuple(message.roles),
        knobs=tuple(KnobFacts(**_fields(one, _KNOB)) for one in message.knobs),
    )


def casting_message(wish: Wish) -> pb.Casting:
    """The message of a scenario to put on."""
    return pb.Casting(scenario=wish.scenario, **_fields(wish, _WISH))


def wish_of(message: pb.Casting) -> Wish:
    """The scenario to put on in a message."""
    return Wish(scenario=message.scenario, **_those_given(message, _WISH))


def start_message(wish: MarketWish) -> pb.StartRequest:
    """The message that asks for a market."""
    castings = [casting_message(one) for one in wish.wishes]
    return pb.StartRequest(seed=wish.seed, **_fields(wish, _MARKET), castings=castings)


def market_of(message: pb.StartRequest) -> MarketWish:
    """The market that a message asks for."""
    wishes = tuple(map(wish_of, message.castings))
    return MarketWish(seed=message.seed, **_those_given(message, _MARKET), wishes=wishes)


def state_message(state: SimulationState) -> pb.SimulationState:
    """The message of how a market goes."""
    return pb.SimulationState(
        **_fields(state, _STATE),
        phase=pb.SimulationState.Phase.Value(f"PHASE_{state.phase.name}"),
        request=None if state.wish is None else start_message(state.wish),
        acknowledged_p50_s=state.acknowledged_p50_s,
        acknowledged_p99_s=state.acknowledged_p99_s,
        instruments=state.instruments,
    )


def state_of(message: pb.SimulationState) -> SimulationState:
    """How a market goes, in a message."""
    return SimulationState(
        **_fields(message, _STATE),
        phase=Phase[pb.SimulationState.Phase.Name(message.phase).removeprefix("PHASE_")],
        wish=market_of(message.request) if message.HasField("request") else None,
        acknowledged_p50_s=_given(message, "acknowledged_p50_s"),
        acknowledged_p99_s=_given(message, "acknowledged_p99_s"),
        instruments=tuple(message.instruments),
    )


def truth_message(truth: Truth) -> pb.GetTruthResponse:
    """The message of what was true on a run."""
    performances = [performance_message(one) for one in truth.performances]
    return pb.GetTruthResponse(run=truth.run, performances=performances, false_alarms=truth.false_alarms)


def truth_of(message: pb.GetTruthResponse) -> Truth:
    """What was true on a run, in a message."""
    performances = tuple(map(performed_of, message.performances))
    return Truth(message.run, performances, _given(message, "false_alarms"))


def performance_message(performed: Performed) -> pb.Performance:
    """The message of a scenario that was put on."""
    episode = performed.episode
    return pb.Performance(
        number=performed.number,
        casting=casting_message(performed.wish),
        result=pb.Performance.Result.Value(f"RESULT_{performed.result.name}"),
        episode=None if episode is None else _episode_message(episode),
        detected_after_s=performed.detected_after_s,
        signals=performed.signals,
        false_alarms=performed.false_alarms,
    )


def performed_of(message: pb.Performance) -> Performed:
    """The scenario that was put on in a message."""
    return Performed(
        number=message.number,
        wish=wish_of(message.casting),
        result=Result[pb.Performance.Result.Name(message.result).removeprefix("RESULT_")],
        episode=_episode_of(message.episode) if message.HasField("episode") else None,
        detected_after_s=_given(message, "detected_after_s"),
        signals=tuple(message.signals),
        false_alarms=message.false_alarms,
    )


def reset_message(report: ResetReport) -> pb.ResetResponse:
    """The message of what a reset clears."""
    return pb.ResetResponse(cleared=report.cleared, kept=report.kept)


def reset_of(message: pb.ResetResponse) -> ResetReport:
    """What a reset clears, in a message."""
    return ResetReport(tuple(message.cleared), tuple(message.kept))


def _episode_message(episode: Episode) -> pb.Episode:
    return pb.Episode(
        **_fields(episode, _EPISODE),
        id=episode.episode_id,
        typologies=[one.value for one in episode.typologies],
        instruments=episode.instruments,
        accounts=[pb.Participant(account=one.id, role=one.role) for one in episode.accounts],
        first_harm_ns=episode.first_harm_ns,
        cycles=[pb.Cycle(start_ns=start, end_ns=end) for start, end in episode.cycles],
        orders=[pb.LabelledOrder(order=one.id, role=one.role) for one in episode.orders],
        trades=episode.trades,
        expected_detectors=episode.expected_detectors,
        benign_twin_of=episode.benign_twin_of,
        parameters=episode.parameters,
    )


def _episode_of(message: pb.Episode) -> Episode:
    return Episode(
        **_fields(message, _EPISODE),
        episode_id=message.id,
        typologies=tuple(Typology(one) for one in message.typologies),
        instruments=tuple(message.instruments),
        accounts=tuple(Participant(one.account, Role(one.role)) for one in message.accounts),
        first_harm_ns=_given(message, "first_harm_ns"),
        cycles=tuple((one.start_ns, one.end_ns) for one in message.cycles),
        orders=tuple(LabelledOrder(one.order, one.role) for one in message.orders),
        trades=tuple(message.trades),
        expected_detectors=tuple(message.expected_detectors),
        benign_twin_of=_given(message, "benign_twin_of"),
        parameters=dict(message.parameters),
    )


def _fields(noun: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in names}


def _given(message: Any, name: str) -> Any:
    return getattr(message, name) if message.HasField(name) else None


def _those_given(message: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Fields that are set; the noun's defaults stand for the others."""
    return {name: getattr(message, name) for name in names if message.HasField(name)}
