from pathlib import Path

import pyarrow as pa

from tapewarden.tape import merge_tapes, read_tape, write_tape
from tapewarden.tape.schema import GROUP_ROWS
from tests.unit.tape.samples import directory, events

GROUPS = 24
GROUP_BYTES = GROUP_ROWS * 100  # a little more than the columns of a row take


def long_tape(path: Path) -> Path:
    batch = events(1000)
    with write_tape(path, directory()) as writer:
        for _ in range(GROUPS * GROUP_ROWS // 1000):
            writer.write(batch)
    return path


def test_reading_holds_a_few_row_groups_whatever_the_length_of_the_tape(tmp_path: Path) -> None:
    path = long_tape(tmp_path / "tape.parquet")
    before = pa.total_allocated_bytes()
    held = [pa.total_allocated_bytes() - before for _ in read_tape(path).batches()]
    assert len(held) == GROUPS
    assert max(held) < 3 * GROUP_BYTES


def test_merging_holds_a_few_row_groups_of_each_tape(tmp_path: Path) -> None:
    path = long_tape(tmp_path / "tape.parquet")
    before = pa.total_allocated_bytes()
    tape = merge_tapes([read_tape(path), read_tape(path)])
    assert max(pa.total_allocated_bytes() - before for _ in tape.batches()) < 6 * GROUP_BYTES
