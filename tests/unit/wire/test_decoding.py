from __future__ import annotations

import re

import numpy as np
import pytest

from tapewarden.domain.batch import COLUMN_TYPES
from tapewarden.domain.identifiers import order_id
from tapewarden.wire.decoding import Limits, Position, WireBatch, decode
from tapewarden.wire.faults import WireError
from tapewarden.wire.layout import WIDTHS
from tapewarden.wire.v1 import ingest_pb2, market_pb2
from tests.samples.wire import (
    BATCH_FIELDS,
    BYTES,
    END_OF_GROUP,
    FIXED32,
    FIXED64,
    GROUP,
    POSITION,
    VARINT,
    batch_of,
    field,
    nested,
    varint,
)

FIELDS = market_pb2.Event.DESCRIPTOR.fields_by_name
START = len(batch_of())
"""Offset of the first field after the position."""

USUAL = Limits()

INSIDE = START + 2
"""Offset of the first field of a short first event."""


def number(name: str) -> int:
    return int(FIELDS[name].number)


def value(batch: WireBatch, column: str, row: int = 0) -> int:
    return int(batch.values[list(COLUMN_TYPES).index(column), row])


def refused(data: bytes, limits: Limits = USUAL) -> WireError:
    with pytest.raises(WireError) as caught:
        decode(data, limits)
    return caught.value


def test_a_row_is_read_in_any_order_of_its_fields() -> None:
    price, kind = field(number("price"), VARINT, varint(11)), field(number("kind"), VARINT, varint(1))
    for event in (price + kind, kind + price):
        batch = decode(batch_of(event))
        assert (value(batch, "kind"), value(batch, "price")) == (1, -6)


def test_rows_may_come_before_the_position() -> None:
    event = market_pb2.Event(kind="EVENT_KIND_PLACE")
    data = nested(BATCH_FIELDS["events"], event.SerializeToString()) + batch_of()
    assert len(decode(data)) == 1


def test_the_last_value_of_a_field_counts() -> None:
    event = market_pb2.Event(size=1, order_name="a").SerializeToString()
    batch = decode(batch_of(event + market_pb2.Event(size=2, order_name="bb").SerializeToString()))
    assert value(batch, "size") == 2
    assert np.uint64(value(batch, "order") % 2**64) == order_id("bb")


def test_a_name_counts_instead_of_a_number() -> None:
    batch = decode(batch_of(market_pb2.Event(order_name="7", order=5).SerializeToString()))
    assert value(batch, "order") == 7


def test_unknown_fields_of_every_wire_type_are_skipped() -> None:
    strange = (
        field(99, VARINT, varint(2**64 - 1))
        + field(99, FIXED64, bytes(8))
        + nested(99, b"anything")
        + field(99, GROUP, field(98, GROUP, b"") + field(98, END_OF_GROUP, b""))
        + field(99, END_OF_GROUP, b"")
        + field(99, FIXED32, bytes(4))
    )
    event = strange + field(number("kind"), VARINT, varint(6)) + strange
    batch = decode(strange + batch_of(event) + strange)
    assert len(batch) == 1
    assert value(batch, "kind") == 6


def test_a_known_field_in_another_wire_type_is_an_unknown_one() -> None:
    batch = decode(batch_of(field(number("size"), FIXED64, bytes(8))))
    assert value(batch, "size") == -1


def test_absent_numbers_are_unknown() -> None:
    batch = decode(batch_of(b""))
    unknown = {column for column in COLUMN_TYPES if value(batch, column) == -1}
    assert unknown == {"price", "size", "ts_event", "ts_receive"}


def test_columns_are_read_as_little_endian_numbers() -> None:
    columns = market_pb2.Columns(
        kind=b"\x01\x06", flags=b"\x01\x02\x03\x04", price=b"\xff" * 8 + b"\x01" + bytes(7)
    )
    batch = decode(ingest_pb2.EventBatch(position=POSITION, columns=columns).SerializeToString())
    assert len(batch) == 2
    assert [value(batch, "flags", row) for row in (0, 1)] == [0x0201, 0x0403]
    assert [value(batch, "price", row) for row in (0, 1)] == [-1, 1]
    assert [value(batch, "sequence", row) for row in (0, 1)] == [0, 0]


def test_a_batch_may_have_no_rows_at_all() -> None:
    batch = decode(batch_of())
    assert len(batch) == 0
    assert batch.position == Position("sim", 1, 1)


def test_more_definitions_than_usual_are_all_read() -> None:
    message = ingest_pb2.EventBatch(position=POSITION)
    for place in range(200):
        message.feeds.add(number=place + 1, name=f"feed {place}")
    assert decode(message.SerializeToString()).definitions == message


# --- what is refused: where, which field, what was expected and received --------------------------------


@pytest.mark.parametrize(
    ("event", "offset", "name", "expected", "received"),
    [
        (field(5, VARINT, b"\xff" * 10 + b"\x01"), INSIDE, "size", "a varint of at most 10", "a longer one"),
        (field(1, VARINT, b""), INSIDE, "kind", "a whole value", "the end of the message"),
        (field(6, FIXED64, b"1234567"), INSIDE, "ts_event", "a whole value", "the end of the message"),
        (field(19, BYTES, b"\x05abcd"), INSIDE, "order_name", "ends within its message", "beyond"),
        (field(19, BYTES, b"\x02\xc3\x28"), INSIDE, "order_name", "UTF-8", "other bytes"),
        (field(19, BYTES, b"\x80\x80\x80\x80\x80\x01"), INSIDE, "order_name", "a length", "larger"),
        (b"\x00\x01", INSIDE, "number 0", "a field number from 1 on", "0"),
        (field(40, 6, b""), INSIDE, "number 40", "a wire type from 0 to 5", "6 or 7"),
        (field(40, END_OF_GROUP, b""), INSIDE, "number 40", "the end of the group that is open", "another"),
        (varint(2**32 + (40 << 3)) + b"\1", INSIDE, "number", "and 32 bits", "larger"),
        (b"\xff\xff\xff\xff\xff\x01", INSIDE, "number", "a tag of at most 5 bytes", "larger"),
    ],
)  # fmt: skip
def test_a_malformed_row_is_refused_with_its_place(
    event: bytes, offset: int, name: str, expected: str, received: str
) -> None:
    error = refused(batch_of(event, event))
    assert (error.offset, error.row) == (offset, 1)
    assert error.field is not None
    assert error.field.startswith(name)
    assert expected in error.expected
    assert received in error.received
    assert re.match(
        rf"byte {offset} of the batch, row 1, field '{name}.*': expected .*, received", str(error)
    )


def test_a_row_that_claims_the_bytes_of_the_next_one_is_refused() -> None:
    whole = batch_of(market_pb2.Event(kind="EVENT_KIND_PLACE").SerializeToString())
    data = whole[:START] + field(BATCH_FIELDS["events"], BYTES, varint(200)) + whole[START + 2 :]
    error = refused(data)
    assert (error.offset, error.field, error.row) == (START, "events", None)


@pytest.mark.parametrize("length", range(START + 1, len(batch_of(b"\x08\x01\x28\x05", b"\x08\x02"))))
def test_a_message_cut_off_within_a_row_is_refused(length: int) -> None:
    whole = batch_of(b"\x08\x01\x28\x05", b"\x08\x02")
    if length == len(whole) - 4:  # a whole message of one row
        assert len(decode(whole[:length])) == 1
    else:
        assert refused(whole[:length]).offset >= START


CUT_OFF = {
    "varint": field(40, VARINT, b"\x80"),
    "fixed64": field(40, FIXED64, bytes(7)),
    "bytes": field(40, BYTES, b"\x02a"),
    "fixed32": field(40, FIXED32, bytes(3)),
    "group": field(40, GROUP, b""),
    "field of a group": field(41, GROUP, field(40, FIXED32, bytes(3))),
    "tag": b"\xc0",
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_an_unknown_field_that_is_cut_off_is_refused_anywhere(name: str) -> None:
    part = CUT_OFF[name]
    assert refused(batch_of() + part).offset == START
    assert refused(batch_of(part)).offset == INSIDE
    assert refused(batch_of() + nested(BATCH_FIELDS["columns"], part)).offset == INSIDE
    assert refused(batch_of() + nested(BATCH_FIELDS["accounts"], part)).offset == START


def test_a_fault_in_columns_names_the_column() -> None:
    column = market_pb2.Columns.DESCRIPTOR.fields_by_name["price"].number
    error = refused(
        batch_of() + nested(BATCH_FIELDS["columns"], field(column, BYTES, varint(9) + b"12345678"))
    )
    assert (error.offset, error.field, error.row) == (INSIDE, "price", None)


def test_a_column_of_another_length_is_refused() -> None:
    columns = market_pb2.Columns(kind=b"\x01\x01", price=bytes(8))
    error = refused(ingest_pb2.EventBatch(position=POSITION, columns=columns).SerializeToString())
    assert (error.field, error.expected, error.received) == ("columns.price", "2 rows of 8 bytes", "8 bytes")


def columns_of(**given: bytes) -> bytes:
    message = ingest_pb2.EventBatch(position=POSITION, columns=market_pb2.Columns(**given))
    return bytes(message.SerializeToString())


def widths_with(**given: int) -> bytes:
    full = {name: width.itemsize for name, width in WIDTHS.items()}
    return bytes((full | given).values())


def bases_with(**given: int) -> bytes:
    return np.array([given.get(name, 0) for name in WIDTHS], "<i8").tobytes()


def test_numbers_of_a_narrow_column_are_unsigned_and_count_from_its_base() -> None:
    data = columns_of(
        kind=b"\x01\x01",
        price=b"\x00\xff",
        sequence=b"\x01\x00\xff\xff",
        widths=widths_with(price=1, sequence=2),
        bases=bases_with(price=-1),
    )
    batch = decode(data)
    assert [value(batch, "price", row) for row in (0, 1)] == [-1, 254]
    assert [value(batch, "sequence", row) for row in (0, 1)] == [1, 65535]


def test_a_base_is_added_to_a_column_of_full_width_modulo_two_to_the_64() -> None:
    data = columns_of(kind=b"\x01", order=b"\xff" * 8, bases=bases_with(order=3))
    assert value(decode(data), "order") == 2


def test_a_narrow_column_is_refused_where_no_width_says_so() -> None:
    error = refused(columns_of(kind=b"\x01\x01", price=bytes(8), widths=widths_with(size=4)))
    assert (error.field, error.expected, error.received) == ("columns.price", "2 rows of 8 bytes", "8 bytes")


@pytest.mark.parametrize("width", [0, 3, 8, 255])
def test_a_width_that_no_column_may_have_is_refused(width: int) -> None:
    error = refused(columns_of(kind=b"\x01", account=bytes(4), widths=widths_with(account=width)))
    assert (error.field, error.expected, error.received) == (
        "columns.widths",
        "1 or 2 or 4 for account",
        str(width),
    )


@pytest.mark.parametrize(("field_name", "size"), [("widths", 18), ("bases", 144)])
def test_widths_and_bases_for_some_columns_only_are_refused(field_name: str, size: int) -> None:
    error = refused(columns_of(kind=b"\x01", **{field_name: bytes(size - 1)}))
    assert (error.field, error.expected, error.received) == (
        f"columns.{field_name}",
        f"{size} bytes",
        str(size - 1),
    )


def test_a_malformed_definition_is_refused_with_its_place() -> None:
    error = refused(batch_of() + nested(BATCH_FIELDS["accounts"], b"\x12\x7f"))
    assert (error.offset, error.field) == (START, "accounts")


def test_rows_and_columns_in_one_batch_are_refused() -> None:
    message = ingest_pb2.EventBatch(position=POSITION, events=[market_pb2.Event(kind="EVENT_KIND_PLACE")])
    message.columns.kind = b"\x01"
    assert "expected rows or columns, received both" in str(refused(message.SerializeToString()))


@pytest.mark.parametrize(
    ("position", "name"),
    [
        (ingest_pb2.Position(epoch=1, sequence=1), "position.source"),
        (ingest_pb2.Position(source="s" * 513, sequence=1), "position.source"),
        (ingest_pb2.Position(source="s"), "position.sequence"),
    ],
)
def test_a_batch_that_does_not_say_where_it_begins_is_refused(
    position: ingest_pb2.Position, name: str
) -> None:
    assert refused(batch_of(position=position)).field == name


def test_a_message_beyond_the_limits_is_refused() -> None:
    data = batch_of(b"", b"", b"")
    assert refused(data, Limits(bytes=len(data) - 1)).expected == f"at most {len(data) - 1} bytes"
    error = refused(data, Limits(rows=2))
    assert (error.field, error.expected, error.received) == ("events", "at most 2", "3")
    assert refused(data, Limits(definitions=0)).field == "definitions"
    columns = ingest_pb2.EventBatch(position=POSITION, columns=market_pb2.Columns(kind=b"\x01" * 3))
    assert refused(columns.SerializeToString(), Limits(rows=2)).field == "columns.kind"
