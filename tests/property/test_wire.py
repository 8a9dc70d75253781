from __future__ import annotations

import numpy as np
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_TYPES
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import order_id
from tapewarden.tape.faults import faults
from tapewarden.wire.decoding import Kernels, Position, WireBatch, decode
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.faults import WORDS, WireError
from tapewarden.wire.fields import MAX_DEPTH
from tapewarden.wire.layout import DEFAULTS, FIELDS, MAX_TEXT, NAME_FIELDS, WIDTHS
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
        or not 0 < len(message.position.source.encode()) <= MAX_TEXT
        or any(
            len(getattr(message.columns, FIELDS[name])) not in {0, rows * width.itemsize}
            for name, width in WIDTHS.items()
        )
    )


def expected_columns(columns: market_pb2.Columns) -> list[list[int]]:
    """The rows that raw columns stand for, by numpy alone."""
    rows = len(columns.kind)
    numbers = [
        np.frombuffer(getattr(columns, FIELDS[name]), width).tolist() or [default] * rows
        for (name, width), default in zip(WIDTHS.items(), DEFAULTS.tolist(), strict=True)
    ]
    return [list(row) for row in zip(*numbers, strict=True)]


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
