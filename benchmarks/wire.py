"""`wire`: rows of messages made into columns, by the compiled decoder and by the generated classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import numpy as np

from benchmarks.figures import Figure, Report
from benchmarks.rounds import Timed, alternate, timed
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.domain.batch import COLUMN_TYPES, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.wire.decoding import Position, decode
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.layout import FIELDS, NUMBERED, SIGNED
from tapewarden.wire.numbering import Numbering
from tapewarden.wire.v1 import ingest_pb2, market_pb2

SOURCE: Final = "bench"
METHOD: Final = (
    "The same messages of readable rows, made into equal batches of events. The generated classes parse a "
    "message, and each column is read off its events by a list comprehension, unchecked; the compiled "
    "decoder checks every value besides. Columns: the same events as raw columns. Instruments and accounts "
    "are defined before, outside the time."
)

Batches = list[EventBatch]


def measure(scale: Scale) -> Report:
    """How many times the CPU seconds of the decoder the generated classes take."""
    stream = realistic_stream(scale.wire, scale.instruments, scale.accounts)
    figures: list[Figure] = []
    for size, least in ((1000, 5.0), (100, None)):
        rows = messages(stream, size, Encoder.rows)
        sides = {"generated": partial(generated, rows), "compiled": partial(compiled, rows)}
        rounds = alternate(sides, scale.rounds, equal)
        what = f"compiled / generated classes, batch {size}"
        figures.append(
            Figure(what=what, measured=rounds.ratio("generated", "compiled"), unit="×", least=least)
        )
        speed = scale.wire / 1e6 / rounds.median("compiled")
        figures.append(Figure(what=f"rows, batch {size}", measured=speed, unit="M events/s"))
    columns = messages(stream, 1000, Encoder.columns)
    rounds = alternate({"columns": partial(compiled, columns)}, scale.rounds, equal)
    speed = scale.wire / 1e6 / rounds.median("columns")
    figures.append(Figure(what="columns, batch 1000", measured=speed, unit="M events/s"))
    return Report(name="wire", method=METHOD, figures=tuple(figures))


def messages(stream: Stream, size: int, form: Callable[[Encoder, EventBatch], bytes]) -> list[bytes]:
    """The stream as messages; the first one has no rows but all definitions."""
    encoder = Encoder(stream.directory, Position(SOURCE, 1, 1))
    return [form(encoder, batch) for batch in (EventBatch.of(0), *stream.batch.split(size))]


def compiled(received: list[bytes]) -> Timed:
    """What the server does with messages."""
    numbering = Numbering(Directory(), SOURCE)
    numbering.take(decode(received[0]))
    return timed(lambda: [numbering.take(decode(message)).events for message in received[1:]])


def generated(received: list[bytes]) -> Timed:
    """The same by the generated classes alone; numbers are those of the sender's directory."""
    return timed(lambda: [batch_of(ingest_pb2.EventBatch.FromString(message)) for message in received[1:]])


def batch_of(message: ingest_pb2.EventBatch) -> EventBatch:
    """The rows of a parsed message as columns."""
    events = message.events
    return EventBatch(**{name: np.array(values(name, events), dtype) for name, dtype in COLUMN_TYPES.items()})


def values(name: str, events: Iterable[market_pb2.Event]) -> list[int]:
    """One column of rows, with the numbers of a batch."""
    field = FIELDS[name]
    if name in SIGNED:
        return [getattr(event, field) if event.HasField(field) else UNKNOWN for event in events]
    if name == "side":
        return [-1 if event.side == market_pb2.SIDE_SELL else event.side for event in events]
    if name in NUMBERED and name != "source":  # the source of the delivery is number 0 of the directory
        return [getattr(event, field) - 1 for event in events]
    return [getattr(event, field) for event in events]


def equal(one: Batches, other: Batches) -> bool:
    """Whether both sides gave the same events."""
    return len(one) == len(other) and all(
        np.array_equal(column, getattr(there, name))
        for here, there in zip(one, other, strict=True)
        for name, column in here.columns()
    )
