"""Inputs that mean no good: bytes that are no messages, values that no event has, texts that are code."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.v1 import cases_pb2, ingest_pb2, models_pb2, simulation_pb2, surveillance_pb2

TEXTS: Final = (
    "'; DROP TABLE signals; --",
    '" OR 1=1; UPDATE cases SET state = "closed"; --',
    "../../../../passwd",
    "..\\..\\windows\\system32",
    "file:/" + "//../shadow",
    "%00%2e%2e%2f",
    "$(touch hacked)`id`|&;",
    "<script>alert(1)</script>",
    "{{7*7}}{0.__class__}%s%n",
    "\u202e\u0000\ufeff\U0001f4a3" + "A" * 3000,
    "",
)
"""What is put into every field of text."""

NUMBERS: Final = (0, 1, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1, -1, -(2**31), -(2**63))

SERVICES: Final = tuple(
    service
    for module in (cases_pb2, ingest_pb2, models_pb2, simulation_pb2, surveillance_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
)


def methods() -> Iterator[MethodDescriptor]:
    """Every method of every service but the streams of events, which have inputs of their own."""
    for service in SERVICES:
        yield from (method for method in service.methods if method.name != "Publish")


def request(method: MethodDescriptor, seed: int) -> Any:
    """A request of a method with a hostile value in every field."""
    return _filled(method.input_type, random.Random(seed), depth=3)


def _filled(descriptor: Descriptor, draw: random.Random, depth: int) -> Any:
    message = GetMessageClass(descriptor)()
    chosen = {draw.choice(union.fields).name for union in descriptor.oneofs if len(union.fields) > 1}
    for field in descriptor.fields:
        union = field.containing_oneof
        if union is not None and len(union.fields) > 1 and field.name not in chosen:
            continue
        _fill(message, field, draw, depth)
    return message


def _fill(message: Message, field: FieldDescriptor, draw: random.Random, depth: int) -> None:
    if field.message_type is not None:
        if depth == 0:
            return
        value = _filled(field.message_type, draw, depth - 1)
        target = getattr(message, field.name)
        if field.is_repeated:
            target.add().CopyFrom(value)
        else:
            target.CopyFrom(value)
        return
    value = _value(field, draw)
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)


def _value(field: FieldDescriptor, draw: random.Random) -> Any:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return draw.randbytes(100)
        case FieldDescriptor.CPPTYPE_STRING:
            return draw.choice(TEXTS)
        case FieldDescriptor.CPPTYPE_BOOL:
            return draw.random() < 0.5
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return draw.choice((float("nan"), float("inf"), -1e308, 0.0))
        case FieldDescriptor.CPPTYPE_UINT32:
            return draw.choice([number for number in NUMBERS if 0 <= number < 2**32])
        case FieldDescriptor.CPPTYPE_UINT64:
            return draw.choice([number for number in NUMBERS if 0 <= number < 2**64])
        case FieldDescriptor.CPPTYPE_INT64:
            return draw.choice([number for number in NUMBERS if -(2**63) <= number < 2**63])
        case _:  # 32 bits with a sign, and enums, which are open
            return draw.choice([number for number in NUMBERS if -(2**31) <= number < 2**31])


def frames(seed: int, count: int) -> Iterator[bytes]:
    """Messages to `Publish`: damaged ones, and sound ones that say what no event can."""
    draw = random.Random(seed)
    for number in range(count):
        source = f"hostile {number}"
        match number % 4:
            case 0:
                yield _damaged(_sound(source), draw)
            case 1:
                yield _impossible(source, draw)
            case 2:
                yield request_batch(source, draw)
            case _:
                yield draw.randbytes(draw.randrange(200))


def request_batch(source: str, draw: random.Random) -> bytes:
    """A batch with a hostile value in every field, its position aside."""
    message = _filled(ingest_pb2.EventBatch.DESCRIPTOR, draw, depth=3)
    message.ClearField(draw.choice(("events", "columns")))
    message.position.CopyFrom(ingest_pb2.Position(source=draw.choice((source, *TEXTS)), epoch=1, sequence=1))
    return bytes(message.SerializeToString())


def many_instruments(count: int) -> bytes:
    """A message that defines very many instruments."""
    directory = Directory()
    for number in range(count):
        directory.add_instrument(
            Instrument(symbol=f"X{number}", venue="H", price_exponent=0, size_exponent=0)
        )
    return Encoder(directory, Position("many instruments", 1, 1)).columns(EventBatch.of(0))


def _sound(source: str) -> bytes:
    events = EventBatch.of(
        3, kind=1, source=0, instrument=0, account=1, side=1, order=[1, 2, 3], price=5, size=1
    )
    return Encoder(_elsewhere(), Position(source, 1, 1)).columns(events)


def _elsewhere() -> Directory:
    """Instruments and accounts that nobody else has: what is said of a market by whoever may is true."""
    directory = Directory()
    for number in range(3):
        directory.add_instrument(
            Instrument(symbol=f"EVIL{number}", venue="HELL", price_exponent=-2, size_exponent=-3)
        )
    for number in range(6):
        directory.add_account(f"devil {number}")
    directory.sources.number("nowhere")
    return directory


def _damaged(message: bytes, draw: random.Random) -> bytes:
    damaged = bytearray(message)
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(damaged))
        match draw.randrange(3):
            case 0:
                damaged[place] ^= 1 << draw.randrange(8)
            case 1:
                del damaged[place:]
                damaged.append(0xFF)
            case _:
                damaged[place:place] = draw.randbytes(draw.randrange(1, 20))
    return bytes(damaged)


def _impossible(source: str, draw: random.Random) -> bytes:
    """Columns of random numbers of their types: unknown codes, foreign orders, negative sizes, odd times."""
    rows = draw.randrange(1, 30)
    columns = {}
    for name, kind in COLUMN_TYPES.items():
        least, most = (0, 2 ** (8 * kind.itemsize) - 1)
        if kind.kind == "i":
            least, most = -(2 ** (8 * kind.itemsize - 1)), 2 ** (8 * kind.itemsize - 1) - 1
        columns[name] = [
            draw.choice((least, most, draw.randint(least, most), max(least, -5), 1)) for _ in range(rows)
        ]
    return Encoder(_elsewhere(), Position(source, 1, 1)).columns(EventBatch.of(rows, **columns))
