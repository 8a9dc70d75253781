"""`pipeline`: gRPC, journal and engine with all detectors beside the engine alone; how long rules wait."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from time import perf_counter
from typing import Final

import grpc
import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, Report, middle
from benchmarks.ingest import BEAT, RATE, send_in_beats
from benchmarks.scale import Scale
from benchmarks.servers import LARGEST, SERVICE, serving
from benchmarks.streams import Stream, realistic_stream
from benchmarks.wire import SOURCE
from tapewarden.client import Connection, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import built_in_detectors
from tapewarden.wire.v1 import surveillance_pb2
from tapewarden.wire.v1.surveillance_pb2_grpc import SurveillanceStub

METHOD: Final = (
    "A tape is cut into parts. Each is run by an engine in this process, in batches of 1,000, and then sent "
    "to a server in another one, which has the same detectors, by a publisher that stays connected, until it "
    "is durable and the rules have seen it: wall seconds, in turn; the ratio is the median of the parts'. "
    "Client, gRPC, journal and engine "
    f"share the machine's cores. Detected: {BEAT} events every {1000 * BEAT / RATE:g} ms, whether the server "
    "keeps up or not, and the time from when they are due until the rules have seen them, with the "
    "publisher's linger."
)


def measure(scale: Scale) -> Report:
    """How much of the engine's speed the whole server keeps, and how soon rules see an event."""
    stream = realistic_stream(scale.publish, scale.instruments, scale.accounts)
    return Report(name="pipeline", method=METHOD, figures=tuple(_figures(scale, stream)))


def _figures(scale: Scale, stream: Stream) -> Iterator[Figure]:
    first, *parts, last = stream.batch.split(scale.publish // (scale.rounds + 2))
    engine = Engine(stream.directory, built_in_detectors())
    with (
        tempfile.TemporaryDirectory(prefix=".bench-pipeline-", dir=ROOT) as folder,
        serving("whole", folder) as (address, telling),
    ):
        connection = Connection(address=address)
        alone, whole = [], []
        with (
            Publisher(connection, SOURCE, stream.directory) as publisher,
            grpc.insecure_channel(address) as channel,
        ):
            surveillance = SurveillanceStub(channel)
            _run(engine, first)
            _send(publisher, surveillance, first)  # loads the machine code
            for part in parts:
                alone.append(_run(engine, part))
                whole.append(_send(publisher, surveillance, part))
        ratio = middle([one / other for one, other in zip(alone, whole, strict=True)])
        yield Figure(what="whole server / engine alone", measured=ratio, unit="×", least=0.5)
        yield Figure(what="whole server", measured=len(parts[0]) / 1e6 / middle(whole), unit="M events/s")
        yield Figure(what="engine alone", measured=len(parts[0]) / 1e6 / middle(alone), unit="M events/s")
        waits = 1000 * _waits(connection, telling, stream, last)
    for share in (0.5, 0.99):
        what = f"detected at {RATE:,} events/s, p{100 * share:g}"
        yield Figure(what=what, measured=float(np.quantile(waits, share)), unit="ms")


def _run(engine: Engine, events: EventBatch) -> float:
    """Wall seconds of the engine alone."""
    batches = list(events.split(1000))
    start = perf_counter()
    for batch in batches:
        engine.process(batch)
    return perf_counter() - start


def _send(publisher: Publisher, surveillance: SurveillanceStub, events: EventBatch) -> float:
    """Wall seconds until all is durable, and the rules have seen it."""
    start = perf_counter()
    publisher.send(events)
    publisher.flush()
    surveillance.Health(surveillance_pb2.HealthRequest())  # answered behind all that was received before
    return perf_counter() - start


def _waits(
    connection: Connection, telling: str, stream: Stream, events: EventBatch
) -> npt.NDArray[np.float64]:
    """Seconds from when each beat of events was due until the rules had seen it."""
    due = np.zeros(len(events) // BEAT)
    before = _seen(telling)[-1][0]
    with Publisher(connection, SOURCE, stream.directory) as publisher:
        send_in_beats(publisher, events, due)
    counts, times = np.array(_seen(telling)).T
    places = np.searchsorted(counts, before + BEAT * np.arange(1, len(due) + 1))
    waits: npt.NDArray[np.float64] = times[places] - due
    return waits


def _seen(telling: str) -> list[tuple[int, float]]:
    """How many events the rules had seen in all, and when."""
    with grpc.insecure_channel(telling, options=(("grpc.max_receive_message_length", LARGEST),)) as channel:
        answer = channel.unary_unary(f"/{SERVICE}/seen")(b"")
    return msgspec.json.decode(answer, type=list[tuple[int, float]])
