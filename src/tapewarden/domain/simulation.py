"""Simulated markets as those who control them see them: what to ask for, how it goes, what was true."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tapewarden.domain.episode import Episode


@dataclass(frozen=True, slots=True)
class KnobFacts:
    """What severity changes, from its value at severity 0 to that at 1."""

    name: str
    faint: float
    brazen: float
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFacts:
    """What can be let loose on a market.

    Attributes:
        id: As in ``spoofing``.
        title: One sentence.
        typologies: The abuse; of a twin, the abuse it looks like.
        twin_of: Of honest behavior, the misconduct it looks like.
        expected_detectors: Those that should see it.
        roles: Of its accounts.
        instruments: That it needs.
        usual_length_ns: Of a performance, event time.
        knobs: What severity changes.
    """

    id: str
    title: str
    typologies: tuple[str, ...]
    twin_of: str | None
    expected_detectors: tuple[str, ...]
    roles: tuple[str, ...]
    instruments: int
    usual_length_ns: int
    knobs: tuple[KnobFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A scenario to put on.

    Attributes:
        scenario: Its id.
        severity: From 0 to 1.
        instrument: Name, such as ``BTC-USD@SIM``, whatever the run; ``None`` leaves it to chance.
        seed: Of its own chance; ``None`` for the market's.
        after_ns: Event time from the market's beginning at which it comes. ``None``: it is there from the
            beginning, and chance decides when it acts.
        duration_ns: Event time that it may take; ``None``: as long as such schemes take. Nothing begins in
            the last minute and a half of it, so that all is over by then.
    """

    scenario: str
    severity: float = 0.5
    instrument: str | None = None
    seed: int | None = None
    after_ns: int | None = None
    duration_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketWish:
    """A market to simulate. Equal wishes give equal markets.

    Attributes:
        seed: Of all that is random.
        instruments: How many.
        accounts: Of ordinary members.
        rate: Orders per second of event time, in all.
        minutes: Of event time.
        speed: Seconds of event time per second; 0 for as fast as possible.
        wishes: Scenarios on it.
    """

    seed: int = 1
    instruments: int = 3
    accounts: int = 500
    rate: float = 30.0
    minutes: float = 60.0
    speed: float = 1.0
    wishes: tuple[Wish, ...] = ()


class Phase(StrEnum):
    """Where a simulated market stands."""

    IDLE = "idle"
    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationState:
    """How a simulated market goes. Times are event time, ns UTC.

    Attributes:
        phase: Where it stands. ENDING: the market is over, the detectors are not done with it. ENDED:
            everything about it is durable and visible.
        run: Number of the market, from 1: the epoch of its source; 0 for none.
        source: Under which name its events come in.
        wish: What was asked for.
        begin_ns: When it began.
        now_ns: How far it has come.
        end_ns: When it ends by itself.
        events_sent: Handed to the publisher.
        events_durable: Acknowledged as durable.
        events_per_second: Acknowledged, by the clock, of late.
        acknowledged_p50_s: Seconds from sending to acknowledgment, of late; ``None`` before the first.
        acknowledged_p99_s: Likewise.
        performances: Put on.
        performances_over: Of these, over.
        instruments: Their names.
        failure: What went wrong; empty if nothing did.
    """

    phase: Phase = Phase.IDLE
    run: int = 0
    source: str
    wish: MarketWish | None = None
    begin_ns: int = 0
    now_ns: int = 0
    end_ns: int = 0
    events_sent: int = 0
    events_durable: int = 0
    events_per_second: float = 0.0
    acknowledged_p50_s: float | None = None
    acknowledged_p99_s: float | None = None
    performances: int = 0
    performances_over: int = 0
    instruments: tuple[str, ...] = ()
    failure: str = ""


class Result(StrEnum):
    """What became of a scenario that was put on."""

    PENDING = "pending"
    """Not over, or over so short a time that it may still be detected."""

    DETECTED = "detected"
    MISSED = "missed"

    NOT_EVALUATED = "not evaluated"
    """Not detected, and no detector that looks for it runs or had seen enough of its instruments."""

    IDLE = "idle"
    """Over, and nothing was done."""

    LEFT_ALONE = "left alone"
    """Honest, and nobody accused it."""

    ACCUSED = "accused"
    """Honest, and accused: a false alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """A scenario that was put on; ``wish`` says all that chance was not asked to choose.

    Attributes:
        number: From 0, part of the episode's id.
        wish: What was put on, and when.
        result: What became of it.
        episode: What was done, once it is over.
        detected_after_s: Event time from the first harm, or else the beginning, to the first signal.
        signals: Ids of those that were right; of a twin, those that accused it.
        false_alarms: Of a twin, alarms that accused it.
    """

    number: int
    wish: Wish
    result: Result = Result.PENDING
    episode: Episode | None = None
    detected_after_s: float | None = None
    signals: tuple[str, ...] = ()
    false_alarms: int = 0


@dataclass(frozen=True, slots=True)
class Truth:
    """What was true on a run, as far as it is over.

    ``false_alarms`` counts alarms about nobody guilty of them, twins among them; ``None`` until the end.
    """

    run: int
    performances: tuple[Performed, ...] = ()
    false_alarms: int | None = None


@dataclass(frozen=True, slots=True)
class ResetReport:
    """What a reset clears and what it keeps, in sentences."""

    cleared: tuple[str, ...]
    kept: tuple[str, ...]
