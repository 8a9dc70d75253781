from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.identifiers import TEXT_ID
from tapewarden.domain.kinds import EventKind
from tapewarden.tape import Finding, check_tape, read_tape
from tests.unit.tape.samples import directory, events, write


def findings(path: Path, **columns: object) -> list[Finding]:
    batch = EventBatch.of(3, **{"kind": 1, "sequence": [1, 2, 3], **columns})  # type: ignore[arg-type]
    return check_tape(read_tape(write(path, batch)))


@pytest.mark.parametrize("name", ["tape.parquet", "tape.jsonl"])
def test_nothing_is_found_on_a_sound_tape(tmp_path: Path, name: str) -> None:
    assert check_tape(read_tape(write(tmp_path / name, events(1000)))) == []


@pytest.mark.parametrize(
    ("column", "values", "received"),
    [
        ("kind", [1, 0, 17], "0"),
        ("reason", [0, 1, 1], "1"),
        ("initiator", [0, 9, 9], "9"),
        ("side", [0, 2, -2], "2"),
        ("flags", [0, 2048, 4096], "2048"),
        ("price", [0, 2**53, -(2**53)], str(2**53)),
        ("size", [-1, -2, 2**53], "-2"),
        ("ts_event", [0, -2, -3], "-2"),
        ("ts_receive", [0, -2, -3], "-2"),
    ],
)
def test_values_out_of_range_are_counted(
    tmp_path: Path, column: str, values: list[int], received: str
) -> None:
    (found,) = findings(tmp_path / "tape.parquet", **{column: values})
    assert (found.field, found.times, found.row, found.received) == (column, 2, 2, received)


def test_a_reason_is_judged_by_its_kind(tmp_path: Path) -> None:
    kinds = [EventKind.CANCEL, EventKind.CLIENT_ORDER, EventKind.QUALITY]
    (found,) = findings(tmp_path / "tape.parquet", kind=kinds, reason=[9, 9, 9])
    assert (found.field, found.times, found.row) == ("reason", 1, 2)


def test_the_length_of_a_window_is_no_amount(tmp_path: Path) -> None:
    assert findings(tmp_path / "tape.parquet", kind=EventKind.WINDOW, size=2**60) == []


def test_a_sequence_that_runs_backwards_is_found(tmp_path: Path) -> None:
    (found,) = findings(tmp_path / "tape.parquet", sequence=[5, 6, 5])
    assert (found.field, found.expected, found.row) == ("sequence", "no step back", 3)


@pytest.mark.parametrize("sequence", [[1, 2, 4], [1, 1, 2], [7, 7, 7]])
def test_numbers_may_be_shared_and_left_out(tmp_path: Path, sequence: list[int]) -> None:
    assert findings(tmp_path / "tape.parquet", sequence=sequence) == []


def test_each_source_has_a_sequence_of_its_own(tmp_path: Path) -> None:
    known = directory()
    known.sources.number("other")
    batch = EventBatch.of(3, kind=1, sequence=[7, 1, 8], source=[0, 1, 0])
    assert check_tape(read_tape(write(tmp_path / "tape.parquet", batch, known))) == []


def test_each_epoch_has_a_sequence_of_its_own(tmp_path: Path) -> None:
    assert findings(tmp_path / "tape.parquet", sequence=[7, 1, 8], epoch=[0, 1, 0]) == []


def test_rows_without_a_number_break_no_sequence(tmp_path: Path) -> None:
    assert findings(tmp_path / "tape.parquet", sequence=[1, 0, 2]) == []


def test_a_step_back_between_row_groups_is_found(tmp_path: Path) -> None:
    rows = np.arange(70_000)
    batch = EventBatch.of(70_000, kind=1, sequence=rows + 2 - 2 * (rows >= 65_536))
    (found,) = check_tape(read_tape(write(tmp_path / "tape.parquet", batch)))
    assert (found.expected, found.times, found.row) == ("no step back", 1, 65_537)


def test_rows_of_json_lines_are_its_lines(tmp_path: Path) -> None:
    (found,) = findings(tmp_path / "tape.jsonl", kind=[1, 99, 1])
    assert found.row == 3


def test_a_text_that_does_not_give_its_id_is_found(tmp_path: Path) -> None:
    known = directory()
    known.order_names.learn(TEXT_ID + 1, "wrong")
    path = write(tmp_path / "tape.parquet", EventBatch.of(2, kind=1, order=TEXT_ID + 1), known)
    (found,) = check_tape(read_tape(path))
    assert (found.field, found.received, found.times) == ("names", "'wrong'", 1)


def test_numbers_outside_their_table_and_wrong_counts_are_found(tmp_path: Path) -> None:
    path = write(tmp_path / "tape.parquet", events(3))
    metadata = pq.read_metadata(path).metadata
    table = pq.read_table(path).slice(0, 2)
    table = table.set_column(8, "account", pa.array([0, 7], pa.int32()))
    pq.write_table(table.replace_schema_metadata({"tapewarden": metadata[b"tapewarden"]}), path)
    assert [(found.field, found.row) for found in check_tape(read_tape(path))] == [
        ("account", 2),
        ("counts", None),
    ]
