from collections import deque
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape import TapeReader, read_tape, write_tape
from tapewarden.tape.schema import GROUP_ROWS
from tests.unit.tape.samples import PROVENANCE, START, directory, events, named_order, write

forms = pytest.mark.parametrize("name", ["tape.parquet", "tape.jsonl"])


def whole(tape: TapeReader) -> EventBatch:
    return EventBatch.concatenate(list(tape.batches()))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@forms
def test_a_tape_reads_as_it_was_written(tmp_path: Path, name: str) -> None:
    tape = read_tape(write(tmp_path / name, events()))
    assert tape.header.tier is Tier.T3
    assert tape.header.provenance == PROVENANCE
    assert tape.directory.instruments == directory().instruments
    assert tape.directory.accounts == directory().accounts
    assert list(tape.directory.sources) == ["sim"]
    for column, values in whole(tape).columns():
        np.testing.assert_array_equal(values, getattr(events(), column))


@forms
def test_the_header_counts_events_kinds_and_span(tmp_path: Path, name: str) -> None:
    counts = read_tape(write(tmp_path / name, events(5))).counts()
    assert (counts.events, counts.kinds) == (5, {"PLACE": 5})
    assert (counts.first_ns, counts.last_ns) == (START, START + 4)


@forms
def test_a_tape_without_events_is_a_tape(tmp_path: Path, name: str) -> None:
    tape = read_tape(write(tmp_path / name, EventBatch.of(0)))
    assert list(tape.batches()) == []
    assert tape.counts().first_ns is None


@forms
def test_the_same_events_give_the_same_bytes_however_they_are_cut(tmp_path: Path, name: str) -> None:
    batch = events(GROUP_ROWS + 100)
    at_once = write(tmp_path / f"at_once_{name}", batch)
    with write_tape(tmp_path / f"cut_{name}", directory(), tier=Tier.T3, provenance=PROVENANCE) as writer:
        for part in batch.split(777):
            writer.write(part)
    assert (tmp_path / f"cut_{name}").read_bytes() == at_once.read_bytes()


@forms
def test_batches_have_the_size_asked_for(tmp_path: Path, name: str) -> None:
    tape = read_tape(write(tmp_path / name, events(10)))
    assert [len(batch) for batch in tape.batches(4)] == [4, 4, 2]
    assert [len(batch) for batch in tape.batches(100)] == [10]


def test_a_batch_size_of_zero_is_refused(tmp_path: Path) -> None:
    tape = read_tape(write(tmp_path / "tape.parquet", events()))
    with pytest.raises(ValueError, match="at least 1 row"):
        next(tape.batches(0))


@forms
def test_accounts_may_turn_up_while_a_tape_is_written(tmp_path: Path, name: str) -> None:
    known = directory()
    with write_tape(tmp_path / name, known) as writer:
        writer.write(events(2))
        carol = known.add_account("carol")
        writer.write(EventBatch.of(1, kind=1, account=carol))
    assert read_tape(tmp_path / name).directory.accounts[carol].name == "carol"


@forms
def test_nothing_bears_the_name_before_the_tape_is_whole(tmp_path: Path, name: str) -> None:
    writer = write_tape(tmp_path / name, directory())
    writer.write(events())
    assert name not in files(tmp_path)
    writer.close()
    writer.close()
    assert files(tmp_path) == [name]


@forms
def test_an_exception_leaves_nothing_behind_but_the_older_tape(tmp_path: Path, name: str) -> None:
    older = write(tmp_path / name, events(3)).read_bytes()
    parts = [events(GROUP_ROWS + 1), EventBatch.of(1, account=9)]
    with pytest.raises(ValueError, match="account"), write_tape(tmp_path / name, directory()) as writer:
        deque(map(writer.write, parts))
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == older


def test_aborting_a_finished_tape_keeps_it(tmp_path: Path) -> None:
    writer = write_tape(tmp_path / "tape.parquet", directory())
    writer.close()
    writer.abort()
    assert files(tmp_path) == ["tape.parquet"]


@pytest.mark.parametrize("column", ["source", "instrument", "account", "counter_account"])
def test_a_number_outside_the_directory_is_refused(tmp_path: Path, column: str) -> None:
    writer = write_tape(tmp_path / "tape.parquet", directory())
    with pytest.raises(ValueError, match=f"row 2 of the batch, {column}: expected a number among"):
        writer.write(EventBatch.of(3, kind=1, **{column: [0, 0, 2]}))
    writer.abort()


def test_unknown_is_null_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path / "tape.parquet", EventBatch.of(1, kind=15))
    row = pq.read_table(path).to_pylist()[0]
    assert {name for name, value in row.items() if value is None} == {
        *("instrument", "account", "counter_account", "order", "counter_order", "trade"),
        *("price", "size", "ts_event", "ts_receive", "order_name", "counter_order_name", "trade_name"),
    }


def test_a_text_id_is_named_once_in_each_row_group(tmp_path: Path) -> None:
    known = directory()
    order = named_order(known, "a1-b2")
    path = write(tmp_path / "tape.parquet", EventBatch.of(GROUP_ROWS + 2, kind=1, order=order), known)
    names = pq.read_table(path, columns=["order_name"])["order_name"]
    assert {row: name for row, name in enumerate(names.to_pylist()) if name is not None} == {
        0: "a1-b2",
        GROUP_ROWS: "a1-b2",
    }


@forms
def test_a_reader_learns_the_texts_of_ids(tmp_path: Path, name: str) -> None:
    known = directory()
    numbers = {text: named_order(known, text) for text in ("a1", "~odd", "~8000000000000001", "")}
    nameless = 2**63 + 5
    batch = EventBatch.of(6, kind=6, order=[*numbers.values(), nameless, 7], trade=named_order(known, "t"))
    tape = read_tape(write(tmp_path / name, batch, known))
    np.testing.assert_array_equal(whole(tape).order, batch.order)
    assert [tape.directory.order_names.text(number) for number in numbers.values()] == list(numbers)
    assert tape.directory.order_names.find(nameless) is None


def test_columns_that_were_read_may_be_written_to(tmp_path: Path) -> None:
    (batch,) = read_tape(write(tmp_path / "tape.parquet", events())).batches()
    assert all(column.flags.writeable and column.flags.c_contiguous for _, column in batch.columns())


@pytest.mark.parametrize("name", ["tape.csv", "tape", "missing/tape.parquet", "folder.jsonl"])
def test_a_place_that_takes_no_tape_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(InputError):
        write_tape(tmp_path / name, directory())
