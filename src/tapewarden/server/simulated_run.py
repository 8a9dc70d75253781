"""`SimulatedRun`: a simulated market as a live venue, which hands its events in as any other venue does.

It has a thread of its own, and publishes over a connection to the server. Event time passes ``speed`` times
as fast as the clock; where machine or server are slower, the market is late, and nothing is left out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final, NamedTuple

import numpy as np

from tapewarden.client import Connection, Delivered, Publisher, Reject
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.episode import Episode, Participant
from tapewarden.domain.errors import ConfigurationError, SimulationError
from tapewarden.domain.kinds import DAY, MINUTE, SECOND, EventKind, Flag, Initiator
from tapewarden.domain.simulation import MarketWish, Performed, Phase, SimulationState, Wish
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import START, MarketPlan, listings
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.staging import Casting, Production, Staged

SOURCE: Final = "simulator"
"""Under which name simulated events come in."""

MOST_WISHES: Final = 1_000
MOST_MINUTES: Final = 7 * 24 * 60.0
MOST_SPEED: Final = 10_000.0

LEAST_DURATION: Final = 2 * MINUTE
"""Of a scenario, ns: nothing begins in its last minute and a half."""

_STEP_S: Final = 0.05
_LONGEST_STEP: Final = 10 * SECOND  # of event time, between two looks at the clock and at who wants something
_PATIENCE_S: Final = 5.0
_RECENT_S: Final = 2.0
_MOST_RECENT: Final = 4_000
_AFTERWARDS: Final = MINUTE
_WEEK: Final = 7 * DAY


def begin_after(clock_ns: int) -> int:
    """When a market may begin on a server that has seen event time ``clock_ns``, -1 for none.

    Whole weeks behind the usual beginning: hours of the week and reference windows are the same there.
    """
    return START if clock_ns < START else START + ((clock_ns - START) // _WEEK + 1) * _WEEK


class Part(NamedTuple):
    """A scenario that was put on; ``episode`` is what was done, ``None`` while that is not to be told."""

    wish: Wish
    is_over: bool
    episode: Episode | None


class SimulatedRun:
    """One market, from its beginning to its end. ``start`` it once; any thread may call the rest.

    Args:
        number: Of the run, from 1: the epoch of its source.
        wish: What market.
        begin_ns: When it begins, event time.
        connection: To the server.
        lateness: How late the engine lets rows be, ns: so much time must pass behind the last one.
        settle: Waits until the server has seen, and shows, all that it received.

    Raises:
        ConfigurationError: Where there is no such market or scenario.
    """

    def __init__(
        self,
        number: int,
        wish: MarketWish,
        begin_ns: int,
        connection: Connection,
        lateness: int,
        settle: Callable[[], None],
    ) -> None:
        self.number = number
        self.wish = wish
        self.begin_ns = begin_ns
        self._connection = connection
        self._afterwards = lateness + _AFTERWARDS
        self._settle = settle
        self._wishes: list[Wish] = []
        self._later: deque[Wish] = deque()
        self._production = self._produce()
        self._names = _Names(self._production.simulation.directory, number)
        self._names.update()
        self._meter = _Meter()
        self._lock = threading.Lock()
        self._episodes: dict[int, Episode | None] = {}
        self._stopping = threading.Event()
        self._phase = Phase.RUNNING
        self._failure = ""
        self._sent = 0
        self._sent_to: deque[tuple[int, int]] = deque()
        self._durable_to = begin_ns
        self._thread = threading.Thread(target=self._run, name="tapewarden-simulation", daemon=True)

    def start(self) -> None:
        """Let time pass."""
        self._thread.start()

    def stop(self) -> None:
        """End the market as if its time were over, and wait until all about it is durable and visible."""
        self._stopping.set()
        self._thread.join()

    def inject(self, wish: Wish) -> Performed:
        """Put a scenario on now.

        Raises:
            ConfigurationError: Where it cannot be put on.
            SimulationError: The market is over.
        """
        with self._lock:
            if self._phase is not Phase.RUNNING or self._stopping.is_set():
                raise SimulationError("the market is over: start another one")
            if len(self._wishes) + len(self._later) >= MOST_WISHES:
                raise ConfigurationError(f"castings: expected at most {MOST_WISHES}, received one more")
            wish = replace(wish, after_ns=self._now - self.begin_ns)
            return Performed(number=self._put_on(wish), wish=wish)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen, and everything about it is visible, or it has failed."""
        return self._phase in (Phase.ENDED, Phase.FAILED)

    @property
    def source(self) -> str:
        """The source that signals about the run name in their evidence."""
        return self._names.told.sources.text(self._production.simulation.source)

    @property
    def owners(self) -> dict[str, str]:
        """Owner by account, where there is one."""
        with self._lock:
            return {one.name: one.owner for one in self._names.told.accounts if one.owner is not None}

    def durable_to(self) -> int:
        """Event time up to which everything that happened is durable."""
        with self._lock:
            self._forget_durable()
            return self._durable_to

    def parts(self) -> list[Part]:
        """What was put on, and what was done by those whose part is over."""
        with self._lock:
            return [
                Part(wish, number in self._episodes, self._episodes.get(number))
                for number, wish in enumerate(self._wishes)
            ]

    def state(self) -> SimulationState:
        """How it goes."""
        recent = self._meter.recent()
        with self._lock:
            return SimulationState(
                phase=self._phase,
                run=self.number,
                source=SOURCE,
                wish=self.wish,
                begin_ns=self.begin_ns,
                now_ns=self._now,
                end_ns=self._production.until,
                events_sent=self._sent,
                events_durable=self._meter.events,
                events_per_second=recent.rate,
                acknowledged_p50_s=recent.p50,
                acknowledged_p99_s=recent.p99,
                performances=len(self._wishes),
                performances_over=len(self._episodes),
                instruments=tuple(one.name for one in self._names.told.instruments),
                failure=self._failure,
            )

    # --- the market ---------------------------------------------------------------------------------------

    @property
    def _now(self) -> int:
        return self._production.simulation.now

    def _produce(self) -> Production:
        market = market_plan(self.wish, self.begin_ns)
        at_once = [one for one in self.wish.wishes if one.after_ns is None]
        later = [one for one in self.wish.wishes if one.after_ns is not None]
        castings = tuple(casting_of(one, market) for one in at_once)
        for one in later:
            casting_of(one, market)
        self._wishes += at_once
        self._later.extend(sorted(later, key=lambda one: one.after_ns or 0))
        plan = ProductionPlan(market=market, minutes=self.wish.minutes, castings=castings)
        try:
            return plan.produce()
        except ValueError as error:
            raise ConfigurationError(f"castings: {error}") from None

    def _put_on(self, wish: Wish) -> int:
        simulation = self._production.simulation
        casting = casting_of(wish, simulation.plan, start=simulation.now)
        try:
            staged = self._production.put_on(casting)
        except ValueError as error:
            raise ConfigurationError(f"casting: {error}") from None
        self._wishes.append(wish)
        return staged.number

    def _step(self, until: int) -> list[EventBatch]:
        """Let time pass until ``until``, or until somebody comes to the market; gives what happens."""
        with self._lock:
            while self._later and self._due(self._later[0]) <= self._now:
                self._put_on(self._later.popleft())
            if self._later:
                until = min(until, self._due(self._later[0]))
            batches = [*self._production.advance(until)]
            self._names.update()
            for one in self._production.staged:
                if one.is_over and one.number not in self._episodes:
                    self._episodes[one.number] = self._label(one)
        return batches

    def _due(self, wish: Wish) -> int:
        return self.begin_ns + (wish.after_ns or 0)

    def _tell_all(self) -> None:
        """Let every part be over, as far as it came."""
        for one in self._production.staged:
            self._episodes[one.number] = self._label(one)

    def _label(self, staged: Staged) -> Episode | None:
        episode = staged.episode()
        return None if episode is None else self._names.label(episode)

    # --- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with Publisher(
                *(self._connection, SOURCE, self._names.told),
                epoch=self.number,
                on_reject=self._reject,
                on_durable=self._meter.add,
                patience=_PATIENCE_S,
            ) as publisher:
                self._play(publisher)
                self._end(publisher)
            self._settle()
            self._phase = Phase.FAILED if self._failure else Phase.ENDED
        except Exception as error:  # whoever asks for the state is to know
            self._failure = str(error) or type(error).__name__
            with self._lock:
                self._tell_all()
            self._phase = Phase.FAILED

    def _reject(self, reject: Reject) -> None:
        """An event that the server takes no notice of: what was true would not be what detectors saw."""
        number, name, expected, received = reject
        self._failure = f"event {number}: {name}: expected {expected}, received {received}"
        self._stopping.set()

    def _play(self, publisher: Publisher) -> None:
        """Everything that happens, each thing not before its time."""
        began = monotonic()
        while not self._stopping.is_set() and self._now < self._production.until:
            due = self._clock(monotonic() - began)
            for batch in self._step(min(due, self._now + _LONGEST_STEP)):
                self._send(publisher, batch)
            with self._lock:
                self._sent_to.append((self._sent, self._now))
                self._forget_durable()
            if self._now >= due:
                self._stopping.wait(_STEP_S)

    def _forget_durable(self) -> None:
        """Move on to where all is durable. Under the lock."""
        while self._sent_to and self._sent_to[0][0] <= self._meter.events:
            _, self._durable_to = self._sent_to.popleft()

    def _clock(self, elapsed: float) -> int:
        """How far the market should have come after so many seconds."""
        if not self.wish.speed:
            return self._production.until + 1
        return self.begin_ns + int(elapsed * self.wish.speed * SECOND)

    def _end(self, publisher: Publisher) -> None:
        """Close the books, and let the time pass that detectors wait for behind the last event."""
        with self._lock:
            self._phase = Phase.ENDING
            self._tell_all()
            simulation = self._production.simulation
            instruments = len(simulation.listings)
            kinds = [EventKind.CLEAR] * instruments + [EventKind.CLOCK]
            count = len(kinds)
            last = EventBatch.of(
                count,
                kind=kinds,
                initiator=Initiator.VENUE,
                flags=Flag.SIMULATED,
                source=simulation.source,
                instrument=[*range(instruments), -1],
                ts_event=[simulation.now] * instruments + [simulation.now + self._afterwards],
                sequence=np.arange(simulation.told + 1, simulation.told + count + 1),
            )
        self._send(publisher, last)

    def _send(self, publisher: Publisher, batch: EventBatch) -> None:
        publisher.send(batch)
        self._sent += len(batch)


def market_plan(wish: MarketWish, begin_ns: int) -> MarketPlan:
    """The plan of a market; ``ConfigurationError`` where there is none such."""
    for name, value, least, most in (
        ("minutes", wish.minutes, 0.1, MOST_MINUTES),
        ("speed", wish.speed, 0.0, MOST_SPEED),
        ("castings", len(wish.wishes), 0, MOST_WISHES),
    ):
        if not least <= value <= most:
            raise ConfigurationError(f"{name}: expected {least:g} to {most:g}, received {value:g}")
    try:
        return MarketPlan(
            seed=wish.seed,
            instruments=wish.instruments,
            accounts=wish.accounts,
            rate=wish.rate,
            start=begin_ns,
        )
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def casting_of(wish: Wish, market: MarketPlan, start: int | None = None) -> Casting:
    """The casting that a wish is on a market; ``ConfigurationError`` where it is none."""
    scenario = find_scenario(wish.scenario)
    if not 0 <= wish.severity <= 1:
        raise ConfigurationError(f"severity: expected 0 to 1, received {wish.severity:g}")
    instrument = None
    if wish.instrument is not None:
        names = [one.instrument.name for one in listings(market.instruments)]
        if wish.instrument not in names:
            raise ConfigurationError(
                f"instrument: expected one of {', '.join(names)}, received {wish.instrument!r}"
            )
        instrument = names.index(wish.instrument)
    duration = wish.duration_ns
    if duration is not None and not LEAST_DURATION <= duration <= MOST_MINUTES * MINUTE:
        raise ConfigurationError(
            f"duration: expected 2 to {MOST_MINUTES:g} minutes, received {duration / MINUTE:g}"
        )
    return Casting(scenario, wish.severity, instrument, start, wish.seed, duration)


class _Names:
    """A market's directory as the server is told of it: each run but the first has names of its own."""

    def __init__(self, own: Directory, number: int) -> None:
        self._own = own
        self._suffix = "" if number == 1 else f"~{number}"
        self.told = Directory()

    def update(self) -> None:
        """Tell what is new in the market's own."""
        own, told = self._own, self.told
        for text in list(own.sources)[len(told.sources) :]:
            told.sources.number(self._of(text))
        for instrument in own.instruments[len(told.instruments) :]:
            told.add_instrument(replace(instrument, venue=self._of(instrument.venue)))
        for account in own.accounts[len(told.accounts) :]:
            told.add_account(
                self._of(account.name), None if account.owner is None else self._of(account.owner)
            )

    def label(self, episode: Episode) -> Episode:
        """The same episode with the names that are told."""
        return replace(
            episode,
            venue=self._of(episode.venue),
            instruments=tuple(map(self._of, episode.instruments)),
            accounts=tuple(Participant(self._of(one.id), one.role) for one in episode.accounts),
        )

    def _of(self, name: str) -> str:
        return f"{name}{self._suffix}"


class _Recent(NamedTuple):
    rate: float
    p50: float | None
    p99: float | None


class _Meter:
    """How many events have become durable, how many a second of late, and how long that took."""

    def __init__(self) -> None:
        self.events = 0
        self._recent: deque[tuple[float, Delivered]] = deque(maxlen=_MOST_RECENT)
        self._lock = threading.Lock()

    def add(self, message: Delivered) -> None:
        """Count a message."""
        with self._lock:
            self.events += message.events
            self._recent.append((monotonic(), message))

    def recent(self) -> _Recent:
        """The last seconds."""
        since = monotonic() - _RECENT_S
        with self._lock:
            while self._recent and self._recent[0][0] < since:
                self._recent.popleft()
            messages = [message for _, message in self._recent]
        waits = [one.seconds for one in messages if one.seconds is not None]
        rate = sum(one.events for one in messages) / _RECENT_S
        if not waits:
            return _Recent(rate, None, None)
        p50, p99 = np.quantile(waits, (0.5, 0.99)).tolist()
        return _Recent(rate, p50, p99)
