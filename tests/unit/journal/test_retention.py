import threading
from pathlib import Path

import pytest

from tapewarden.domain.errors import JournalError
from tapewarden.journal import Journal, list_segments, read_frames
from tapewarden.journal.segment import segment_path, segment_size
from tests.samples.journals import FailingDisk, QuickDisk

COUNT = 12


def filled(folder: Path, disk: QuickDisk | None = None) -> Journal:
    """Two frames a segment, received at 10, 20, ..."""
    journal = Journal(folder, segment_bytes=1024, disk=disk or QuickDisk())
    for number in range(1, COUNT + 1):
        journal.append(bytes(350), received_ns=10 * number)
    journal.wait(COUNT)
    return journal


def firsts(folder: Path) -> list[int]:
    return [segment.first for segment in list_segments(folder)]


def test_the_oldest_go_until_the_rest_is_small_enough(tmp_path: Path) -> None:
    with filled(tmp_path) as journal:
        assert firsts(tmp_path) == [1, 3, 5, 7, 9, 11]
        deleted = journal.delete_oldest(needed=COUNT, most_bytes=3000)
        assert [int(path.stem) for path in deleted] == [1, 3, 5]
        assert sum(path.stat().st_size for path in tmp_path.glob("*.*")) <= 3000
        assert [frame.number for frame in journal.read()] == [7, 8, 9, 10, 11, 12]
        with pytest.raises(JournalError, match="expected a number from 7 on, received 6"):
            list(journal.read(6))


def test_those_go_whose_frames_are_all_older(tmp_path: Path) -> None:
    with filled(tmp_path) as journal:
        assert journal.delete_oldest(needed=COUNT, since_ns=40) != []
        assert firsts(tmp_path)[0] == 3
        journal.delete_oldest(needed=COUNT, since_ns=41)
        assert firsts(tmp_path)[0] == 5


def test_nothing_goes_that_is_still_needed(tmp_path: Path) -> None:
    with filled(tmp_path) as journal:
        journal.delete_oldest(needed=6, most_bytes=0, since_ns=10**6)
        assert firsts(tmp_path) == [5, 7, 9, 11]


def test_the_active_segment_stays(tmp_path: Path) -> None:
    with filled(tmp_path) as journal:
        journal.delete_oldest(needed=10**6, most_bytes=0)
        assert firsts(tmp_path) == [11]
    with Journal(tmp_path, segment_bytes=1024) as journal:
        assert journal.recovery.last == COUNT
        assert journal.append(b"", received_ns=0) == COUNT + 1


def test_nothing_goes_without_a_bound(tmp_path: Path) -> None:
    with filled(tmp_path) as journal:
        assert journal.delete_oldest(needed=10**6) == []
    assert len(list(read_frames(tmp_path))) == COUNT


def test_a_clock_that_ran_backwards_keeps_more_not_less(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=1024, disk=QuickDisk()) as journal:
        for received_ns in (100, 20, 30, 40, 50):
            journal.append(bytes(350), received_ns=received_ns)
        journal.wait(5)
        assert journal.delete_oldest(needed=5, since_ns=45) == []


def test_a_segment_that_cannot_be_deleted_is_named(tmp_path: Path) -> None:
    with filled(tmp_path, FailingDisk("remove")) as journal:
        with pytest.raises(JournalError, match=r"00001\.sealed: Input/output error"):
            journal.delete_oldest(needed=COUNT, most_bytes=0)
        assert firsts(tmp_path)[0] == 1


def test_the_oldest_go_while_segments_are_sealed(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=1024, pending_bytes=2000, disk=QuickDisk()) as journal:

        def produce() -> None:
            for number in range(1, 2001):
                journal.append(bytes(350), received_ns=number)

        writer = threading.Thread(target=produce)
        writer.start()
        while writer.is_alive():
            journal.delete_oldest(needed=10**6, most_bytes=3000)
        writer.join()
        journal.wait(2000)
        journal.delete_oldest(needed=10**6, most_bytes=3000)
        assert firsts(tmp_path) == [1995, 1997, 1999]


def test_a_segment_has_its_size_under_either_name(tmp_path: Path) -> None:
    with filled(tmp_path):
        active = list_segments(tmp_path)[-1]
        before = segment_size(active)
        active.path.rename(segment_path(tmp_path, active.first, sealed=True))
        assert segment_size(active) == before == 1024
        segment_path(tmp_path, active.first, sealed=True).rename(active.path)
