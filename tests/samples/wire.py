"""Messages of the wire format, right and wrong, and a plain Python way to read them."""

from __future__ import annotations

from hypothesis import strategies as st

from tapewarden.wire.decoding import Kernels, compiled
from tapewarden.wire.v1 import ingest_pb2, market_pb2

VARINT, FIXED64, BYTES, GROUP, END_OF_GROUP, FIXED32 = range(6)
POSITION = ingest_pb2.Position(source="sim", epoch=1, sequence=1)
EVENT_FIELDS = tuple(market_pb2.Event.DESCRIPTOR.fields_by_number)
COLUMN_FIELDS = tuple(market_pb2.Columns.DESCRIPTOR.fields_by_number)
BATCH_FIELDS = {field.name: field.number for field in ingest_pb2.EventBatch.DESCRIPTOR.fields}


def uncompiled() -> Kernels:
    """The kernels as the Python they are made of."""
    machine = compiled()
    return Kernels(*(getattr(kernel, "py_func", kernel) for kernel in machine))


def varint(value: int, length: int = 0) -> bytes:
    """A varint, made longer than it need be where ``length`` says so."""
    out: list[int] = []
    while value > 0x7F or len(out) + 1 < length:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, wire_type: int, content: bytes) -> bytes:
    return varint(number << 3 | wire_type) + content


def nested(number: int, content: bytes) -> bytes:
    return field(number, BYTES, varint(len(content)) + content)


def batch_of(*events: bytes, position: ingest_pb2.Position = POSITION) -> bytes:
    """A message with these events, each as the bytes inside it."""
    start: bytes = ingest_pb2.EventBatch(position=position).SerializeToString()
    return start + b"".join(nested(BATCH_FIELDS["events"], event) for event in events)


# --- wild messages: any field in any form, some of them lies ---------------------------------------------

_numbers = st.one_of(
    st.integers(0, 300),
    st.integers(0, 2**64 - 1),
    st.sampled_from((2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1)),
)
_varints = st.builds(varint, _numbers, st.sampled_from((0, 0, 0, 0, 2, 5, 6, 9, 10, 11)))
_texts = st.one_of(
    st.text(max_size=8).map(str.encode),
    st.integers(0, 2**64).map(lambda number: str(number).encode()),
    st.binary(max_size=6),
)


def _fields(numbers: st.SearchStrategy[int], content: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """One field of a number, in any wire type; mostly well formed."""
    honest = content.map(lambda one: varint(len(one)) + one)
    lying = st.builds(lambda length, one: length + one, _varints, content)
    values = st.one_of(
        st.tuples(st.just(VARINT), _varints),
        st.tuples(st.just(VARINT), _varints),
        st.tuples(st.just(BYTES), honest),
        st.tuples(st.just(BYTES), honest),
        st.tuples(st.just(FIXED64), st.binary(min_size=8, max_size=8)),
        st.tuples(st.just(FIXED64), st.binary(min_size=8, max_size=8)),
        st.tuples(st.just(FIXED32), st.binary(min_size=4, max_size=4)),
        st.tuples(st.sampled_from((GROUP, END_OF_GROUP, 6, 7)), st.binary(max_size=3)),
        st.tuples(st.just(BYTES), lying),
    )
    plain = st.builds(lambda number, value: field(number, *value), numbers, values)
    return st.one_of(plain, plain, plain, plain, _groups(numbers, plain))


def _groups(numbers: st.SearchStrategy[int], inside: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    def group(number: int, content: list[bytes], depth: int) -> bytes:
        content_bytes = b"".join(content)
        start, end = field(number, GROUP, b""), field(number, END_OF_GROUP, b"")
        return start * depth + content_bytes + end * depth

    depths = st.sampled_from((1, 1, 2, 3, 98, 99, 100, 101))
    return st.builds(group, numbers, st.lists(inside, max_size=2), depths)


_strange = st.one_of(st.integers(0, 40), st.integers(0, 2**29 - 1))
_events = st.lists(_fields(st.one_of(st.sampled_from(EVENT_FIELDS), _strange), _texts), max_size=8).map(
    b"".join
)
_columns = st.lists(_fields(st.sampled_from(COLUMN_FIELDS), st.binary(max_size=16)), max_size=5).map(b"".join)
_event_fields = _events.map(lambda event: nested(BATCH_FIELDS["events"], event))

wild_messages = st.lists(
    st.one_of(
        _event_fields,
        _event_fields,
        _event_fields,
        _columns.map(lambda columns: nested(BATCH_FIELDS["columns"], columns)),
        _fields(st.one_of(st.sampled_from(sorted(BATCH_FIELDS.values())), _strange), _texts),
    ),
    max_size=6,
).map(b"".join)


@st.composite
def damaged(draw: st.DrawFn, messages: st.SearchStrategy[bytes]) -> bytes:
    """Messages with some bytes changed, taken out, put in, or cut off."""
    content = bytearray(draw(messages))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 2)), len(content))
        content[start:end] = draw(st.binary(max_size=2))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


_values = {
    "kind": st.integers(-1, 17),
    "price": st.integers(-(2**53), 2**53),
    "size": st.integers(-3, 2**53),
    "ts_event": st.integers(-2, 2**63 - 1),
    "order": st.integers(0, 2**64 - 1),
    "sequence": st.integers(0, 2**64 - 1),
    "account": st.integers(0, 2**32 - 1),
    "side": st.integers(0, 3),
    "order_name": st.text(max_size=30),
    "trade_name": st.text(max_size=30),
}

tame_messages = st.lists(st.fixed_dictionaries({}, optional=_values), max_size=6).map(
    lambda events: ingest_pb2.EventBatch(position=POSITION, events=events).SerializeToString()
)
"""Messages as the generated class writes them."""
