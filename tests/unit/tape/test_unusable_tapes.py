from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.tape import read_tape
from tests.unit.tape.samples import events, write
from tests.unit.tape.spoiled import UNUSABLE, rewritten, with_bytes


def read_all(path: Path) -> None:
    for _ in read_tape(path).batches():
        pass


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
