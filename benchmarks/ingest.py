"""`ingest`: events through real gRPC: rows made into columns, and a publisher's until they are durable."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from operator import eq
from time import monotonic, perf_counter, sleep
from typing import Final

import grpc
import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, Report, middle
from benchmarks.rounds import Timed, alternate
from benchmarks.scale import Scale
from benchmarks.servers import LARGEST, SERVICE, Read, serving
from benchmarks.streams import realistic_stream
from benchmarks.wire import SOURCE, messages
from tapewarden.client import Connection, Delivered, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.wire.encoding import Encoder

RATE: Final = 100_000
"""Events per second at which the wait for the disk is measured."""

BEAT: Final = 200
"""Events that come together then."""

METHOD: Final = (
    "Client and server are two processes on one machine and share its cores. Rows: the same messages of "
    "readable rows sent to two methods of one server, which make columns of them, by the compiled decoder "
    "or by the generated classes; CPU seconds of the server from the first message to the last. Publisher: "
    "a tape sent to a whole server with all built-in detectors; wall time until all is durable. "
    f"Acknowledged: {BEAT} events every {1000 * BEAT / RATE:g} ms, whether the server keeps up or not, and "
    "the time from when they are due until they are durable: with the publisher's linger, the journal, and "
    "the way there and back."
)


def measure(scale: Scale) -> Report:
    """How rows fare against generated classes, how much a publisher sends, and how long it waits."""
    figures = [*rows(scale), *publishing(scale)]
    return Report(name="ingest", method=METHOD, figures=tuple(figures))


def rows(scale: Scale) -> Iterator[Figure]:
    """CPU seconds of a server that makes columns of rows, by either way."""
    stream = realistic_stream(scale.wire, scale.instruments, scale.accounts)
    with serving("rows") as (address,), _channel(address) as channel:
        for size, least in ((1000, 5.0), (100, 2.5)):
            sent = messages(stream, size, Encoder.rows)
            _read(channel, "compiled", sent[:2])  # loads the machine code
            sides = {way: lambda way=way, sent=sent: _read(channel, way, sent) for way in WAYS}
            rounds = alternate(sides, scale.rounds, eq)
            ratio = rounds.ratio("generated", "compiled")
            yield Figure(
                what=f"rows through gRPC, compiled / generated classes, batch {size}",
                measured=ratio,
                unit="×",
                least=least,
            )
            speed = scale.wire / 1e6 / rounds.median("compiled")
            yield Figure(what=f"rows through gRPC, batch {size}", measured=speed, unit="M events/s")


WAYS: Final = ("generated", "compiled")


def publishing(scale: Scale) -> Iterator[Figure]:
    """A publisher's speed, and how long its events take to become durable; parts of one tape in turn."""
    stream = realistic_stream(scale.publish, scale.instruments, scale.accounts)
    first, *parts, last = stream.batch.split(scale.publish // (scale.rounds + 2))
    with (
        tempfile.TemporaryDirectory(prefix=".bench-ingest-", dir=ROOT) as folder,
        serving("whole", folder) as (address, _),
    ):
        connection = Connection(address=address)
        _send(connection, stream.directory, first)  # loads the machine code
        seconds = [_send(connection, stream.directory, part) for part in parts]
        speed = len(parts[0]) / 1e6 / middle(seconds)
        yield Figure(what="published until durable", measured=speed, unit="M events/s")
        waits = 1000 * _waits(connection, stream.directory, last)
    for share in (0.5, 0.99):
        what = f"acknowledged at {RATE:,} events/s, p{100 * share:g}"
        yield Figure(what=what, measured=float(np.quantile(waits, share)), unit="ms")


@contextmanager
def _channel(address: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(address, options=(("grpc.max_send_message_length", LARGEST),)) as channel:
        yield channel


def _read(channel: grpc.Channel, way: str, sent: list[bytes]) -> Timed:
    answer = channel.stream_unary(f"/{SERVICE}/{way}")(iter(sent))
    read = msgspec.json.decode(answer, type=Read)
    return Timed((read.events, read.checksum), read.seconds)


def _send(connection: Connection, directory: Directory, events: EventBatch) -> float:
    """Wall seconds until all of a source's next events are durable."""
    with Publisher(connection, SOURCE, directory) as publisher:
        start = perf_counter()
        publisher.send(events)
        publisher.flush()
        return perf_counter() - start


def _waits(connection: Connection, directory: Directory, events: EventBatch) -> npt.NDArray[np.float64]:
    """Seconds from when each beat of a source's next events was due until it was durable."""
    due = np.zeros(len(events) // BEAT)
    durable = np.zeros_like(due)
    done = 0

    def note(message: Delivered) -> None:
        nonlocal done
        until = (message.last - publisher.start.sequence + 1) // BEAT
        durable[done:until] = monotonic()
        done = until

    with Publisher(connection, SOURCE, directory, on_durable=note) as publisher:
        send_in_beats(publisher, events, due)
    waits: npt.NDArray[np.float64] = durable - due
    return waits


def send_in_beats(publisher: Publisher, events: EventBatch, due: npt.NDArray[np.float64]) -> None:
    """Send ``BEAT`` events at a time at ``RATE``, one beat per entry of ``due``, which is told its times."""
    start = monotonic()
    for number, beat in enumerate(events[: len(due) * BEAT].split(BEAT)):
        due[number] = start + number * BEAT / RATE
        sleep(max(due[number] - monotonic(), 0.0))
        publisher.send(beat)
    publisher.flush()
