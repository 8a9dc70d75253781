from collections.abc import Mapping
from enum import IntEnum, IntFlag
from pathlib import Path

import numpy as np
import pytest

from tapewarden.domain import kinds
from tapewarden.domain.batch import COLUMN_TYPES
from tapewarden.wire.layout import BASES_FIELD, FIELDS, NAME_FIELDS, WIDTHS, WIDTHS_FIELD
from tapewarden.wire.v1 import ingest_pb2, ingest_pb2_grpc, market_pb2
from tools.generate_protobuf import TARGET, generate

ENUMERATIONS: Mapping[str, type[IntEnum] | type[IntFlag]] = {
    "EventKind": kinds.EventKind,
    "Initiator": kinds.Initiator,
    "EndReason": kinds.EndReason,
    "ClientStage": kinds.ClientStage,
    "LinkKind": kinds.LinkKind,
    "WindowKind": kinds.WindowKind,
    "ReferenceKind": kinds.ReferenceKind,
    "QualityKind": kinds.QualityKind,
    "Flag": kinds.Flag,
}


def test_generating_again_gives_the_committed_code() -> None:
    committed = {path.name: path.read_text("utf-8") for path in Path(TARGET).glob("*_pb2*")}
    assert generate() == committed, "run `make proto`"


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_codes_are_those_of_the_domain(name: str) -> None:
    schema = market_pb2.DESCRIPTOR.enum_types_by_name[name].values_by_number
    names = {code.value: code.name for code in ENUMERATIONS[name]} | {0: None}
    assert set(schema) == set(names)
    assert all(schema[code].name.endswith(f"_{word}") for code, word in names.items() if word)


def test_every_column_is_a_field_of_rows_and_of_columns() -> None:
    assert set(market_pb2.Event.DESCRIPTOR.fields_by_name) == {*FIELDS.values(), *NAME_FIELDS}
    in_columns = {*FIELDS.values(), WIDTHS_FIELD, BASES_FIELD}
    assert set(market_pb2.Columns.DESCRIPTOR.fields_by_name) == in_columns


def test_columns_are_as_wide_as_those_of_a_batch() -> None:
    assert {name: width.itemsize for name, width in WIDTHS.items()} == {
        name: dtype.itemsize for name, dtype in COLUMN_TYPES.items()
    }
    assert all(width == width.newbyteorder("<") for width in WIDTHS.values())
    assert np.dtype("<i8") == WIDTHS["price"]


def test_the_service_has_its_three_calls() -> None:
    calls = ingest_pb2.DESCRIPTOR.services_by_name["Ingest"].methods_by_name
    assert set(calls) == {"Publish", "Resume", "Register"}
    assert all(hasattr(ingest_pb2_grpc.IngestServicer, name) for name in calls)
