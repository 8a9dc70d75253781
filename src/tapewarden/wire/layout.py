"""How the fields of the schema and the columns of a batch correspond; read off the generated classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from google.protobuf.descriptor import FieldDescriptor

from tapewarden.domain.batch import COLUMN_DEFAULTS, COLUMN_TYPES
from tapewarden.wire import scanning as scan
from tapewarden.wire.fields import BYTES, FIXED64, VARINT
from tapewarden.wire.v1 import ingest_pb2, market_pb2

Table = npt.NDArray[Any]

FIELDS: Final[Mapping[str, str]] = {name: "feed" if name == "source" else name for name in COLUMN_TYPES}
"""Fields of `Event` and of `Columns` by the columns of a batch, in their order."""

MAX_NAME: Final = 512
"""Bytes of a name at most: of a source, a feed, an account, an owner, an instrument's symbol and venue."""

MAX_ID: Final = 200
"""Bytes of an id that is text at most: three of them in each row of a full batch fit a message."""

FULL_CONFIDENCE: Final = 1_000_000
"""Confidence of a link that is certain, in millionths."""

WIDTHS_FIELD: Final = "widths"
BASES_FIELD: Final = "bases"
"""Fields of `Columns` that say how its columns are written, themselves found as columns are."""

NAME_FIELDS: Final = ("order_name", "counter_order_name", "trade_name")

NUMBERED: Final = frozenset({"source", "instrument", "account", "counter_account"})
"""Columns whose numbers are given out from 1 on the wire, from 0 in a batch."""

SIGNED: Final = frozenset({"price", "size", "ts_event", "ts_receive"})

WIDTHS: Final[Mapping[str, np.dtype[Any]]] = {
    name: np.dtype(f"<{'i' if name in SIGNED else 'u'}{dtype.itemsize}")
    for name, dtype in COLUMN_TYPES.items()
}
"""Types of the columns as bytes, little-endian whatever the machine."""

DEFAULTS: Final = np.array(
    [0 if name in NUMBERED else COLUMN_DEFAULTS[name] for name in COLUMN_TYPES], np.int64
)
"""What an absent field stands for, by column."""

_FORMS: Final = {
    FieldDescriptor.TYPE_UINT32: (scan.UINT32, VARINT),
    FieldDescriptor.TYPE_ENUM: (scan.ENUM, VARINT),
    FieldDescriptor.TYPE_INT64: (scan.INT64, VARINT),
    FieldDescriptor.TYPE_UINT64: (scan.INT64, VARINT),
    FieldDescriptor.TYPE_SINT64: (scan.SINT64, VARINT),
    FieldDescriptor.TYPE_SFIXED64: (scan.SFIXED64, FIXED64),
    FieldDescriptor.TYPE_STRING: (scan.STRING, BYTES),
}


def _event_tables() -> tuple[Table, Table]:
    forms, targets = np.zeros(scan.TAGS, np.uint8), np.zeros(scan.TAGS, np.int64)
    fields = market_pb2.Event.DESCRIPTOR.fields_by_name
    for names in (FIELDS.values(), NAME_FIELDS):
        for target, name in enumerate(names):
            form, wire_type = _FORMS[fields[name].type]
            tag = fields[name].number << 3 | wire_type
            forms[tag], targets[tag] = form, target
    return forms, targets


def _column_places() -> Table:
    places = np.zeros(scan.TAGS, np.int64)
    fields = market_pb2.Columns.DESCRIPTOR.fields_by_name
    for place, name in enumerate((*FIELDS.values(), WIDTHS_FIELD, BASES_FIELD), start=1):
        places[fields[name].number << 3 | BYTES] = place
    return places


def _batch_roles() -> Table:
    roles = np.zeros(scan.TAGS, np.uint8)
    for field in ingest_pb2.EventBatch.DESCRIPTOR.fields:
        role = {"events": scan.ROW_ROLE, "columns": scan.COLUMNS_ROLE}.get(field.name, scan.HEADER_ROLE)
        roles[field.number << 3 | BYTES] = role
    return roles


FORMS, TARGETS = _event_tables()
PLACES: Final = _column_places()
ROLES: Final = _batch_roles()


def field_name(message: Any, number: int) -> str:
    """The name of a field by its number; the number in words where the schema has none."""
    field = message.DESCRIPTOR.fields_by_number.get(number)
    return str(field.name) if field is not None else f"number {number}"
