import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape import Provenance, TapeReader, check_tape, merge_tapes, read_tape, write_tape
from tapewarden.tape.regroup import regroup
from tests.property.tapes import batches, directories, text_ids
from tests.unit.tape.samples import events, write

provenances = st.builds(
    Provenance, origin=st.none() | st.text(), parameters=st.dictionaries(st.text(), st.text(), max_size=3)
)


def assert_same(one: EventBatch, other: EventBatch) -> None:
    for name, column in one.columns():
        np.testing.assert_array_equal(getattr(other, name), column, err_msg=name)


def whole(tape: TapeReader) -> EventBatch:
    return EventBatch.concatenate(list(tape.batches()))


def converted(tape: TapeReader, path: Path) -> TapeReader:
    header = tape.header
    with write_tape(path, tape.directory, tier=header.tier, provenance=header.provenance) as writer:
        for batch in tape.batches():
            writer.write(batch)
    return read_tape(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), known=directories(), tier=st.none() | st.sampled_from(Tier), provenance=provenances)
def test_a_tape_survives_both_forms(
    data: st.DataObject, known: Directory, tier: Tier | None, provenance: Provenance
) -> None:
    batch = data.draw(batches(known))
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "first.parquet")
        with write_tape(first, known, tier=tier, provenance=provenance) as writer:
            writer.write(batch)
        lines = converted(read_tape(first), Path(folder, "lines.jsonl"))
        again = converted(lines, Path(folder, "again.parquet"))
        assert_same(batch, whole(lines))
        assert_same(batch, whole(again))
        assert lines.header == again.header
        assert Path(folder, "again.parquet").read_bytes() == first.read_bytes()
    for number in text_ids(batch):
        assert lines.directory.order_names.find(number) == known.order_names.find(number)
        assert again.directory.order_names.find(number) == known.order_names.find(number)


@given(
    lengths=st.lists(st.integers(0, 9), max_size=8),
    size=st.integers(1, 12),
)
def test_regrouping_keeps_rows_and_their_order(lengths: list[int], size: int) -> None:
    ends = np.cumsum([0, *lengths])
    parts = [
        EventBatch.of(end - start, kind=1, sequence=np.arange(start, end))
        for start, end in pairwise(ends.tolist())
    ]
    cut = list(regroup(parts, size))
    assert [len(part) for part in cut[:-1]] == [size] * (len(cut) - 1)
    assert EventBatch.concatenate(cut).sequence.tolist() == list(range(ends[-1]))


Key = tuple[int, str, str, int, int, int]


def keys(batch: EventBatch, known: Directory) -> list[Key]:
    """The sort keys of the rows of a tape, by the texts of its own directory."""
    venues = [*(instrument.venue for instrument in known.instruments), ""]
    return [
        (time, venues[instrument], known.sources.text(source), epoch, sequence, row)
        for row, (time, instrument, source, epoch, sequence) in enumerate(
            zip(
                *(batch.ts_event.tolist(), batch.instrument.tolist(), batch.source.tolist()),
                *(batch.epoch.tolist(), batch.sequence.tolist()),
                strict=True,
            )
        )
    ]


def sorted_rows(tapes: list[list[Key]]) -> list[tuple[int, int]]:
    """Tape and row of all rows, sorted by the highest key their tape has shown up to them."""
    highest: list[list[Key]] = [[max(tape[: row + 1]) for row in range(len(tape))] for tape in tapes]
    rows = [(key, place, row) for place, tape in enumerate(highest) for row, key in enumerate(tape)]
    return [(place, row) for _, place, row in sorted(rows)]


@st.composite
def short_tapes(draw: st.DrawFn) -> tuple[Directory, EventBatch]:
    """Tapes that share few times, sources and sequence numbers, so that ties are common."""
    known = Directory()
    for text in draw(st.permutations(["ape", "bee", "cat"])):
        known.sources.number(text)
    row = st.fixed_dictionaries(
        {
            "ts_event": st.integers(-1, 4),
            "source": st.integers(0, 2),
            "epoch": st.integers(0, 1),
            "sequence": st.integers(0, 2),
        }
    )
    return known, EventBatch.of_rows(draw(st.lists(row, max_size=12)))


@settings(max_examples=100, deadline=None)
@given(tapes=st.lists(short_tapes(), min_size=2, max_size=4), rows=st.integers(1, 5))
def test_merging_agrees_with_sorting_by_the_highest_key_so_far(
    tapes: list[tuple[Directory, EventBatch]], rows: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        readers = []
        for place, (known, batch) in enumerate(tapes):
            path = Path(folder, f"{place}.parquet")
            with write_tape(path, known) as writer:
                writer.write(EventBatch.of(0) if not len(batch) else tagged(batch, place))
            readers.append(read_tape(path))
        merged = merge_tapes(readers, rows)
        got = EventBatch.concatenate(list(merged.batches()))
    order = sorted_rows([keys(batch, known) for known, batch in tapes])
    assert list(zip(got.trade.tolist(), got.order.tolist(), strict=True)) == order


def tagged(batch: EventBatch, place: int) -> EventBatch:
    """The batch with tape and row in columns that merging does not look at."""
    columns = dict(batch.columns())
    columns["trade"] = np.full(len(batch), place, np.uint64)
    columns["order"] = np.arange(len(batch), dtype=np.uint64)
    return EventBatch(**columns)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(["tape.parquet", "tape.jsonl"]),
    place=st.floats(0, 1, exclude_max=True),
    spoiled=st.binary(max_size=8),
    cut=st.booleans(),
)
def test_a_damaged_file_gives_an_input_error_or_a_tape(
    name: str, place: float, spoiled: bytes, cut: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder, name), events(20))
        content = path.read_bytes()
        start = int(place * len(content))
        rest = b"" if cut else content[start + len(spoiled) :]
        path.write_bytes(content[:start] + spoiled + rest)
        with suppress(InputError):
            check_tape(read_tape(path))
            whole(read_tape(path))
