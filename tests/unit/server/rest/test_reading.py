"""JSON becomes the message that it stands for, or one error that names the field."""

from __future__ import annotations

import json

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.errors import InputError
from tapewarden.server.rest.reading import read_message
from tapewarden.wire.v1 import ingest_pb2
from tests.samples.wire import tame_messages

POSITION = {"source": "venue", "epoch": 1, "sequence": 1}


def error_of(content: object) -> InputError:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(InputError) as raised:
        read_message(body, ingest_pb2.EventBatch)
    return raised.value


@given(tame_messages)
def test_what_the_mapping_writes_is_read_back(data: bytes) -> None:
    message = ingest_pb2.EventBatch.FromString(data)
    for snake in (True, False):
        text = json_format.MessageToJson(message, preserving_proto_field_name=snake)
        assert read_message(text.encode(), ingest_pb2.EventBatch) == message


def test_whole_numbers_come_as_numbers_or_as_texts() -> None:
    first, second = (
        read_message(json.dumps({"events": [{"price": price}]}).encode(), ingest_pb2.EventBatch)
        for price in (9007199254740991, "9007199254740991")
    )
    assert first == second
    assert first.events[0].price == 9007199254740991


@pytest.mark.parametrize(
    ("content", "row", "field", "expected", "received"),
    [
        ({"events": [{}, {"price": 1.5}]}, 2, "price", "a whole number of 64 bits", "1.5"),
        ({"events": [{"size": "many"}]}, 1, "size", "a whole number of 64 bits", '"many"'),
        ({"events": [{"size": 2**63}]}, 1, "size", "a whole number of 64 bits", "9223372036854775808"),
        ({"events": [{"flags": -1}]}, 1, "flags", "a whole number of 32 bits from 0 on", "-1"),
        ({"events": [{"kind": "SOLD"}]}, 1, "kind", "a name or number of EventKind", '"SOLD"'),
        ({"events": [{"orderName": 5}]}, 1, "orderName", "a text", "5"),
        ({"events": [{"pirce": 5}]}, 1, "pirce", "a field of Event", "another name"),
        ({"events": [5]}, None, "events[0]", "an object", "5"),
        ({"events": {"price": 1}}, None, "events", "a list", '{"price": 1}'),
        (
            {"accounts": [{"account": {"name": 7}}]},
            None,
            "accounts[0].account.name",
            "a text",
            "7",
        ),
        ({"position": {"epoch": "x"}}, None, "position.epoch", "a whole number of 32 bits from 0 on", '"x"'),
        ({"columns": {"kind": "x"}}, None, "columns.kind", "bytes in base 64", '"x"'),
        ({"event": []}, None, "event", "a field of EventBatch", "another name"),
        ({"position": "x" * 200}, None, "position", "an object", '"' + "x" * 78 + "…"),
        ([], None, None, "an object", "[]"),
    ],
)
def test_the_field_at_fault_is_named(
    content: object, row: int | None, field: str | None, expected: str, received: str
) -> None:
    error = error_of(content)
    assert (error.row, error.field, error.expected, error.received) == (row, field, expected, received)


@pytest.mark.parametrize(
    ("body", "received"),
    [
        (b"", "Expecting value"),
        (b'{"a":', "Expecting value"),
        (b"\xff", "utf-8"),
        (b'{"events": [], "events": []}', "key 'events' twice"),
        (b'{"events": [{"price": NaN}]}', "the number NaN"),
        (b"[" * 100_000, "recursion"),
        (b'{"a": ' + b"1" * 5000 + b"}", "digits"),
    ],
)
def test_what_is_no_json_is_told(body: bytes, received: str) -> None:
    error = error_of(body)
    assert error.expected == "JSON in UTF-8"
    assert received in error.received


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("position", "events", "accounts", "account", "kind", "columns", "price", "x")),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=50), _json.map(lambda content: json.dumps(content).encode())))
def test_nothing_but_an_input_error_comes_of_any_body(body: bytes) -> None:
    try:
        message = read_message(body, ingest_pb2.EventBatch)
    except InputError as error:
        assert error.expected  # noqa: PT017 - either is right
    else:
        assert isinstance(message, ingest_pb2.EventBatch)
