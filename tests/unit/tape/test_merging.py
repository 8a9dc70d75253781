from pathlib import Path

import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape import TapeReader, merge_tapes, read_tape, write_tape
from tests.unit.tape.samples import directory, events, named_order, write


def tape(path: Path, known: Directory, batch: EventBatch) -> TapeReader:
    return read_tape(write(path, batch, known))


def merged(*tapes: TapeReader) -> EventBatch:
    return EventBatch.concatenate(list(merge_tapes(tapes).batches()))


def at(*times: int) -> EventBatch:
    return EventBatch.of(len(times), kind=1, ts_event=list(times))


def test_rows_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    one = tape(tmp_path / "1.parquet", directory(), at(1, 4, 5))
    two = tape(tmp_path / "2.parquet", directory(), at(2, 3, 6))
    assert merged(one, two).ts_event.tolist() == [1, 2, 3, 4, 5, 6]


def test_rows_of_one_tape_are_never_reordered(tmp_path: Path) -> None:
    one = tape(tmp_path / "1.parquet", directory(), at(1, 5, 2, -1, 6))
    two = tape(tmp_path / "2.parquet", directory(), at(3, 7))
    assert merged(one, two).ts_event.tolist() == [1, 3, 5, 2, -1, 6, 7]


def test_equal_times_are_ordered_by_the_text_of_the_source(tmp_path: Path) -> None:
    zebra = tape(tmp_path / "1.parquet", directory("zebra"), at(1, 1))
    ape = tape(tmp_path / "2.parquet", directory("ape"), at(1))
    joined = merge_tapes([zebra, ape])
    (batch,) = joined.batches()
    assert [joined.directory.sources.text(number) for number in batch.source] == ["ape", "zebra", "zebra"]


def test_numbers_are_those_of_the_joined_directory(tmp_path: Path) -> None:
    other = Directory()
    other.add_instrument(Instrument(symbol="ETH-USD", venue="SIM", price_exponent=-2, size_exponent=-4))
    other.add_account("bob", "Bob Ltd")
    other.sources.number("sim")
    one = tape(
        tmp_path / "1.parquet", directory(), EventBatch.of(1, kind=1, ts_event=1, instrument=0, account=0)
    )
    two = tape(
        tmp_path / "2.parquet",
        other,
        EventBatch.of(2, kind=1, ts_event=2, instrument=[0, -1], account=[0, -1]),
    )
    joined = merge_tapes([one, two])
    (batch,) = joined.batches()
    assert batch.instrument.tolist() == [0, 1, -1]
    assert batch.account.tolist() == [0, 1, -1]
    assert [account.owner for account in joined.directory.accounts] == ["Alice Ltd", "Bob Ltd"]


def test_texts_of_ids_reach_the_joined_directory(tmp_path: Path) -> None:
    known = directory()
    order = named_order(known, "a1-b2")
    one = tape(tmp_path / "1.parquet", known, EventBatch.of(1, kind=1, order=order))
    joined = merge_tapes([one, tape(tmp_path / "2.parquet", directory(), events())])
    list(joined.batches())
    assert joined.directory.order_names.text(order) == "a1-b2"


def test_tapes_that_disagree_are_refused(tmp_path: Path) -> None:
    other = directory()
    other.accounts[0] = other.accounts[0].__class__(name="alice", owner="Mallory")
    one = tape(tmp_path / "1.parquet", directory(), events())
    two = tape(tmp_path / "2.parquet", other, events())
    with pytest.raises(InputError, match=r"2\.parquet.*owner Alice Ltd, received Mallory"):
        merge_tapes([one, two])


def test_the_header_sums_up_its_parts(tmp_path: Path) -> None:
    one = tape(tmp_path / "1.parquet", directory(), events(3))
    with write_tape(tmp_path / "2.parquet", directory(), tier=Tier.T1) as writer:
        writer.write(EventBatch.of(1, kind=7, ts_event=5))
    header = merge_tapes([one, read_tape(tmp_path / "2.parquet")]).header
    assert header.tier is Tier.T1
    assert header.counts is not None
    assert header.counts.kinds == {"PLACE": 3, "LEVEL": 1}
    assert header.counts.first_ns == 5
    assert header.provenance.files == one.header.provenance.files


def test_one_tape_alone_is_itself(tmp_path: Path) -> None:
    one = tape(tmp_path / "1.parquet", directory(), events())
    assert merge_tapes([one]) is one
