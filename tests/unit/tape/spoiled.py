"""Tapes that nobody can read, each with what is to be said of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tapewarden.tape.schema import METADATA_KEY


def rewritten(path: Path, change: Callable[[pa.Table], pa.Table], **header_changes: object) -> Path:
    """A tape whose table or header someone else changed."""
    header = json.loads(pq.read_metadata(path).metadata[METADATA_KEY.encode()]) | header_changes
    table = change(pq.read_table(path))
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: json.dumps(header)}), path)
    return path


def with_header(path: Path, **changes: object) -> Path:
    return rewritten(path, lambda table: table, **changes)


def no_tape(path: Path) -> Path:
    pq.write_table(pa.table({"price": [1.5]}), path)
    return path


def with_bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def folder(path: Path) -> Path:
    path.unlink()
    path.mkdir()
    return path


def missing(path: Path) -> Path:
    path.unlink()
    return path


def with_damaged_page(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    return with_bytes(path, bytes(content))


def replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


UNUSABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (missing, "expected a tape, received no such file"),
    "a directory": (folder, "expected a tape, received a directory"),
    "empty": (lambda path: with_bytes(path, b""), "received an empty file"),
    "garbage": (lambda path: with_bytes(path, b"\x1f\x8b\x08\x00abc"), "starts with the bytes 1f 8b 08 00"),
    "truncated": (
        lambda path: with_bytes(path, path.read_bytes()[:-200]),
        "expected a whole Parquet file, received a damaged one",
    ),
    "damaged inside": (with_damaged_page, "row 1: expected a whole Parquet file"),
    "no tape": (
        no_tape,
        "a Parquet file without the metadata key 'tapewarden'",
    ),
    "newer": (
        lambda path: with_header(path, tape_format=2),
        "field 'tape_format': expected tape format 1, received 2",
    ),
    "wrong header": (lambda path: with_header(path, sources=[1]), "expected a header of tape format 1"),
    "a name twice": (
        lambda path: with_header(path, sources=["sim", "sim"]),
        "field 'sources': expected each name once, received 'sim' again",
    ),
    "missing column": (
        lambda path: rewritten(path, lambda table: table.drop_columns(["price"])),
        "field 'price': expected a column of type int64, received no such column",
    ),
    "wrong type": (
        lambda path: rewritten(path, lambda table: replaced(table, "price", table["price"].cast("double"))),
        "field 'price': expected a column of type int64, received double",
    ),
    "null without meaning": (
        lambda path: rewritten(
            path, lambda table: replaced(table, "kind", pa.array([1, 1, None, 1, 1], pa.uint8()))
        ),
        "row 3, field 'kind': expected a number, received null",
    ),
    "number outside its table": (
        lambda path: rewritten(
            path, lambda table: replaced(table, "account", pa.array([0, 1, 2, 0, 0], pa.int32()))
        ),
        "row 3, field 'account': expected a number among the 2 accounts, received 2",
    ),
    "fewer events than counted": (
        lambda path: rewritten(path, lambda table: table.slice(0, 4)),
        "expected 5 events, as its header says, received 4",
    ),
}
