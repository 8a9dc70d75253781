import os
import threading
from pathlib import Path

import pytest

from tapewarden.domain.errors import JournalError
from tapewarden.journal import Frame, Journal, Origin, list_segments, read_frames
from tests.samples.journals import GatedDisk, QuickDisk

BODY = b"x" * 1000


def test_what_is_appended_is_read_back_unchanged(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal:
        first = journal.append(
            b"\x00\xffany bytes", received_ns=-5, kind=65_535, origin=Origin(7, 3, 2**64 - 1)
        )
        second = journal.append(b"", received_ns=2**63 - 1)
        assert journal.wait(second)
        assert list(journal.read()) == [
            Frame(first, 65_535, -5, Origin(7, 3, 2**64 - 1), b"\x00\xffany bytes"),
            Frame(second, 1, 2**63 - 1, None, b""),
        ]
    assert (first, second) == (1, 2)


def test_groups_are_acknowledged_in_order_and_only_when_they_are_on_the_disk(tmp_path: Path) -> None:
    acknowledged: list[int] = []

    def acknowledge(number: int) -> None:
        acknowledged.append(number)
        assert [frame.number for frame in read_frames(tmp_path, None, number)] == list(range(1, number + 1))

    with Journal(tmp_path, segment_bytes=4096, on_durable=acknowledge) as journal:
        for number in range(1, 101):
            assert journal.append(number.to_bytes(4), received_ns=number) == number
        assert journal.wait(100)
        assert journal.durable == 100
    assert acknowledged == sorted(set(acknowledged))
    assert acknowledged[-1] == 100


def test_what_comes_during_a_sync_is_committed_by_the_next_one(tmp_path: Path) -> None:
    disk = GatedDisk()
    acknowledged: list[int] = []
    with Journal(tmp_path, segment_bytes=65_536, disk=disk, on_durable=acknowledged.append) as journal:
        disk.gate.clear()
        for number in range(50):
            journal.append(b"body", received_ns=number)
        assert journal.durable == 0
        assert not journal.wait(1, timeout=0)
        disk.gate.set()
        assert journal.wait(50)
    assert acknowledged[-1] == 50
    assert len(acknowledged) <= 3


def test_appending_waits_while_too_much_is_pending(tmp_path: Path) -> None:
    disk = GatedDisk()
    pending: list[int] = []
    with Journal(tmp_path, segment_bytes=65_536, pending_bytes=3_500, disk=disk) as journal:

        def produce() -> None:
            for number in range(20):
                journal.append(BODY, received_ns=number)
                pending.append(journal.pending_bytes)

        disk.gate.clear()
        producer = threading.Thread(target=produce)
        producer.start()
        producer.join(timeout=0.2)
        disk.gate.set()
        producer.join()
        assert journal.wait(20)
        assert journal.pending_bytes == 0
    assert max(pending) <= 3_500
    assert [frame.body for frame in read_frames(tmp_path)] == [BODY] * 20


def test_a_body_larger_than_what_may_be_pending_passes_alone(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=65_536, pending_bytes=100) as journal:
        assert journal.append(BODY, received_ns=0) == 1
        assert journal.append(BODY, received_ns=0) == 2


def test_threads_that_append_at_once_get_different_numbers(tmp_path: Path) -> None:
    numbers: list[int] = []
    with Journal(tmp_path, segment_bytes=8192, disk=QuickDisk()) as journal:

        def produce(source: int) -> None:
            numbers.extend(
                journal.append(b"", received_ns=0, origin=Origin(source, 0, n)) for n in range(100)
            )

        threads = [threading.Thread(target=produce, args=(source,)) for source in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    frames = list(read_frames(tmp_path))
    assert sorted(numbers) == [frame.number for frame in frames] == list(range(1, 401))
    for source in range(4):
        own = [frame.origin.sequence for frame in frames if frame.origin and frame.origin.source == source]
        assert own == list(range(100))


def test_the_largest_body_fills_a_segment_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal:
        with pytest.raises(JournalError, match=r"expected at most 3968 bytes a body, received 3969"):
            journal.append(bytes(3969), received_ns=0)
        for _ in range(3):
            journal.append(bytes(3968), received_ns=0)
    assert [segment.first for segment in list_segments(tmp_path)] == [1, 2, 3]
    assert [segment.path.stat().st_size for segment in list_segments(tmp_path)] == [4096] * 3


@pytest.mark.parametrize(
    ("kind", "received_ns", "origin"),
    [
        (0, 0, None),
        (65_536, 0, None),
        (1, 2**63, None),
        (1, 0, Origin(2**32 - 1, 0, 0)),
        (1, 0, Origin(0, 2**32, 0)),
        (1, 0, Origin(0, 0, -1)),
    ],
)
def test_what_a_header_cannot_hold_is_refused_at_once(
    tmp_path: Path, kind: int, received_ns: int, origin: Origin | None
) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal:
        with pytest.raises(ValueError, match=r"received|hold"):
            journal.append(b"", kind=kind, received_ns=received_ns, origin=origin)
        assert journal.append(b"", received_ns=0) == 1


def test_a_segment_must_have_room_for_a_frame(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="segment_bytes"):
        Journal(tmp_path, segment_bytes=64)


def test_a_second_writer_is_refused_and_may_write_once_the_first_is_done(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal:
        with pytest.raises(JournalError, match=f"expected no other writer, received process {os.getpid()}"):
            Journal(tmp_path, segment_bytes=4096)
        journal.append(b"first", received_ns=0)
    with Journal(tmp_path, segment_bytes=4096) as journal:
        assert journal.append(b"second", received_ns=0) == 2


def test_a_closed_journal_takes_nothing_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=4096)
    journal.append(b"kept", received_ns=0)
    journal.close()
    journal.close()
    assert journal.wait(1)
    with pytest.raises(JournalError, match="closed"):
        journal.append(b"", received_ns=0)
    with pytest.raises(JournalError, match="closed"):
        journal.read()


def test_a_number_nobody_has_got_is_not_waited_for(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal, pytest.raises(ValueError, match="below 1"):
        journal.wait(1)


def test_segments_are_filled_with_zeros_before_they_are_used(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=8192):
        (segment,) = list_segments(tmp_path)
        assert segment.path.stat().st_size == 8192
        assert segment.path.read_bytes()[32:] == bytes(8192 - 32)
        assert segment.path.stat().st_blocks * 512 >= 8192


def test_opening_and_closing_leaves_the_bytes_as_they_were(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=4096) as journal:
        journal.append(b"body", received_ns=0)
    (segment,) = list_segments(tmp_path)
    before = segment.path.read_bytes()
    with Journal(tmp_path, segment_bytes=4096):
        pass
    assert segment.path.read_bytes() == before
