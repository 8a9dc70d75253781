"""A server under steady load for long: its memory, its disk, and how far it falls behind."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Final

import numpy as np

from tapewarden.client import Delivered, Publisher, Reject
from tapewarden.domain.batch import EventBatch
from tapewarden.journal.journal import SEGMENT_BYTES
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.simulation import Simulation
from tools.soak import BrokenPromise
from tools.soak.process import Process

CHECKPOINT_EVENTS: Final = 1_000_000
WARM_UP: Final = 1 / 2
"""Of the time: tables fill until everybody has been seen."""

GROWTH: Final = 0.05
"""Memory is flat if the line through it rises by less than this share over the time after the warm-up."""

KEPT: Final = 1 / 8
"""Of the journal; what is older is deleted."""

BEHIND_S: Final = 5.0
"""What waits for the rules may be as many events as come within so many seconds."""

_EVERY_S: Final = 2.0
_EVENTS_PER_ORDER: Final = 1.9
_EVENT_BYTES: Final = 64  # in the journal, about
_PIECE: Final = 1_000
_MIB: Final = 1 << 20

Tell = Callable[[str], None]


@dataclass(slots=True)
class Sample:
    """What was seen at a time, seconds since the start; bytes and events."""

    at: float
    memory: int
    journal: int
    disk: int
    waiting: int


@dataclass(slots=True)
class Endured:
    """What came of it; times in milliseconds, memory and disk in MiB."""

    events: int = 0
    seconds: float = 0.0
    rejects: int = 0
    waits: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    late: float = 0.0
    """Longest time by which the client was behind, seconds."""

    def wait_ms(self, share: float) -> float:
        """This share of messages was acknowledged within so many milliseconds."""
        return 1000 * float(np.quantile(self.waits, share))

    @property
    def warm(self) -> list[Sample]:
        """What was seen after the warm-up."""
        return [one for one in self.samples if one.at >= WARM_UP * self.seconds]

    @property
    def growth(self) -> float:
        """Rise of the line through the memory after the warm-up, as a share of the mean."""
        times = np.array([one.at for one in self.warm])
        memory = np.array([one.memory for one in self.warm], float)
        slope = float(np.polyfit(times, memory, 1)[0])
        return slope * float(times[-1] - times[0]) / float(memory.mean())

    def most(self, name: str) -> int:
        """The most that was seen of it."""
        return max(int(getattr(one, name)) for one in self.samples)


def endure(folder: Path, minutes: float, rate: float, seed: int, tell: Tell) -> Endured:
    """Send so many events a second for so many minutes.

    Raises:
        BrokenPromise: If memory or disk grow on, something is dropped, or the server falls behind.
    """
    kept = round(KEPT * 60 * minutes * rate * _EVENT_BYTES)
    keeping = f"checkpoint_events = {CHECKPOINT_EVENTS}\njournal_bytes = {kept}\n"
    server = Process(folder / "endurance", f"[server.keeping]\n{keeping}")
    endured, done = Endured(), Event()
    watching = Thread(target=_watch, args=(server, endured, done, tell), name="watching")
    try:
        server.start()
        server.wait_until_listening()
        watching.start()
        _send(server, endured, minutes, rate, seed)
        done.set()
        watching.join()
        _write(folder / "memory.csv", endured)
        _judge(server, endured, rate, kept)
        server.stop()
    finally:
        done.set()
        server.end()
    return endured


def _send(server: Process, endured: Endured, minutes: float, rate: float, seed: int) -> None:
    def deliver(message: Delivered) -> None:
        if message.seconds is not None:
            endured.waits.append(message.seconds)

    def reject(one: Reject) -> None:
        endured.rejects += 1

    simulation, pieces = _market(minutes, rate, seed)
    with Publisher(
        server.connection, "market", simulation.directory, on_durable=deliver, on_reject=reject
    ) as publisher:
        begin = monotonic()
        for piece in pieces:
            due = begin + endured.events / rate
            now = monotonic()
            if now - begin > 60 * minutes:
                break
            endured.late = max(endured.late, now - due)
            sleep(max(due - now, 0.0))
            publisher.send(piece)
            endured.events += len(piece)
        publisher.flush()
        endured.seconds = monotonic() - begin


def _market(minutes: float, rate: float, seed: int) -> tuple[Simulation, Iterator[EventBatch]]:
    """A market that goes on for longer than is asked for, in small pieces."""
    plan = ProductionPlan(
        market=MarketPlan(seed=seed, instruments=20, accounts=5_000, rate=rate / _EVENTS_PER_ORDER),
        minutes=3 * minutes + 1,
    )
    production = plan.produce()
    return production.simulation, (piece for batch in production.run() for piece in batch.split(_PIECE))


def _watch(server: Process, endured: Endured, done: Event, tell: Tell) -> None:
    begin, told = monotonic(), 0.0
    while not done.wait(_EVERY_S):
        at = monotonic() - begin
        journal, disk = _size(server.data / "journal"), _size(server.data)
        sample = Sample(at, server.memory(), journal, disk, int(_metric(server, "waiting_events")))
        endured.samples.append(sample)
        if at - told >= 30:
            told = at
            tell(
                f"  {at:5.0f} s, {endured.events:,} events, {sample.memory / _MIB:,.0f} MiB of memory, "
                f"{sample.disk / _MIB:,.0f} MiB on disk, {sample.waiting:,} events wait"
            )


def _write(path: Path, endured: Endured) -> None:
    """Every sample, for who wants to see the line."""
    rows = [f"{one.at:.1f},{one.memory},{one.journal},{one.disk},{one.waiting}" for one in endured.samples]
    path.write_text("\n".join(["seconds,memory,journal,disk,waiting", *rows, ""]), "ascii")


def _judge(server: Process, endured: Endured, rate: float, kept: int) -> None:
    taken = int(_metric(server, "events_total"))
    dropped = int(_metric(server, "rejects_total") + _metric(server, "refused_total")) + endured.rejects
    if taken != endured.events or dropped:
        raise BrokenPromise(f"sent {endured.events:,} events, taken {taken:,}, rejected {dropped:,}")
    if endured.growth > GROWTH:
        raise BrokenPromise(f"memory grows by {endured.growth:.1%} after the warm-up, at most {GROWTH:.0%}")
    if endured.most("waiting") > BEHIND_S * rate:
        raise BrokenPromise(f"{endured.most('waiting'):,} events waited, at most {BEHIND_S * rate:,.0f}")
    # Only checkpoints delete, what the newest two need stays, and segments are deleted as a whole.
    room = kept + 2 * CHECKPOINT_EVENTS * _EVENT_BYTES + 4 * SEGMENT_BYTES
    if endured.most("journal") > room:
        raise BrokenPromise(f"the journal is {endured.most('journal'):,} bytes long, at most {room:,}")


def _size(folder: Path) -> int:
    """Bytes of all files; those that go away meanwhile do not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def _metric(server: Process, name: str) -> float:
    with urllib.request.urlopen(f"http://{server.metrics}/metrics", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"tapewarden_{name} "))
