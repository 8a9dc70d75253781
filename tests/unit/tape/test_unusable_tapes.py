import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.tape import read_tape
from tapewarden.tape.schema import METADATA_KEY
from tests.unit.tape.samples import events, write


def read_all(path: Path) -> None:
    for _ in read_tape(path).batches():
        pass


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


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_tape_gives_one_clear_error(tmp_path: Path, case: str) -> None:
    spoil, message = UNUSABLE[case]
    path = spoil(write(tmp_path / "tape.parquet", events()))
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_columns_someone_added_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path / "tape.parquet", events())
    rewritten(path, lambda table: table.append_column("note", pa.array(["mine"] * 5)))
    assert sum(len(batch) for batch in read_tape(path).batches()) == 5


LINES = {
    "not JSON": (b"{", "row 3: expected an event as JSON"),
    "no object": (b"[]", "row 3: expected an event, received"),
    "not UTF-8": (b'{"kind":"\xff"}', "row 3"),
    "unknown key": (b'{"kind":"PLACE","source":"sim","amount":1}', "unknown field `amount`"),
    "missing key": (b'{"kind":"PLACE"}', "missing required field `source`"),
    "unknown kind": (
        b'{"kind":"PLACED","source":"sim"}',
        "field 'kind': expected a number or one of PLACE, AMEND",
    ),
    "wrong type": (b'{"kind":"PLACE","source":3}', "field 'source': expected `str`, received `int`"),
    "unknown source": (
        b'{"kind":"PLACE","source":"?"}',
        "field 'source': expected one of the header's sources",
    ),
    "unknown account": (
        b'{"kind":"PLACE","source":"sim","counter_account":"eve"}',
        "field 'counter_account': expected one of the header's accounts, received 'eve'",
    ),
    "rounding": (
        b'{"kind":"PLACE","source":"sim","instrument":"BTC-USD@SIM","price":"1.001"}',
        "field 'price': expected a multiple of 0.01 (it would need rounding), received '1.001'",
    ),
    "nothing scales it": (
        b'{"kind":"PLACE","source":"sim","price":"1.5"}',
        "field 'price': expected an integer",
    ),
    "minus one unit": (
        b'{"kind":"PLACE","source":"sim","instrument":"BTC-USD@SIM","price":"-0.01"}',
        "field 'price': expected any value but \u22121 unit",
    ),
    "no time": (
        b'{"kind":"PLACE","source":"sim","ts_event":"noon"}',
        "field 'ts_event': expected a time such as",
    ),
    "no such day": (b'{"kind":"PLACE","source":"sim","ts_event":"2026-02-30T00:00:00Z"}', "field 'ts_event'"),
    "beyond its type": (b'{"kind":300,"source":"sim"}', "field 'kind': expected a number from 0 to 255"),
    "unknown flag": (b'{"kind":"PLACE","source":"sim","flags":["LOUD"]}', "field 'flags'"),
    "half an escape": (b'{"kind":"PLACE","source":"sim","order":"~8"}', "field 'order'"),
    "an empty line": (b"", "row 3"),
    "a line without end": (b'{"kind":"' + b"A" * (1 << 21), "row 3"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_line_that_is_no_event_is_named_by_its_number(tmp_path: Path, case: str) -> None:
    line, message = LINES[case]
    path = write(tmp_path / "tape.jsonl", events(3))
    lines = path.read_bytes().splitlines()
    lines[2] = line
    path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert message in str(caught.value).replace("Expected", "expected")


def test_json_lines_that_were_cut_off_are_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "tape.jsonl", events(3))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="expected 3 events, as its header says, received 2"):
        read_all(path)


def test_a_header_that_is_no_json_is_line_one(tmp_path: Path) -> None:
    path = with_bytes(tmp_path / "tape.jsonl", b"{oops\n")
    with pytest.raises(InputError, match="row 1: expected a tape header as JSON"):
        read_tape(path)


def test_a_header_written_by_hand_may_be_short(tmp_path: Path) -> None:
    path = with_bytes(
        tmp_path / "tape.jsonl",
        b'{"tape_format":1,"sources":["me"]}\n{"kind":"CLOCK","source":"me","ts_event":"2026-01-31T09:30:00.5Z"}\n',
    )
    (batch,) = read_tape(path).batches()
    np.testing.assert_array_equal(
        batch.ts_event, EventBatch.of(1, ts_event=1_769_851_800_500_000_000).ts_event
    )
    assert read_tape(path).counts().events == 1
