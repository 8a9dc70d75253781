from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor

from tapewarden.wire.decoding import Limits
from tapewarden.wire.layout import DEFAULTS, FIELDS, MAX_ID, MAX_NAME, NAME_FIELDS, WIDTHS
from tapewarden.wire.v1 import market_pb2

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "wire.md").read_text(encoding="utf-8")
EVENT = market_pb2.Event.DESCRIPTOR.fields_by_name
COLUMNS = market_pb2.Columns.DESCRIPTOR.fields_by_name
TYPES = {
    getattr(FieldDescriptor, name): name.removeprefix("TYPE_").lower()
    for name in dir(FieldDescriptor)
    if name.startswith("TYPE_")
}


def test_the_page_lists_the_fields_of_the_schema() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 7]
    columns = [
        f"| `{field}` | {EVENT[field].number} | {COLUMNS[field].number} | {TYPES[EVENT[field].type]} "
        f"| {WIDTHS[column].name} | {'—' if field == 'kind' else default} |"
        for (column, field), default in zip(FIELDS.items(), DEFAULTS.tolist(), strict=True)
    ]
    names = [f"| `{name}` | {EVENT[name].number} |  | string |  | none |" for name in NAME_FIELDS]
    assert rows == columns + names


def test_the_page_tells_the_limits() -> None:
    usual = Limits()
    assert f"{usual.bytes // 2**20} MiB, {usual.rows:,} rows or {usual.definitions:,} definitions" in PAGE
    assert f"an id of more than {MAX_ID} bytes" in PAGE
    assert f"name of the source, 1 to {MAX_NAME} bytes" in PAGE
    assert f"A name has 1 to {MAX_NAME} bytes" in PAGE
