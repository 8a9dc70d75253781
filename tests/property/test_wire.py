from __future__ import annotations

import numpy as np
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind
from tapewarden.tape.faults import faults
from tapewarden.wire.decoding import Kernels, Position, WireBatch, decode
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.faults import WORDS, WireError
from tapewarden.wire.fields import MAX_DEPTH
from tapewarden.wire.layout import DEFAULTS, FIELDS, MAX_NAME, NAME_FIELDS, WIDTHS
from tapewarden.wire.numbering import Numbering
from tapewarden.wire.v1 import ingest_pb2, market_pb2
from tests.property.tapes import batches, directories, text_ids
from tests.samples.wire import (
    BATCH_FIELDS,
    END_OF_GROUP,
    GROUP,
    batch_of,
    damaged,
    field,
    nested,
    tame_messages,
    uncompiled,
    varint,
    wild_messages,
)

ANY_MESSAGE = st.one_of(wild_messages, tame_messages, damaged(tame_messages), damaged(wild_messages))


def by_generated_class(data: bytes) -> ingest_pb2.EventBatch | None:
    message = ingest_pb2.EventBatch()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    return message


def outcome(data: bytes, kernels: Kernels | None = None) -> WireBatch | WireError:
    try:
        return decode(data, kernels=kernels)
    except WireError as error:
        return error


def expected_row(event: market_pb2.Event) -> list[int]:
    """The numbers of a row as the generated class gives them."""
    row = []
    for (column, name), default in zip(FIELDS.items(), DEFAULTS.tolist(), strict=True):
        optional = event.DESCRIPTOR.fields_by_name[name].has_presence
        text = getattr(event, f"{column}_name") if f"{column}_name" in NAME_FIELDS else ""
        value = getattr(event, name) if not optional or event.HasField(name) else default
        row.append(order_id(text) if text else value)
    return row


def rows_of(batch: WireBatch) -> list[list[int]]:
    columns = [
        column.view(np.uint64) if COLUMN_TYPES[name] == np.uint64 else column
        for name, column in zip(COLUMN_TYPES, batch.values, strict=True)
    ]
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def names_of(batch: WireBatch) -> list[list[str]]:
    return [
        [batch.data[start:end].decode() for start, end in zip(starts, ends, strict=True)]
        for starts, ends in zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    ]


def is_of_the_bytes(error: WireError) -> bool:
    """Whether the message is none of the schema, not one that says too little or too much."""
    return error.expected in {expected for expected, _ in WORDS.values()} | {"a message of the schema"}


def breaks_a_rule(message: ingest_pb2.EventBatch) -> bool:
    """Whether a message of the schema is refused all the same."""
    rows = len(message.columns.kind)
    return (
        bool(message.HasField("columns") and message.events)
        or message.position.sequence == 0
        or not 0 < len(message.position.source.encode()) <= MAX_NAME
        or len(message.columns.bases) not in {0, 8 * len(WIDTHS)}
        or len(message.columns.widths) not in {0, len(WIDTHS)}
        or any(
            said not in {1, 2, 4, 8} or said > full.itemsize
            for said, full in zip(message.columns.widths, WIDTHS.values(), strict=False)
        )
        or any(
            len(getattr(message.columns, FIELDS[name])) not in {0, rows * width}
            for name, width in widths_of(message.columns).items()
        )
    )


def widths_of(columns: market_pb2.Columns) -> dict[str, int]:
    full = [width.itemsize for width in WIDTHS.values()]
    return dict(zip(WIDTHS, columns.widths or full, strict=False))


def expected_columns(columns: market_pb2.Columns) -> list[list[int]]:
    """The rows that raw columns stand for, number by number."""
    rows = len(columns.kind)
    bases = columns.bases or bytes(8 * len(WIDTHS))
    numbers = []
    for place, (name, width) in enumerate(widths_of(columns).items()):
        base = int.from_bytes(bases[8 * place : 8 * place + 8], "little")
        content, full = getattr(columns, FIELDS[name]), WIDTHS[name]
        is_signed = full.kind == "i" and width == full.itemsize
        column = []
        for start in range(0, len(content), width):
            number = int.from_bytes(content[start : start + width], "little", signed=is_signed)
            total = (number + base) % 2**64
            column.append(total - 2**64 if total >= 2**63 and COLUMN_TYPES[name] != np.uint64 else total)
        numbers.append(column or [DEFAULTS.tolist()[place]] * rows)
    return [list(row) for row in zip(*numbers, strict=True)]


@st.composite
def columns_of_any_width(draw: st.DrawFn) -> market_pb2.Columns:
    rows = draw(st.integers(1, 5))
    columns = market_pb2.Columns()
    widths = []
    for name, full in WIDTHS.items():
        widths.append(draw(st.sampled_from([one for one in (1, 2, 4, 8) if one <= full.itemsize])))
        if name == "kind" or draw(st.booleans()):
            size = rows * widths[-1]
            setattr(columns, FIELDS[name], draw(st.binary(min_size=size, max_size=size)))
    columns.widths = bytes(widths)
    if draw(st.booleans()):
        columns.bases = draw(st.binary(min_size=8 * len(WIDTHS), max_size=8 * len(WIDTHS)))
    return columns


@settings(max_examples=200, deadline=None)
@given(columns=columns_of_any_width())
def test_columns_are_read_in_every_width_and_from_every_base(columns: market_pb2.Columns) -> None:
    message = ingest_pb2.EventBatch(columns=columns)
    message.position.source, message.position.sequence = "here", 1
    assert rows_of(decode(message.SerializeToString())) == expected_columns(columns)


@settings(max_examples=100, deadline=None)
@given(
    data=st.data(),
    least=st.integers(0, 2**63 - 1),
    span=st.sampled_from((0, 1, 2**8 - 1, 2**8, 2**16 - 1, 2**16, 2**32 - 1, 2**32)),
)
def test_a_column_takes_the_bytes_that_its_numbers_are_apart(
    data: st.DataObject, least: int, span: int
) -> None:
    least = min(least, 2**63 - 1 - span)
    between = st.lists(st.integers(least, least + span), min_size=14, max_size=20)
    times = [least, least + span, *data.draw(between)]
    batch = EventBatch.of(len(times), kind=EventKind.CLOCK, ts_event=times)
    sent = Encoder(Directory(), Position("here", 1, 1)).columns(batch)
    parsed = by_generated_class(sent)
    assert parsed is not None
    width = next(width for width in (1, 2, 4, 8) if span < 2 ** (8 * width))
    assert len(parsed.columns.ts_event) == width * len(times)
    assert decode(sent).values[list(COLUMN_TYPES).index("ts_event")].tolist() == times


def nested_groups(depth: int) -> bytes:
    return field(90, GROUP, b"") * depth + field(90, END_OF_GROUP, b"") * depth


@settings(max_examples=1500, deadline=None)
@given(tail=ANY_MESSAGE)
@example(tail=nested_groups(MAX_DEPTH))
@example(tail=nested_groups(MAX_DEPTH + 1))
@example(tail=nested(BATCH_FIELDS["events"], nested_groups(MAX_DEPTH - 1)))
@example(tail=nested(BATCH_FIELDS["events"], nested_groups(MAX_DEPTH)))
@example(tail=varint(90 << 3, 6) + b"\0")
@example(tail=varint(BATCH_FIELDS["events"] << 3 | 2) + varint(0, 6))
@example(tail=field(90, 0, b"\xff" * 9 + b"\x7f"))
@example(tail=varint(2**32 + (90 << 3)) + b"\0")
def test_the_compiled_decoder_agrees_with_the_generated_class(tail: bytes) -> None:
    data = batch_of() + tail
    parsed = by_generated_class(data)
    batch = outcome(data)
    if isinstance(batch, WireError):
        assert parsed is None or (not is_of_the_bytes(batch) and breaks_a_rule(parsed)), batch
        return
    assert parsed is not None
    assert not breaks_a_rule(parsed)
    if parsed.HasField("columns"):
        assert rows_of(batch) == expected_columns(parsed.columns)
    else:
        assert rows_of(batch) == [expected_row(event) for event in parsed.events]
        assert names_of(batch) == [[getattr(event, name) for name in NAME_FIELDS] for event in parsed.events]
    for name in ("position", "instruments", "accounts", "feeds", "names"):
        assert getattr(batch.definitions, name) == getattr(parsed, name)


@settings(max_examples=300, deadline=None)
@given(data=ANY_MESSAGE.map(lambda tail: batch_of() + tail))
def test_machine_code_does_what_its_python_does(data: bytes) -> None:
    compiled = outcome(data)
    with np.errstate(over="ignore"):
        plain = outcome(data, uncompiled())
    if isinstance(compiled, WireError) or isinstance(plain, WireError):
        assert repr(plain) == repr(compiled)
    else:
        assert rows_of(plain) == rows_of(compiled)
        assert names_of(plain) == names_of(compiled)
        assert plain.position == compiled.position


@settings(max_examples=100, deadline=None)
@given(
    data=st.data(),
    known=directories(st.text(min_size=1, max_size=8)),
    form=st.sampled_from(("rows", "columns")),
)
def test_what_is_encoded_is_decoded(data: st.DataObject, known: Directory, form: str) -> None:
    batch = data.draw(batches(known))
    np.sign(batch.side, out=batch.side)  # the one code that means another one on the wire
    encoder = Encoder(known, Position("here", 3, 7))
    message = decode(getattr(encoder, form)(batch))
    assert message.position == Position("here", 3, 7)
    assert encoder.position == Position("here", 3, 7 + len(batch))
    there = Directory()
    wrong = np.zeros(len(batch), np.bool_)
    for _, _, mask in faults(batch, known):
        wrong |= mask
    events, rejects = Numbering(there, "here").take(message)
    assert [one.row for one in rejects] == np.flatnonzero(wrong).tolist()
    assert there.instruments == known.instruments
    assert there.accounts == known.accounts
    for name, column in batch[~wrong].columns():
        shift = 1 if name == "source" else 0  # the delivery itself is the first source
        np.testing.assert_array_equal(getattr(events, name), column + shift, err_msg=name)
    for number in text_ids(batch[~wrong]):
        assert there.order_names.find(number) == (known.order_names.find(number) or None)
